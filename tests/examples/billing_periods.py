"""Which days are billed together, and when; run by tests/unit/shared/usecases/test_billing_periods.py."""

TITLE = "Billing periods"

RULE = """
A contract's schedule cuts the calendar of the legal entity into periods, without gap or overlap; both ends belong to the
period. A period is billed once it has ended: a run through a day bills the newest period that ended on or before it.
A cut-off day that a month does not have is the month's last day. Weeks end on Sunday where the contract names no other
day; a fortnight counts from the week in which the contract starts. Contracts billed on completion or on demand have no
periods.
"""

COLUMNS = ("schedule", "contract_starts", "day", "period_start", "period_end", "billed_by_a_run_through_the_day")


def _row(schedule: str, day: str, start: str, end: str, billed: str, starts: str = "2026-01-01") -> dict[str, str]:
    return dict(zip(COLUMNS, (schedule, starts, day, start, end, billed), strict=True))


ROWS = (
    _row("monthly", "2026-10-31", "2026-10-01", "2026-10-31", "2026-10-31"),
    _row("monthly", "2026-10-30", "2026-10-01", "2026-10-31", "2026-09-30"),
    _row("monthly", "2028-02-29", "2028-02-01", "2028-02-29", "2028-02-29"),
    _row("monthly_25", "2026-10-25", "2026-09-26", "2026-10-25", "2026-10-25"),
    _row("monthly_25", "2026-12-28", "2026-12-26", "2027-01-25", "2026-12-25"),
    _row("monthly_30", "2026-02-28", "2026-01-31", "2026-02-28", "2026-02-28"),
    _row("monthly_30", "2026-03-01", "2026-03-01", "2026-03-30", "2026-02-28"),
    _row("monthly_30", "2026-03-31", "2026-03-31", "2026-04-30", "2026-03-30"),
    _row("semi_monthly", "2026-10-15", "2026-10-01", "2026-10-15", "2026-10-15"),
    _row("semi_monthly", "2026-10-16", "2026-10-16", "2026-10-31", "2026-10-15"),
    _row("semi_monthly_10_25", "2026-10-28", "2026-10-26", "2026-11-10", "2026-10-25"),
    _row("weekly", "2026-10-07", "2026-10-05", "2026-10-11", "2026-10-04"),
    _row("weekly_friday", "2026-10-09", "2026-10-03", "2026-10-09", "2026-10-09"),
    _row("weekly_friday", "2026-12-31", "2026-12-26", "2027-01-01", "2026-12-25"),
    _row("biweekly_friday", "2026-10-14", "2026-10-03", "2026-10-16", "2026-10-02", "2026-10-05"),
    _row("biweekly_friday", "2026-10-17", "2026-10-17", "2026-10-30", "2026-10-16", "2026-10-05"),
    _row("quarterly", "2026-11-10", "2026-10-01", "2026-12-31", "2026-09-30"),
    _row("quarterly", "2027-03-31", "2027-01-01", "2027-03-31", "2027-03-31"),
    _row("on_completion", "2026-10-31", "2026-10-01", "2026-10-31", "when the project is closed"),
    _row("on_demand", "2026-10-31", "2026-10-01", "2026-10-31", "when somebody asks"),
)
