TITLE = "Rounding of time"
CHAPTER = "Rates"
RULE = """
Minutes worked are kept, minutes rounded to the contract line's unit are billed: up, down, or to the nearest (half a unit goes
up). Per entry each is rounded by itself. Per person and day the day's total is rounded; what it lacks is shared over the day's
entries in proportion to their minutes (cut toward zero, left-over minutes to the largest remainders, ties by entry id) and
billed beside them, one line per price. The order in which entries come, and the invoices they fall on, never change the sum.
"""
COLUMNS = {
    "rule": "agreed",
    "entries": "entries of the day (minutes at EUR/h)",
    "billed": "minutes billed",
    "lines": "lines EUR",
    "value": "day EUR",
}
ROWS = [
    {"rule": "15 up per entry", "entries": "50 at 150.00", "billed": "60", "lines": "150.00", "value": "150.00"},
    {"rule": "15 down per entry", "entries": "50 at 150.00", "billed": "45", "lines": "112.50", "value": "112.50"},
    {"rule": "15 nearest per entry", "entries": "50 at 150.00", "billed": "45", "lines": "112.50", "value": "112.50"},
    {"rule": "15 nearest per entry", "entries": "53 at 150.00", "billed": "60", "lines": "150.00", "value": "150.00"},
    {"rule": "6 nearest per entry", "entries": "51 at 100.00", "billed": "54", "lines": "90.00", "value": "90.00"},
    {"rule": "30 up per entry", "entries": "30 at 100.00", "billed": "30", "lines": "50.00", "value": "50.00"},
    {"rule": "1 nearest per entry", "entries": "50 at 150.00", "billed": "50", "lines": "125.00", "value": "125.00"},
    {"rule": "15 down per entry", "entries": "14 at 100.00", "billed": "0", "lines": "0.00", "value": "0.00"},
    {"rule": "15 up per entry", "entries": "25 at 120.00; 20 at 120.00", "billed": "60",
     "lines": "60.00, 60.00", "value": "120.00"},
    {"rule": "15 up per person and day", "entries": "25 at 120.00; 20 at 120.00", "billed": "45",
     "lines": "50.00, 40.00", "value": "90.00"},
    {"rule": "15 up per person and day", "entries": "25 at 120.00; 20 at 120.00; 10 at 120.00", "billed": "60",
     "lines": "50.00, 40.00, 20.00, 10.00", "value": "120.00"},
    {"rule": "30 up per person and day", "entries": "40 at 100.00; 35 at 160.00", "billed": "90",
     "lines": "66.67, 93.33, 13.33, 18.67", "value": "192.00"},
    {"rule": "30 down per person and day", "entries": "40 at 120.00; 35 at 120.00", "billed": "60",
     "lines": "80.00, 70.00, -30.00", "value": "120.00"},
    {"rule": "60 nearest per person and day", "entries": "20 at 100.00; 20 at 100.00; 20 at 100.00", "billed": "60",
     "lines": "33.33, 33.33, 33.33", "value": "99.99"},
]  # fmt: skip
