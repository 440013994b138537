"""Which days are billed together: the periods of a schedule tile the calendar, with no gap and no overlap."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.billing_schedule import BillingPeriod, BillingSchedule, Cadence

_DAY = timedelta(days=1)
_QUARTER_ENDS = (3, 6, 9, 12)


def local_date(at: datetime, time_zone: str) -> date:
    """The calendar day of an aware instant in a zone (IANA name): "today" of a legal entity.

    Goes by the zone's own history, so days that a zone skipped (Samoa had no 30 December 2011) are never given.
    """
    if at.tzinfo is None:
        raise ValueError("an instant without its offset is no instant")
    return at.astimezone(UTC).astimezone(ZoneInfo(time_zone)).date()


def period_of(schedule: BillingSchedule, day: date) -> BillingPeriod:
    """The one period that holds the day.

    A schedule without periods of its own counts clauses that are agreed per period by calendar month.
    """
    end = _end_of(schedule, day)
    return BillingPeriod(_start_of(schedule, end), end)


def periods_between(schedule: BillingSchedule, first: date, last: date) -> tuple[BillingPeriod, ...]:
    """Every period with a day in [first, last], whole, in order; none if last is before first."""
    found: list[BillingPeriod] = []
    day = first
    while day <= last:
        found.append(period_of(schedule, day))
        day = found[-1].end + _DAY
    return tuple(found)


def due(schedule: BillingSchedule, through: date, *, since: date | None = None) -> BillingPeriod | None:
    """The newest period that has ended on or before `through`; None if it ended on or before `since` already.

    None for schedules without periods: whether they are due is not a matter of dates.
    """
    if not schedule.cadence.has_periods:
        return None
    holding = period_of(schedule, through)
    ended = holding if holding.end == through else period_of(schedule, holding.start - _DAY)
    return None if since is not None and ended.end <= since else ended


def _end_of(schedule: BillingSchedule, day: date) -> date:
    """The first last-day-of-a-period on or after the day."""
    match schedule.cadence:
        case Cadence.WEEKLY:
            return _week_end(schedule, day)
        case Cadence.BIWEEKLY:
            end = _week_end(schedule, day)
            first = _week_end(schedule, schedule.anchor or day) + 7 * _DAY
            return end if (end - first).days % 14 == 0 else end + 7 * _DAY
        case Cadence.QUARTERLY:
            month = next(month for month in _QUARTER_ENDS if month >= day.month)
            return _cut_off(day.year, month, 31)
        case _:
            return _month_end(schedule, day)


def _start_of(schedule: BillingSchedule, end: date) -> date:
    match schedule.cadence:
        case Cadence.WEEKLY:
            return end - 6 * _DAY
        case Cadence.BIWEEKLY:
            return end - 13 * _DAY
        case Cadence.QUARTERLY:
            return date(end.year, end.month - 2, 1)
        case _:
            return _month_end_before(schedule, end) + _DAY


def _week_end(schedule: BillingSchedule, day: date) -> date:
    return day + _DAY * ((schedule.weekday - day.isoweekday()) % 7)


def _cut_offs(schedule: BillingSchedule) -> tuple[int, ...]:
    return schedule.cut_offs if schedule.cadence.has_periods else (31,)


def _cut_off(year: int, month: int, day: int) -> date:
    """That day of the month, or its last one where it has fewer."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _month_end(schedule: BillingSchedule, day: date) -> date:
    ends = (_cut_off(day.year, day.month, each) for each in _cut_offs(schedule))
    found = next((end for end in ends if end >= day), None)
    if found:
        return found
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return _cut_off(year, month, _cut_offs(schedule)[0])


def _month_end_before(schedule: BillingSchedule, end: date) -> date:
    ends = [_cut_off(end.year, end.month, each) for each in _cut_offs(schedule)]
    earlier = [each for each in ends if each < end]
    if earlier:
        return earlier[-1]
    year, month = (end.year, end.month - 1) if end.month > 1 else (end.year - 1, 12)
    return _cut_off(year, month, _cut_offs(schedule)[-1])
