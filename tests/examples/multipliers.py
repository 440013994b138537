TITLE = "Multipliers"
CHAPTER = "Rates"
RULE = """
Overtime, weekend and travel multiply the rate per hour by the factor agreed on the contract line. One factor at most: travel
if the entry says so, else overtime if the entry says so, else weekend by the weekday of the worker's local date. What the
entry says goes before its day, also where the factor agreed for it is 1. The price is not rounded, only the value:
minutes / 60 x rate x factor, half a cent away from zero. Weekend is Saturday and Sunday unless the contract names other days.
"""
COLUMNS = {
    "agreed": "factors agreed",
    "rate": "rate EUR/h",
    "day": "worker's date",
    "kind": "entry says",
    "minutes": "minutes",
    "clause": "factor by",
    "price": "price EUR/h",
    "value": "value EUR",
}
AGREED = "overtime 1.5, weekend 2, travel 0.5"
ROWS = [
    {"agreed": AGREED, "rate": "150.00", "day": "2026-10-05", "kind": "", "minutes": "60",
     "clause": "", "price": "150.00", "value": "150.00"},
    {"agreed": AGREED, "rate": "150.00", "day": "2026-10-05", "kind": "overtime", "minutes": "60",
     "clause": "overtime", "price": "225.00", "value": "225.00"},
    {"agreed": AGREED, "rate": "150.00", "day": "2026-10-10", "kind": "", "minutes": "60",
     "clause": "weekend", "price": "300.00", "value": "300.00"},
    {"agreed": AGREED, "rate": "150.00", "day": "2026-10-11", "kind": "", "minutes": "60",
     "clause": "weekend", "price": "300.00", "value": "300.00"},
    {"agreed": AGREED, "rate": "150.00", "day": "2026-10-10", "kind": "overtime", "minutes": "60",
     "clause": "overtime", "price": "225.00", "value": "225.00"},
    {"agreed": AGREED, "rate": "150.00", "day": "2026-10-11", "kind": "travel", "minutes": "60",
     "clause": "travel", "price": "75.00", "value": "75.00"},
    {"agreed": "weekend 2", "rate": "150.00", "day": "2026-10-11", "kind": "travel", "minutes": "60",
     "clause": "", "price": "150.00", "value": "150.00"},
    {"agreed": "overtime 1.25", "rate": "142.50", "day": "2026-10-05", "kind": "overtime", "minutes": "50",
     "clause": "overtime", "price": "178.125", "value": "148.44"},
    {"agreed": "overtime 1.333", "rate": "99.99", "day": "2026-10-05", "kind": "overtime", "minutes": "7",
     "clause": "overtime", "price": "133.28667", "value": "15.55"},
    {"agreed": "travel 0", "rate": "150.00", "day": "2026-10-05", "kind": "travel", "minutes": "60",
     "clause": "travel", "price": "0", "value": "0.00"},
    {"agreed": "weekend 1.5 on Friday and Saturday", "rate": "100.00", "day": "2026-10-09", "kind": "", "minutes": "30",
     "clause": "weekend", "price": "150.00", "value": "75.00"},
    {"agreed": "weekend 1.5 on Friday and Saturday", "rate": "100.00", "day": "2026-10-11", "kind": "", "minutes": "30",
     "clause": "", "price": "100.00", "value": "50.00"},
    {"agreed": "", "rate": "150.00", "day": "2026-10-11", "kind": "overtime", "minutes": "60",
     "clause": "", "price": "150.00", "value": "150.00"},
]  # fmt: skip
