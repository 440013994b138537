"""Accounting calendars: one per legal entity, all open at first, every change kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from shared.domain.accounting import AccountingCalendar, CalendarAct, CalendarChange

AT = datetime(2026, 11, 5, 8, tzinfo=UTC)


def closing(month: str) -> Any:
    change = CalendarChange(month, CalendarAct.CLOSED, "Grace", AT)
    return lambda calendar: replace(calendar, changes=(*calendar.changes, change))


def test_a_calendar_nobody_touched_is_open(ports: Any) -> None:
    assert ports.accounting_calendars.of("US") == AccountingCalendar("US")


def test_changes_are_kept_by_legal_entity(ports: Any) -> None:
    ports.accounting_calendars.update("US", closing("2026-09"))
    ports.accounting_calendars.update("US", closing("2026-10"))
    assert ports.accounting_calendars.of("US").closed == ("2026-09", "2026-10")
    assert ports.accounting_calendars.of("DE").closed == ()


def test_a_change_that_changes_nothing_writes_nothing(ports: Any) -> None:
    assert ports.accounting_calendars.update("US", lambda calendar: calendar) == AccountingCalendar("US")
    assert ports.accounting_calendars.of("US") == AccountingCalendar("US")
