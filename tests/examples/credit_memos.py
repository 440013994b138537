"""Credit memos of one invoice, one after the other: what each takes back, and that all of them together are the invoice."""

CHAPTER = "Credit memos"
TITLE = "Credit memos: in full, in part, by line"

RULE = """
A credit takes back all that is left of an invoice or of some of its lines, or an amount net of tax, or a percentage of
what was invoiced. A part of several lines is spread over what is left of them in proportion, to the cent. The tax is the
invoice's own decision: base times rate, rounded, but the credit that takes the last of a base takes what is left of its
tax, so that the credits of an invoice, in any number of parts, are its net, tax and gross to the cent. Nothing is credited
above what is left, and nothing before the invoice is posted. Each row below is one request after the ones above it on the
same invoice; "lines" are the invoiced lines, "asked" is line, amount, percent, or the rest.
"""

COLUMNS = ("invoice", "lines", "tax", "asked", "credited", "net", "memo_tax", "gross", "refused")

_THREE = {"invoice": "A", "lines": "1: 33.33, 2: 33.33, 3: 33.33", "tax": "S 19"}
_MIXED = {"invoice": "B", "lines": "1: 2000.00, 2: 1033.13, 3: -150.00", "tax": "S 19"}
_PERCENT = {"invoice": "C", "lines": "1: 1000.00, 2: 500.00", "tax": "AE 0"}
_YEN = {"invoice": "D", "lines": "1: 10001 JPY", "tax": "S 10"}

ROWS = (
    {**_THREE, "asked": "line 1", "credited": "1: 33.33", "net": "33.33", "memo_tax": "6.33", "gross": "39.66"},
    {**_THREE, "asked": "line 2", "credited": "2: 33.33", "net": "33.33", "memo_tax": "6.33", "gross": "39.66"},
    {**_THREE, "asked": "line 2", "refused": "credited_in_full"},
    {**_THREE, "asked": "the rest", "credited": "3: 33.33", "net": "33.33", "memo_tax": "6.34", "gross": "39.67"},
    {**_THREE, "asked": "the rest", "refused": "credited_in_full"},
    {
        **_MIXED,
        "asked": "100.00",
        "credited": "1: 65.94, 2: 34.06",
        "net": "100.00",
        "memo_tax": "19.00",
        "gross": "119.00",
    },
    {**_MIXED, "asked": "line 1, 2000.00", "refused": "credit_exceeds_line"},
    {**_MIXED, "asked": "2783.14", "refused": "credit_exceeds_line"},
    {**_MIXED, "asked": "-1.00", "refused": "credit_not_positive"},
    {**_MIXED, "asked": "line 3", "refused": "credit_not_positive"},
    {
        **_MIXED,
        "asked": "the rest",
        "credited": "1: 1934.06, 2: 999.07, 3: -150.00",
        "net": "2783.13",
        "memo_tax": "528.79",
        "gross": "3311.92",
    },
    {
        **_PERCENT,
        "asked": "10 %",
        "credited": "1: 100.00, 2: 50.00",
        "net": "150.00",
        "memo_tax": "0.00",
        "gross": "150.00",
    },
    {
        **_PERCENT,
        "asked": "line 2, 50 %",
        "credited": "2: 250.00",
        "net": "250.00",
        "memo_tax": "0.00",
        "gross": "250.00",
    },
    {**_PERCENT, "asked": "100 %", "refused": "credit_exceeds_line"},
    {**_YEN, "asked": "50 %", "credited": "1: 5001", "net": "5001", "memo_tax": "500", "gross": "5501"},
    {**_YEN, "asked": "the rest", "credited": "1: 5000", "net": "5000", "memo_tax": "500", "gross": "5500"},
)
