"""Allowances and charges of the whole document."""

CHAPTER = "Arithmetic"
TITLE = "Allowances and charges of the document"
RULE = """
An allowance or a charge of the whole document says under which category and rate it stands, and moves that group's base:
tax falls with a discount and rises with a charge. A discount over several rates is therefore given as one amount per
rate. Amounts are in cents; finer ones are refused, because their sums could not agree.
"""
COLUMNS = {
    "lines": "line nets",
    "allowances": "allowances",
    "charges": "charges",
    "groups": "groups: base and tax",
    "net": "net",
    "tax": "tax",
}
ROWS = [
    {
        "lines": "1000.00 S 19; 500.00 S 7",
        "allowances": "100.00 S 19; 50.00 S 7",
        "charges": "",
        "groups": "S 7: 450.00, 31.50; S 19: 900.00, 171.00",
        "net": "1350.00",
        "tax": "202.50",
    },
    {
        "lines": "100.00 S 19",
        "allowances": "",
        "charges": "25.00 S 19",
        "groups": "S 19: 125.00, 23.75",
        "net": "125.00",
        "tax": "23.75",
    },
    {
        "lines": "800.00 AE 0",
        "allowances": "80.00 AE 0",
        "charges": "",
        "groups": "AE 0: 720.00, 0.00",
        "net": "720.00",
        "tax": "0.00",
    },
    {
        "lines": "100.00 S 19",
        "allowances": "10.00 S 7",
        "charges": "",
        "groups": "S 7: -10.00, -0.70; S 19: 100.00, 19.00",
        "net": "90.00",
        "tax": "18.30",
    },
    {
        "lines": "1250.00 S 25",
        "allowances": "125.00 S 25",
        "charges": "30.00 S 25",
        "groups": "S 25: 1155.00, 288.75",
        "net": "1155.00",
        "tax": "288.75",
    },
]
