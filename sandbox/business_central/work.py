"""One request at work in one company: what rules read and write through."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sandbox.business_central.book import Book, Record
from sandbox.business_central.clock import Clock
from sandbox.business_central.errors import no_relation, rule
from sandbox.business_central.fields import NO_ID
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.settings import Settings


@dataclass
class Work:
    book: Book
    clock: Clock
    settings: Settings
    company: str

    @property
    def local_currency(self) -> str:
        return str(self.book.all("companyInformation", self.company)[0]["currencyCode"])

    def new(self, kind: str, values: Record) -> Record:
        """A record of the company with its id and stamp; `values` may bring the id."""
        entity = ENTITIES[kind]
        record = {"id": str(uuid.uuid4())} | entity.blank() | {"id": str(uuid.uuid4())} | values
        record["_company"] = self.company
        if entity.modified:
            record[entity.modified] = self.clock.stamp()
        return self.book.put(kind, record)

    def change(self, kind: str, record: Record, values: Record, *, touch: bool = True) -> Record:
        """`touch` False: a figure that hangs on the record moves, the record itself was not modified."""
        changed = record | values
        entity = ENTITIES[kind]
        if touch and entity.modified:
            changed[entity.modified] = self.clock.stamp(record[entity.modified])
        return self.book.put(kind, changed)

    def by_code(self, kind: str, value: str) -> Record | None:
        return self.book.one(kind, self.company, "number" if "number" in ENTITIES[kind].by_name else "code", value)

    def by_id(self, kind: str, record_id: str) -> Record | None:
        found = self.book.get(kind, record_id)
        return found if found and found["_company"] == self.company else None

    def need(self, kind: str, record_id: str) -> Record:
        """A record our own records point to, or that was found before."""
        found = self.book.get(kind, record_id)
        assert found is not None, f"{kind} {record_id} is gone"
        return found

    def next_number(self, series: str, start: int, prefix: str = "") -> str:
        return f"{prefix}{self.book.store.next_number(f'{self.company}/{series}', start)}"

    def matched(self, given: Record, id_name: str, code_name: str, kind: str, what: str) -> Record | None:
        """The record that `<x>Id` and `<x>Code` or `<x>Number` of a body mean; None when neither says anything.

        Raises Refused when one of them matches nothing, or both different ones.
        """
        by_id, by_code = None, None
        if given.get(id_name, NO_ID) != NO_ID:
            by_id = self.by_id(kind, given[id_name])
            if by_id is None:
                raise rule("no_match", name=id_name, what=what)
        if given.get(code_name):
            by_code = self.by_code(kind, given[code_name])
            if by_code is None:
                raise rule("no_match", name=code_name, what=what)
        if by_id and by_code and by_id["id"] != by_code["id"]:
            raise rule("no_match", name=code_name, what=what)
        return by_id or by_code

    def currency(self, given: Record) -> dict[str, Any]:
        """`currencyId` and `currencyCode` as kept: the local currency has no id. Empty when the body names none."""
        if given.get("currencyCode") and given["currencyCode"] == self.local_currency:
            if given.get("currencyId", NO_ID) != NO_ID:
                raise rule("currencies_differ")
            return {"currencyId": NO_ID, "currencyCode": self.local_currency}
        if "currencyCode" not in given and "currencyId" not in given:
            return {}
        found = self._currency(given)
        if found is None or found["code"] == self.local_currency:
            return {"currencyId": NO_ID, "currencyCode": self.local_currency}
        return {"currencyId": found["id"], "currencyCode": found["code"]}

    def _currency(self, given: Record) -> Record | None:
        by_id, by_code = None, None
        if given.get("currencyId", NO_ID) != NO_ID:
            by_id = self.by_id("currencies", given["currencyId"])
            if by_id is None:
                raise rule("currency_id")
        if given.get("currencyCode"):
            by_code = self.by_code("currencies", given["currencyCode"])
            if by_code is None:
                raise rule("currency_code")
        if by_id and by_code and by_id["id"] != by_code["id"]:
            raise rule("currencies_differ")
        return by_id or by_code

    def check_relation(self, values: Record, field: str, kind: str, caption: str, table: str) -> None:
        """Raises Refused Internal_InvalidTableRelation for a code that its table does not have."""
        if values.get(field) and self.by_code(kind, values[field]) is None:
            raise no_relation(caption, table, values[field], ENTITIES[kind].table)
