"""Accounting calendars: pk LECAL#<legal entity>, sk HEAD."""

from __future__ import annotations

from collections.abc import Callable

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import Row
from shared.adapters.versioned import DynamoVersioned
from shared.domain.accounting import AccountingCalendar


class DynamoAccountingCalendars:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table
        self._rows = DynamoVersioned(table, AccountingCalendar, "accounting_calendar", "LECAL", _row)

    def of(self, legal_entity_id: str) -> AccountingCalendar:
        return self._rows.find(legal_entity_id) or AccountingCalendar(legal_entity_id)

    def update(
        self, legal_entity_id: str, change: Callable[[AccountingCalendar], AccountingCalendar]
    ) -> AccountingCalendar:
        if self._rows.find(legal_entity_id) is None:
            first = change(AccountingCalendar(legal_entity_id))
            if not first.changes:
                return first
            try:
                self._table.write(self._rows.put(first, 0))
                return first
            except Refused:
                pass  # another one made it meanwhile
        return self._rows.update(legal_entity_id, change, ())


def _row(calendar: AccountingCalendar) -> Row:
    pk, sk = f"LECAL#{calendar.legal_entity_id}", "HEAD"
    return {"pk": pk, "sk": sk}
