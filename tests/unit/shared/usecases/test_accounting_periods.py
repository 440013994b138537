from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.accounting import AccountingCalendar
from shared.faults import BusinessException
from shared.usecases.accounting_periods import close_month, first_open_day, is_open, open_month
from tests.examples.closed_periods import ROWS

AT = datetime(2026, 11, 5, 8, tzinfo=UTC)
LATER = date(2030, 1, 1)


def closed(*months: str) -> AccountingCalendar:
    calendar = AccountingCalendar("DE01")
    for month in months:
        calendar = close_month(calendar, month, by="Grace", at=AT, today=LATER)
    return calendar


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['closed_months']} {row['today']}")
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    calendar = closed(*(month.strip() for month in row["closed_months"].split(",") if month))
    wanted = max(date.fromisoformat(row["period_end"]), date.fromisoformat(row["today"]))
    assert str(first_open_day(calendar, wanted)) == row["invoice_dated"]


def test_a_month_is_closed_once_and_opened_again_and_all_is_kept() -> None:
    calendar = closed("2026-10", "2026-10")
    assert calendar.closed == ("2026-10",) and len(calendar.changes) == 1
    again = open_month(calendar, "2026-10", by="Ann", at=AT)
    assert again.closed == () and [change.by for change in again.changes] == ["Grace", "Ann"]
    assert open_month(again, "2026-10", by="Ann", at=AT) == again


def test_a_month_that_is_not_over_is_not_closed() -> None:
    with pytest.raises(BusinessException, match="period_not_over"):
        close_month(AccountingCalendar("DE01"), "2026-10", by="Grace", at=AT, today=date(2026, 10, 31))
    assert close_month(AccountingCalendar("DE01"), "2026-10", by="G", at=AT, today=date(2026, 11, 1)).closed


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "October", "2026-10-01", ""])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(BusinessException, match="period_unreadable"):
        open_month(AccountingCalendar("DE01"), month, by="Grace", at=AT)


@given(st.sets(st.integers(1, 12)), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_no_invoice_is_ever_dated_into_a_closed_month(months: set[int], day: date) -> None:
    calendar = closed(*(f"2026-{month:02}" for month in months))
    found = first_open_day(calendar, day)
    assert is_open(calendar, found) and found >= day
    assert found == day or found.day == 1
