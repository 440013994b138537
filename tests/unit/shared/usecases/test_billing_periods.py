from datetime import UTC, date, datetime

import pytest

from shared.usecases.billing_periods import due, local_date, period_of, periods_between
from shared.usecases.parse_schedule import parse_schedule
from tests.examples.billing_periods import ROWS

NOON = datetime(2026, 10, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['schedule']} {row['day']}")
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    schedule = parse_schedule(row["schedule"], starts_on=date.fromisoformat(row["contract_starts"]))
    day = date.fromisoformat(row["day"])
    period = period_of(schedule, day)
    assert (str(period.start), str(period.end)) == (row["period_start"], row["period_end"])
    billed = due(schedule, day)
    if row["billed_by_a_run_through_the_day"].startswith("when"):
        assert billed is None
    else:
        assert billed and str(billed.end) == row["billed_by_a_run_through_the_day"]


def test_a_period_that_ended_by_then_already_is_not_due_again() -> None:
    monthly = parse_schedule("monthly")
    october = due(monthly, date(2026, 11, 5), since=date(2026, 10, 30))
    assert october and october.end == date(2026, 10, 31)
    assert due(monthly, date(2026, 11, 5), since=date(2026, 10, 31)) is None


def test_periods_between_two_days_are_whole() -> None:
    found = periods_between(parse_schedule("semi_monthly"), date(2026, 10, 10), date(2026, 11, 1))
    assert [(period.start.day, period.end.day) for period in found] == [(1, 15), (16, 31), (1, 15)]
    assert periods_between(parse_schedule("monthly"), date(2026, 11, 2), date(2026, 11, 1)) == ()


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Pacific/Auckland", "2026-10-30T11:00:00+00:00", date(2026, 10, 31)),  # summer time, 13 hours ahead
        ("Pacific/Auckland", "2026-06-29T11:59:59+00:00", date(2026, 6, 29)),  # winter, 12 hours ahead
        ("Pacific/Auckland", "2026-06-29T12:00:00+00:00", date(2026, 6, 30)),
        ("Pacific/Pago_Pago", "2026-11-01T10:59:59+00:00", date(2026, 10, 31)),  # 11 hours behind
        ("Pacific/Kiritimati", "2026-10-30T10:00:00+00:00", date(2026, 10, 31)),  # 14 hours ahead
        ("Pacific/Apia", "2011-12-30T09:59:59+00:00", date(2011, 12, 29)),  # 10 hours behind, until ...
        ("Pacific/Apia", "2011-12-30T10:00:00+00:00", date(2011, 12, 31)),  # ... there was no 30 December in Samoa
        ("America/New_York", "2026-11-01T03:59:59+00:00", date(2026, 10, 31)),  # the night the clocks go back
        ("America/New_York", "2026-11-01T04:00:00+00:00", date(2026, 11, 1)),
        ("Europe/Berlin", "2026-03-28T23:00:00+00:00", date(2026, 3, 29)),  # the day of 23 hours
        ("Europe/Berlin", "2026-03-29T22:00:00+00:00", date(2026, 3, 30)),
    ],
)
def test_today_is_the_legal_entitys_day(zone: str, at: str, day: date) -> None:
    assert local_date(datetime.fromisoformat(at), zone) == day


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        local_date(NOON.replace(tzinfo=None), "Europe/Berlin")
