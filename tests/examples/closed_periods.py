"""On which day an invoice is dated; run by tests/unit/shared/usecases/test_accounting_periods.py."""

TITLE = "Closed periods"

RULE = """
An invoice is dated today in the calendar of the legal entity, but not before the period it bills has ended, and never in a
month that finance closed: then on the first day of the next open month. The work keeps its own days.
"""

COLUMNS = ("closed_months", "period_end", "today", "invoice_dated")

ROWS = tuple(
    dict(zip(COLUMNS, row, strict=True))
    for row in (
        ("", "2026-10-31", "2026-11-03", "2026-11-03"),
        ("", "2026-10-31", "2026-10-28", "2026-10-31"),
        ("2026-09", "2026-10-31", "2026-10-31", "2026-10-31"),
        ("2026-10", "2026-10-31", "2026-10-31", "2026-11-01"),
        ("2026-10, 2026-11", "2026-10-31", "2026-11-03", "2026-12-01"),
        ("2026-11, 2026-12", "2026-10-31", "2026-11-30", "2027-01-01"),
        ("2026-10, 2026-12", "2026-10-31", "2026-10-31", "2026-11-01"),
    )
)
