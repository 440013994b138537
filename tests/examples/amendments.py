"""A late or early amendment of the price; run by tests/unit/functions/operations/test_amendment_examples.py."""

TITLE = "Amended prices: open work, billed work, later work"

CHAPTER = "Amendments"

RULE = """
An amendment governs work from its effective date on, whenever it was recorded. Work that is still open on that date or later
is valued anew at the signed price. Work that an invoice already has is never rewritten: the plan credits what was billed and
bills the signed price, and credit plus rebill is the difference. Work before the effective date keeps its price. The card's
price in every row is 150.00 USD per hour; the value is minutes / 60 x price, rounded half away from zero to the cent.
"""

COLUMNS = {
    "worked_on": "day of work",
    "minutes": "minutes",
    "state": "when the amendment is recorded the work is",
    "effective_on": "amendment effective on",
    "signed_price": "signed price per hour",
    "value_before": "value before",
    "value_after": "open value after",
    "credit": "plan: credit",
    "rebill": "plan: rebill",
    "difference": "difference",
}


def _row(*cells: str) -> dict[str, str]:
    return dict(zip(COLUMNS, cells, strict=True))


ROWS = (
    _row("2026-03-10", "60", "open", "2026-03-10", "180.00", "150.00", "180.00", "0.00", "0.00", "0.00"),
    _row("2026-03-09", "60", "open", "2026-03-10", "180.00", "150.00", "150.00", "0.00", "0.00", "0.00"),
    _row("2026-03-12", "50", "open", "2026-03-10", "165.50", "125.00", "137.92", "0.00", "0.00", "0.00"),
    _row("2026-03-12", "60", "billed", "2026-03-10", "180.00", "150.00", "0.00", "150.00", "180.00", "30.00"),
    _row("2026-03-12", "60", "billed", "2026-03-10", "120.00", "150.00", "0.00", "150.00", "120.00", "-30.00"),
    _row("2026-03-09", "60", "billed", "2026-03-10", "180.00", "150.00", "0.00", "0.00", "0.00", "0.00"),
    _row("2026-03-12", "50", "billed", "2026-03-10", "165.50", "125.00", "0.00", "125.00", "137.92", "12.92"),
    _row("2026-03-12", "60", "recorded later", "2026-03-10", "180.00", "0.00", "180.00", "0.00", "0.00", "0.00"),
    _row("2026-03-12", "60", "open", "2026-04-01", "180.00", "150.00", "150.00", "0.00", "0.00", "0.00"),
)
