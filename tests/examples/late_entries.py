"""What happens to work that comes late; run by tests/unit/shared/usecases/test_late_work.py."""

TITLE = "Late entries"

RULE = """
Work done before the period that an invoice bills is late. It is billed with that invoice, keeps its own day of work and is
marked late on its line. Where the policies set a number of days, work older than so many days before the period waits until
somebody agrees. Instalments and milestones have dates of their own and are never late; contracts billed on completion or on
demand know no late work.
"""

COLUMNS = ("schedule", "period_end", "days_of_the_policy", "worked_on", "late", "billed")

ROWS = tuple(
    dict(zip(COLUMNS, row, strict=True))
    for row in (
        ("monthly", "2026-10-31", "90", "2026-10-01", "no", "yes"),
        ("monthly", "2026-10-31", "90", "2026-09-30", "yes", "yes"),
        ("monthly", "2026-10-31", "90", "2026-07-03", "yes", "yes"),
        ("monthly", "2026-10-31", "90", "2026-07-02", "yes", "when agreed"),
        ("monthly", "2026-10-31", "0", "2026-09-30", "yes", "when agreed"),
        ("monthly", "2026-10-31", "none", "2024-01-01", "yes", "yes"),
        ("weekly_friday", "2026-10-09", "14", "2026-10-02", "yes", "yes"),
        ("weekly_friday", "2026-10-09", "14", "2026-09-18", "yes", "when agreed"),
        ("on_demand", "2026-10-31", "14", "2026-01-15", "no", "yes"),
    )
)
