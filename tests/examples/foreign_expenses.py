"""Expenses in another currency than the contract; run by tests/unit/functions/processes/test_foreign_currency.py."""

CHAPTER = "Arithmetic"

TITLE = "Expenses paid in another currency"

RULE = """
A contract in EUR, an expense paid in another currency. Where finance has a rule for expenses, the cost is converted by the
rates of the day on which it was incurred, or of the last publication before it (at most 7 days old): cost / rate of its
currency x rate of the contract's, times the mark-up, rounded once. Without a rule, or without a rate, the expense waits for it
and somebody owns it. Published for 1 EUR: 1.20 USD on 2026-02-27, 1.25 USD on 2026-03-02, 1.10 USD on 2026-03-31.
"""

COLUMNS = {
    "paid": "paid",
    "incurred_on": "incurred on",
    "clause": "clause",
    "rule": "finance's rule",
    "billed": "billed EUR",
    "waits": "waits for",
}


def _row(*cells: str) -> dict[str, str]:
    return dict(zip(COLUMNS, cells, strict=True))


ROWS = (
    _row("80.00 USD", "2026-03-02", "at cost", "yes", "64.00", ""),
    _row("80.00 USD", "2026-03-01", "at cost", "yes", "66.67", ""),
    _row("10.01 USD", "2026-03-02", "cost plus 10 %", "yes", "8.81", ""),
    _row("-80.00 USD", "2026-03-02", "at cost", "yes", "-64.00", ""),
    _row("80.00 EUR", "2026-03-02", "at cost", "no", "80.00", ""),
    _row("80.00 USD", "2026-03-02", "at cost", "no", "", "currency_mismatch"),
    _row("80.00 USD", "2026-02-20", "at cost", "yes", "", "fx_rate_missing"),
    _row("80.00 GBP", "2026-03-02", "at cost", "yes", "", "fx_currency_not_quoted"),
)
