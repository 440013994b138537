"""Credit and rebill: what the customer pays in the end is the difference, to the cent."""

CHAPTER = "Credit memos"
TITLE = "Credit and rebill, and concessions"

RULE = """
Work on a posted invoice that was priced or counted wrong is credited and billed again: the memo takes the line back, and
the work is open for the next invoice, at its old value or at a new price or quantity. What the customer pays in all is
then what the work is worth now. A concession gives the credited amount up instead: it is written off, always approved by
somebody other than who asked, and never billed again. Beside each row stands what became of the approved value:
invoiced less credited plus written off plus open is what is approved.
"""

COLUMNS = (
    "line",
    "request",
    "memo_net",
    "rebilled_net",
    "customer_pays",
    "approved",
    "invoiced",
    "credited",
    "written_off",
    "open",
)

_LINE = {"line": "120 minutes at 150.00 = 300.00"}

ROWS = (
    {
        **_LINE,
        "request": "rebill",
        "memo_net": "300.00",
        "rebilled_net": "300.00",
        "customer_pays": "300.00",
        "approved": "300.00",
        "invoiced": "600.00",
        "credited": "300.00",
        "written_off": "0.00",
        "open": "0.00",
    },
    {
        **_LINE,
        "request": "rebill at price 140.00",
        "memo_net": "300.00",
        "rebilled_net": "280.00",
        "customer_pays": "280.00",
        "approved": "280.00",
        "invoiced": "580.00",
        "credited": "300.00",
        "written_off": "0.00",
        "open": "0.00",
    },
    {
        **_LINE,
        "request": "rebill at price 160.00",
        "memo_net": "300.00",
        "rebilled_net": "320.00",
        "customer_pays": "320.00",
        "approved": "320.00",
        "invoiced": "620.00",
        "credited": "300.00",
        "written_off": "0.00",
        "open": "0.00",
    },
    {
        **_LINE,
        "request": "rebill with quantity 100",
        "memo_net": "300.00",
        "rebilled_net": "250.00",
        "customer_pays": "250.00",
        "approved": "250.00",
        "invoiced": "550.00",
        "credited": "300.00",
        "written_off": "0.00",
        "open": "0.00",
    },
    {
        **_LINE,
        "request": "rebill 50.00 of it",
        "memo_net": "50.00",
        "rebilled_net": "50.00",
        "customer_pays": "300.00",
        "approved": "300.00",
        "invoiced": "350.00",
        "credited": "50.00",
        "written_off": "0.00",
        "open": "0.00",
    },
    {
        **_LINE,
        "request": "concession 50.00 of it",
        "memo_net": "50.00",
        "rebilled_net": "0.00",
        "customer_pays": "250.00",
        "approved": "300.00",
        "invoiced": "300.00",
        "credited": "50.00",
        "written_off": "50.00",
        "open": "0.00",
    },
    {
        **_LINE,
        "request": "concession",
        "memo_net": "300.00",
        "rebilled_net": "0.00",
        "customer_pays": "0.00",
        "approved": "300.00",
        "invoiced": "300.00",
        "credited": "300.00",
        "written_off": "300.00",
        "open": "0.00",
    },
)
