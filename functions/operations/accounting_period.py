"""`billweave period close|open|list`: which months of a legal entity an invoice may still be dated into."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from functions.operations.bill_on_schedule import today
from shared.domain.accounting import AccountingCalendar
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.accounting_periods import close_month, first_open_day, open_month


class AccountingPeriod(Input):
    """month: "2026-10"; by: who decides. Both are needed but for a list."""

    action: Literal["close", "open", "list"]
    legal_entity_id: str
    month: str | None = None
    by: str | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.action != "list" and not (self.month and self.by):
            raise ValueError("month and by are needed")
        return self


@process_step(AccountingPeriod, wire=AwsPorts.from_env)
def handler(command: AccountingPeriod, ports: Ports) -> dict[str, object]:
    day, now = today(command.legal_entity_id, ports), ports.clock.now()
    month, by = command.month or "", command.by or ""

    def change(calendar: AccountingCalendar) -> AccountingCalendar:
        if command.action == "close":
            return close_month(calendar, month, by=by, at=now, today=day)
        return open_month(calendar, month, by=by, at=now)

    calendars = ports.accounting_calendars
    of = command.legal_entity_id
    calendar = calendars.of(of) if command.action == "list" else calendars.update(of, change)
    return {
        "legal_entity_id": calendar.legal_entity_id,
        "closed": list(calendar.closed),
        "next_day": first_open_day(calendar, day).isoformat(),
        "changes": [
            {"month": each.month, "what": each.act.value, "by": each.by, "at": each.at.isoformat()}
            for each in calendar.changes
        ],
    }
