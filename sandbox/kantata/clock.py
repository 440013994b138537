"""Time as the vendor tells it: kept in UTC to the microsecond, shown in Pacific time to the second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from sandbox.kantata.errors import bad_request

_STORED = "%Y-%m-%dT%H:%M:%S.%fZ"


def _stored(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_STORED)


def _sunday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (nth - 1))


def pacific_offset(moment: datetime) -> timedelta:
    """-7 h from the second Sunday of March 02:00 to the first Sunday of November 02:00, else -8 h."""
    spring = datetime.combine(_sunday(moment.year, 3, 2), datetime.min.time(), UTC) + timedelta(hours=10)
    autumn = datetime.combine(_sunday(moment.year, 11, 1), datetime.min.time(), UTC) + timedelta(hours=9)
    return timedelta(hours=-7 if spring <= moment < autumn else -8)


@lru_cache(maxsize=65536)
def pacific(stored: str) -> str:
    """ "2026-03-02T09:00:07.120000Z" -> "2026-03-02T01:00:07-08:00", the form of all timestamps in answers."""
    moment = datetime.strptime(stored, _STORED).replace(tzinfo=UTC)
    return moment.astimezone(timezone(pacific_offset(moment))).replace(microsecond=0).isoformat()


def parse_instant(name: str, text: str) -> str:
    """A filter's ISO 8601 instant or date, any offset, none read as Pacific -> stored form. ApiError 400."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError as exc:
        raise bad_request(f"{name} is not an ISO 8601 datetime") from exc
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
        moment -= pacific_offset(moment)
    return _stored(moment)


class Clock:
    """Never gives the same instant twice. `offset_s` moves it ahead of the machine's clock, for tests of retention."""

    def __init__(self, offset_s: float = 0.0, last: str = "") -> None:
        self.offset_s, self._last = offset_s, last

    def now(self) -> str:
        stamp = _stored(datetime.now(UTC) + timedelta(seconds=self.offset_s))
        if stamp <= self._last:
            stamp = shifted(self._last, timedelta(microseconds=1))
        self._last = stamp
        return stamp

    def reset(self) -> None:
        self.offset_s, self._last = 0.0, ""

    def today(self) -> str:
        moment = datetime.strptime(self.now(), _STORED).replace(tzinfo=UTC)
        return (moment + pacific_offset(moment)).date().isoformat()


def shifted(stored: str, by: timedelta) -> str:
    return _stored(datetime.strptime(stored, _STORED).replace(tzinfo=UTC) + by)


def next_change(now: str, before: str, *, bump: bool) -> str:
    """The updated_at of a further change. With `bump`, at least one shown second after the last, since answers
    show whole seconds and two states of a record must not look like one."""
    if not bump:
        return max(now, before)
    return max(now, shifted(before[:19] + ".000000Z", timedelta(seconds=1)) if now[:19] <= before[:19] else now)
