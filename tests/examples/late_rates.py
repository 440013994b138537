TITLE = "A rate that changes later"
CHAPTER = "Rates"
RULE = """
When a rate card changes for days that were worked, open work is priced anew: the old item is taken back and a new one made.
Work on an invoice stays as billed: a plan says per invoice line what would be credited and what billed instead, for finance to
review. Quantity, multiplier and rounding stay. A day that the change does not touch, or a price that is the same, gives
nothing; so does a card that has no rate for the day any more: the work keeps its rate, and somebody is told.
"""
COLUMNS = {
    "before": "card before",
    "now": "card now",
    "work": "the work",
    "state": "state",
    "billed": "valued at EUR",
    "credit": "credit EUR",
    "rebill": "new EUR",
    "difference": "difference EUR",
}
ROWS = [
    {"before": "150.00", "now": "160.00", "work": "60 min on 2026-10-05", "state": "open",
     "billed": "150.00", "credit": "150.00", "rebill": "160.00", "difference": "10.00"},
    {"before": "150.00", "now": "160.00", "work": "60 min on 2026-10-05", "state": "billed",
     "billed": "150.00", "credit": "150.00", "rebill": "160.00", "difference": "10.00"},
    {"before": "150.00", "now": "140.00", "work": "90 min on 2026-10-05", "state": "billed",
     "billed": "225.00", "credit": "225.00", "rebill": "210.00", "difference": "-15.00"},
    {"before": "150.00", "now": "150.00 to 2026-10-05, then 160.00", "work": "60 min on 2026-10-04", "state": "billed",
     "billed": "150.00", "credit": "", "rebill": "", "difference": ""},
    {"before": "150.00", "now": "150.00 to 2026-10-05, then 160.00", "work": "60 min on 2026-10-05", "state": "billed",
     "billed": "150.00", "credit": "150.00", "rebill": "160.00", "difference": "10.00"},
    {"before": "150.00", "now": "142.50", "work": "50 min on 2026-10-10, weekend 2", "state": "open",
     "billed": "250.00", "credit": "250.00", "rebill": "237.50", "difference": "-12.50"},
    {"before": "150.00", "now": "142.50", "work": "50 min on 2026-10-05, 15 up per entry", "state": "billed",
     "billed": "150.00", "credit": "150.00", "rebill": "142.50", "difference": "-7.50"},
    {"before": "150.00", "now": "150.00", "work": "60 min on 2026-10-05", "state": "open",
     "billed": "150.00", "credit": "", "rebill": "", "difference": ""},
    {"before": "150.00", "now": "none", "work": "60 min on 2026-10-05", "state": "billed",
     "billed": "150.00", "credit": "", "rebill": "", "difference": ""},
    {"before": "150.00", "now": "none", "work": "60 min on 2026-10-05", "state": "open",
     "billed": "150.00", "credit": "rate_missing", "rebill": "", "difference": ""},
]  # fmt: skip
