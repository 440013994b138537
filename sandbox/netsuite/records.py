"""Create, update, upsert, delete: each one vendor transaction through reading, merging and the business rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.kit.clock import MovedClock
from sandbox.netsuite import entities, orders, receivables
from sandbox.netsuite.amounts import number
from sandbox.netsuite.book import Book, Record, Unit
from sandbox.netsuite.clock import instant_text
from sandbox.netsuite.errors import Detail, NetSuiteError, invalid_content, no_such_record, user_error
from sandbox.netsuite.fields import RecordType
from sandbox.netsuite.merge import merged, without_marks
from sandbox.netsuite.parse import Reading, read_body
from sandbox.netsuite.periods import require_open
from sandbox.netsuite.schema import ITEMS, POSTING_TYPES, TYPES
from sandbox.netsuite.settings import Settings
from sandbox.netsuite.write import Write, later_stamp

_RULES: dict[str, Callable[[Write], None]] = {
    "customer": entities.complete_customer,
    "job": entities.complete_job,
    "employee": entities.complete_employee,
    "timeBill": entities.complete_time,
    "charge": entities.complete_charge,
    "salesOrder": orders.complete_order,
    "invoice": receivables.complete_invoice,
    "creditMemo": receivables.complete_credit_memo,
    "customerPayment": receivables.complete_payment,
    **dict.fromkeys(ITEMS, entities.complete_item),
}


@dataclass
class Options:
    """How one request wants to be read. `names`, `values`: error | warning | ignore. `replace`: sublists."""

    names: str = "warning"
    values: str = "error"
    replace: frozenset[str] = frozenset()
    replace_selected: bool = False
    warnings: list[str] = field(default_factory=list)


class Records:
    def __init__(self, book: Book, clock: MovedClock, settings: Settings) -> None:
        self.book, self.clock, self.settings = book, clock, settings

    def create(self, kind: str, body: Mapping[str, Any], options: Options) -> str:
        """Returns the new internal id. Raises NetSuiteError."""
        with self.book.unit() as unit:
            given = self.read(unit, kind, body, options)
            return self.insert(unit, kind, given, {})

    def update(self, kind: str, record_id: str, body: Mapping[str, Any], options: Options) -> None:
        with self.book.unit() as unit:
            old = unit.get(kind, record_id)
            if old is None:
                raise no_such_record()
            self._change(unit, kind, old, self.read(unit, kind, body, options), options)

    def upsert(self, kind: str, external_id: str, body: Mapping[str, Any], options: Options) -> str:
        """PUT eid: the same answer for a new and an existing record; nothing says which it was."""
        with self.book.unit() as unit:
            given = self.read(unit, kind, body, options)
            if given.setdefault("externalId", external_id) != external_id:
                raise invalid_content("The external ID in the body differs from the one in the URL.", "externalId")
            record_id = unit.id_of(kind, external_id)
            if record_id is None:
                return self.insert(unit, kind, given, {})
            old = unit.get(kind, record_id)
            assert old is not None
            self._change(unit, kind, old, given, options)
            return record_id

    def delete(self, kind: str, record_id: str) -> None:
        """Raises USER_ERROR when others depend on the record or its period is closed."""
        with self.book.unit() as unit:
            old = unit.get(kind, record_id)
            if old is None:
                raise no_such_record()
            self._writable(TYPES[kind])
            write = self._write(unit, kind, old, old, {})
            if kind in POSTING_TYPES:
                require_open(unit, old)
            self._refuse_used(write)
            if kind in ("customerPayment", "creditMemo"):
                receivables.release(write, old)
            if kind == "invoice":
                orders.settle_billed(write, deleted=True)
            unit.delete(kind, record_id)
            self._note_deletion(unit, kind, old)

    def read(self, unit: Unit, kind: str, body: Mapping[str, Any], options: Options) -> dict[str, Any]:
        self._writable(TYPES[kind])
        reading = Reading(unit, options.names, options.values, self.settings.custom_fields)
        given = read_body(reading, TYPES[kind], body)
        options.warnings.extend(reading.warnings)
        return given

    def insert(self, unit: Unit, kind: str, given: dict[str, Any], base: Record) -> str:
        """`base`: fields no request may set (a transform's `createdFrom`)."""
        record_type = TYPES[kind]
        record = merged(record_type, {"id": unit.next_id(kind), **base}, given, ())
        self._settle(unit, kind, record, None, given)
        return str(record["id"])

    def _change(self, unit: Unit, kind: str, old: Record, given: dict[str, Any], options: Options) -> None:
        if options.replace_selected:
            given = {name: value for name, value in given.items() if value is not None or name in options.replace}
        record = merged(TYPES[kind], old, given, options.replace)
        self._settle(unit, kind, record, old, given)

    def _settle(self, unit: Unit, kind: str, record: Record, old: Record | None, given: dict[str, Any]) -> None:
        write = self._write(unit, kind, record, old, given)
        self._require_fields(TYPES[kind], record)
        self._refuse_taken(unit, kind, record)
        _RULES.get(kind, entities.complete_plain)(write)
        record["lastModifiedDate"] = write.stamp
        unit.put(kind, without_marks(record))

    def _write(self, unit: Unit, kind: str, record: Record, old: Record | None, given: dict[str, Any]) -> Write:
        now = self.clock.now()
        stamp = later_stamp(instant_text(now), old)
        return Write(unit, kind, record, old, given, stamp, now.date().isoformat(), self.settings)

    def _require_fields(self, record_type: RecordType, record: Record) -> None:
        missing = [name for name in record_type.required if record.get(name) is None]
        if missing:
            details = [
                Detail(f"Please enter value(s) for: {name}", "INVALID_CONTENT", {"o:errorPath": name})
                for name in missing
            ]
            raise NetSuiteError(400, *details)

    def _refuse_taken(self, unit: Unit, kind: str, record: Record) -> None:
        external_id = record.get("externalId")
        holder = unit.id_of(kind, external_id) if external_id else None
        if holder not in (None, record["id"]):
            text = "Error while accessing a resource. This record already exists."
            raise NetSuiteError(400, Detail(text, self.settings.duplicate_code, {"o:errorPath": "externalId"}))

    def _writable(self, record_type: RecordType) -> None:
        if not record_type.writable:
            text = f"The record '{record_type.name}' cannot be changed over REST web services."
            raise NetSuiteError(400, Detail(text, "INVALID_REQUEST"))

    def _refuse_used(self, write: Write) -> None:
        me = write.record["id"]
        used = False
        if write.kind == "invoice":
            used = number(write.record["amountPaid"]) != 0
        elif write.kind in ("customer", "job"):
            rows = (row for kind in ("invoice", "salesOrder", "creditMemo") for row in write.unit.each(kind))
            used = any(me in (row["entity"]["id"], (row.get("job") or {}).get("id")) for row in rows)
            used = used or any(job["parent"]["id"] == me for job in write.unit.each("job"))
        elif write.kind in ITEMS:
            rows = (row for kind in ("invoice", "salesOrder", "creditMemo") for row in write.unit.each(kind))
            used = any(line["item"]["id"] == me for row in rows for line in row["item"])
        if used:
            raise user_error("This record cannot be deleted because it has dependent records.")

    def _note_deletion(self, unit: Unit, kind: str, old: Record) -> None:
        number = unit.next_number("deleted", 1)
        name = old.get(TYPES[kind].label, old["id"])
        note = {"id": str(number), "recordId": old["id"], "recordType": kind, "name": name}
        note |= {"deletedDate": instant_text(self.clock.now())}
        self.book.store.put("_deleted", str(number), note)
        self.book.deletions.append(note)
