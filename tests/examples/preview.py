"""What a run through 31 March would bill, and why not; run by tests/unit/functions/experience/test_preview_examples.py."""

TITLE = "What a run bills, and why something stays"

CHAPTER = "Amendments"

RULE = """
A run through a day bills approved work of that day or earlier; instalments that are due; milestones that are completed and
accepted. Everything else stays open or is not due, and says why. Each row is one thing on a contract of its own; the run is
through 2026-03-31. An hour of a consultant costs 150.00 USD; an instalment is 500.00, the milestone 2,500.00; a US customer of
a US entity pays no tax.
"""

COLUMNS = {
    "what": "what",
    "day": "day",
    "state": "and",
    "billed_net": "billed net",
    "billed_gross": "billed gross",
    "reason": "why it stays",
}


def _row(*cells: str) -> dict[str, str]:
    return dict(zip(COLUMNS, cells, strict=True))


ROWS = (
    _row("hour", "2026-03-02", "approved", "150.00", "150.00", ""),
    _row("hour", "2026-03-31", "approved", "150.00", "150.00", ""),
    _row("hour", "2026-04-01", "approved", "", "", "later_period"),
    _row("hour", "2026-03-02", "project on hold", "", "", "billing_hold"),
    _row("hour", "2026-03-02", "contract without its number", "", "", "missing_contract_reference"),
    _row("hour", "2026-03-20", "line ended on 2026-03-09", "", "", "line_ended"),
    _row("hour", "2026-03-09", "line ended on 2026-03-09", "150.00", "150.00", ""),
    _row("expense", "2026-03-02", "approved", "80.00", "80.00", ""),
    _row("instalment", "2026-03-31", "due", "500.00", "500.00", ""),
    _row("instalment", "2026-04-30", "not due", "", "", "later_period"),
    _row("milestone", "2026-03-10", "accepted", "2500.00", "2500.00", ""),
    _row("milestone", "2026-03-10", "not accepted", "", "", "not_completed_or_not_approved"),
)
