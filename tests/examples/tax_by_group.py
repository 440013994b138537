"""Tax by category and rate, not by line."""

CHAPTER = "Arithmetic"
TITLE = "Tax by group, not by line"
RULE = """
Lines of the same category and rate are one group, whatever zeros the rate is written with. Tax is reckoned once, from the
group's summed base, and rounded once. Reckoned by line and then summed it can differ by a cent or more: the last column
shows what that would give. An ERP that taxes by line is read back, and a difference becomes an exception.
"""
COLUMNS = {
    "lines": "line nets with category and rate",
    "groups": "groups: base and tax",
    "tax": "tax",
    "by_line": "tax if by line",
}
ROWS = [
    {
        "lines": "33.33 S 19; 33.33 S 19; 33.33 S 19",
        "groups": "S 19: 99.99, 19.00",
        "tax": "19.00",
        "by_line": "18.99",
    },
    {
        "lines": "0.10 S 25; 0.10 S 25",
        "groups": "S 25: 0.20, 0.05",
        "tax": "0.05",
        "by_line": "0.06",
    },
    {
        "lines": "0.02 S 19; 0.02 S 19; 0.02 S 19",
        "groups": "S 19: 0.06, 0.01",
        "tax": "0.01",
        "by_line": "0.00",
    },
    {
        "lines": "100.00 S 19; 100.00 S 19.00; 50.00 S 7",
        "groups": "S 7: 50.00, 3.50; S 19: 200.00, 38.00",
        "tax": "41.50",
        "by_line": "41.50",
    },
    {
        "lines": "100.00 AE 0; 50.00 S 19",
        "groups": "AE 0: 100.00, 0.00; S 19: 50.00, 9.50",
        "tax": "9.50",
        "by_line": "9.50",
    },
    {
        "lines": "10.50 S 19; -10.00 S 19",
        "groups": "S 19: 0.50, 0.10",
        "tax": "0.10",
        "by_line": "0.10",
    },
    {
        "lines": "-33.33 S 19; -33.33 S 19; -33.33 S 19",
        "groups": "S 19: -99.99, -19.00",
        "tax": "-19.00",
        "by_line": "-18.99",
    },
]
