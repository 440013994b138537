"""Write-offs: what is given up, what stays to be billed, and what a correction makes of it."""

CHAPTER = "Holds and write-offs"
TITLE = "Write-offs and write-downs"
RULE = """
Open work can be given up as a whole, by a percentage of each item, or by an amount shared out in proportion to what
each item is still worth; shares sum to the amount to the cent. The work keeps its rate-card value: an invoice shows it
at that value with the write-down as a line of its own. If the work is corrected afterwards, what was given up stays given
up, but never more than the work is now worth; more work than before is billed, withdrawn work gives nothing up. At every
moment the approved value is what is open, plus what is written off. Realization is what is left of the rate-card value.
"""
COLUMNS = {
    "work": "approved work",
    "given_up": "given up",
    "corrected": "corrected afterwards to",
    "approved": "approved value",
    "open": "open",
    "written_off": "written off",
    "why": "why",
}
ROWS = [
    {
        "work": "150.00",
        "given_up": "all",
        "corrected": "",
        "approved": "150.00",
        "open": "0.00",
        "written_off": "150.00",
        "why": "the item as a whole; realization 0 %",
    },
    {
        "work": "150.00, 300.00",
        "given_up": "10 %",
        "corrected": "",
        "approved": "450.00",
        "open": "405.00",
        "written_off": "45.00",
        "why": "15.00 and 30.00; realization 90 %",
    },
    {
        "work": "150.00, 150.00, 150.00",
        "given_up": "100.00",
        "corrected": "",
        "approved": "450.00",
        "open": "350.00",
        "written_off": "100.00",
        "why": "33.34, 33.33, 33.33",
    },
    {
        "work": "37.50",
        "given_up": "33 %",
        "corrected": "",
        "approved": "37.50",
        "open": "25.12",
        "written_off": "12.38",
        "why": "12.375 is rounded half away from zero",
    },
    {
        "work": "150.00",
        "given_up": "20 %",
        "corrected": "75.00",
        "approved": "75.00",
        "open": "45.00",
        "written_off": "30.00",
        "why": "the 30.00 given up stay given up",
    },
    {
        "work": "150.00",
        "given_up": "20 %",
        "corrected": "15.00",
        "approved": "15.00",
        "open": "0.00",
        "written_off": "15.00",
        "why": "only 15.00 of work is left to give up",
    },
    {
        "work": "150.00",
        "given_up": "all",
        "corrected": "225.00",
        "approved": "225.00",
        "open": "75.00",
        "written_off": "150.00",
        "why": "nobody decided about the 75.00 more: they are billed",
    },
    {
        "work": "150.00",
        "given_up": "all",
        "corrected": "0.00",
        "approved": "0.00",
        "open": "0.00",
        "written_off": "0.00",
        "why": "withdrawn: no work, nothing given up, nobody credited",
    },
]
