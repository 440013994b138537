"""The accounting calendar of a legal entity: calendar months, open unless somebody closed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CalendarAct(StrEnum):
    CLOSED = "closed"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """month: "2026-10". at: UTC."""

    month: str
    act: CalendarAct
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountingCalendar:
    """changes: every closing and opening, oldest first; the last one about a month is what it is now."""

    legal_entity_id: str
    changes: tuple[CalendarChange, ...] = ()

    @property
    def closed(self) -> tuple[str, ...]:
        now = {change.month: change.act for change in self.changes}
        return tuple(sorted(month for month, act in now.items() if act is CalendarAct.CLOSED))
