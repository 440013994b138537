"""Whatever the schedule, its periods tile the calendar; whatever the zone, every instant has one day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.billing_schedule import BillingSchedule
from shared.usecases.billing_periods import due, local_date, period_of, periods_between
from shared.usecases.parse_schedule import WEEKDAYS, parse_schedule

DAY = timedelta(days=1)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
INSTANTS = st.integers(631_152_000, 2_840_140_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
"""From 1990 to 2060."""
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)


@st.composite
def schedules(draw: st.DrawFn) -> BillingSchedule:
    first = draw(st.integers(1, 27))
    words = draw(
        st.sampled_from(("monthly", "quarterly", "weekly", "semi_monthly"))
        | st.integers(1, 31).map("monthly_{}".format)
        | st.integers(first + 1, 31).map(f"semi_monthly_{first}_{{}}".format)
        | st.sampled_from(WEEKDAYS).map("weekly_{}".format)
        | st.sampled_from(WEEKDAYS).map("biweekly_{}".format)
    )
    return parse_schedule(words, starts_on=draw(DAYS))


@given(schedules(), DAYS)
def test_a_day_lies_in_one_period_and_every_day_of_it_says_so(schedule: BillingSchedule, day: date) -> None:
    period = period_of(schedule, day)
    assert day in period
    assert period_of(schedule, period.start) == period_of(schedule, period.end) == period


@given(schedules(), DAYS, st.integers(0, 500))
def test_periods_have_no_gap_and_no_overlap(schedule: BillingSchedule, first: date, days: int) -> None:
    found = periods_between(schedule, first, first + days * DAY)
    assert first in found[0] and first + days * DAY in found[-1]
    assert all(later.start - earlier.end == DAY for earlier, later in zip(found, found[1:], strict=False))


@given(schedules(), DAYS)
def test_what_is_due_has_ended_and_the_next_period_has_not(schedule: BillingSchedule, through: date) -> None:
    period = due(schedule, through)
    assert period is not None and period.end <= through
    assert period_of(schedule, period.end + DAY).end > through


@given(schedules(), DAYS, st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_runs_on_any_days_bill_every_period_once(schedule: BillingSchedule, first: date, gaps: list[int]) -> None:
    """A run that was missed is made up by the next: what is billed are the same days, none twice."""
    billed, since = [], first
    for gap in gaps:
        through = since + gap * DAY
        if period := due(schedule, through, since=since):
            billed.append(period.end)
        since = through
    assert billed == sorted(set(billed))
    last = due(schedule, since)
    assert last and (billed[-1:] == [last.end] or last.end <= first)


@given(st.sampled_from(ZONES), INSTANTS)
def test_a_local_day_is_within_a_day_of_utc_and_agrees_with_midnight(zone: str, at: datetime) -> None:
    day = local_date(at, zone)
    assert abs(day - at.date()) <= DAY
    assert local_date(at + timedelta(hours=26), zone) > day
    assert local_date(at - timedelta(hours=26), zone) < day


@given(st.sampled_from(ZONES), schedules(), INSTANTS)
def test_time_only_goes_on_whatever_the_clocks_do(zone: str, schedule: BillingSchedule, at: datetime) -> None:
    """Over days of 23, 24 or 25 hours, hour by hour: the period due today is never an earlier one than an hour ago."""
    hours = [at + timedelta(hours=hour) for hour in range(0, 72, 1)]
    ends = [due(schedule, local_date(hour, zone)) for hour in hours]
    assert all(a and b and a.end <= b.end for a, b in zip(ends, ends[1:], strict=False))
