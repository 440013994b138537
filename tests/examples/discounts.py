"""Worked examples: discounts."""

CHAPTER = "Contract lines"
TITLE = "Discounts"
RULE = (
    "A discount is a percent of the value of work, taken off after the cap and before a retainer or deposit pays. It never "
    "touches expenses, retainer fees or deposits. It is a negative line of its own per period of work, taxed like the work."
)
COLUMNS = ("case", "percent", "work", "expenses", "discount", "net")
ROWS = (
    {"case": "ten percent", "percent": "10", "work": "1000.00", "expenses": "", "discount": "-100.00", "net": "900.00"},
    {
        "case": "not on expenses",
        "percent": "10",
        "work": "1000.00",
        "expenses": "250.00",
        "discount": "-100.00",
        "net": "1150.00",
    },
    {
        "case": "half a cent, away from zero",
        "percent": "2.5",
        "work": "50.20",
        "expenses": "",
        "discount": "-1.26",
        "net": "48.94",
    },
    {
        "case": "of the sum, not of each item",
        "percent": "5",
        "work": "33.33; 33.33; 33.33",
        "expenses": "",
        "discount": "-5.00",
        "net": "94.99",
    },
    {
        "case": "everything",
        "percent": "100",
        "work": "80.00",
        "expenses": "12.00",
        "discount": "-80.00",
        "net": "12.00",
    },
    {
        "case": "a correction beside new work",
        "percent": "10",
        "work": "-450.00; 700.00",
        "expenses": "",
        "discount": "-25.00",
        "net": "225.00",
    },
)
