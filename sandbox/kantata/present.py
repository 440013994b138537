"""Answers in the vendor's form: `results` gives the order, maps by id hold the objects and what was included."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.kantata import derived
from sandbox.kantata.book import Record
from sandbox.kantata.call import MISSING, Call
from sandbox.kantata.clock import pacific
from sandbox.kantata.kinds import KINDS
from sandbox.kantata.shape import FIELD_VALUES, REFERENCES, Assoc, Kind
from sandbox.kantata.subjects import field_value_link, find_subject, reference_link

# Ids that recorded answers and the contract give as integers; all others are strings.
_INTEGERS = frozenset(
    {"account_id", "subject_id", "rate_card_id", "workspace_invoice_preference_id", "current_resolution_creator_id",
     "target_id", "custom_field_set_id"}
)  # fmt: skip
_PAYLOADS = {"previous_payload": "before", "current_payload": "after"}


def names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _changes(event: Record) -> dict[str, Any]:
    before, after = event["before"] or {}, event["after"] or {}
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return {name: [before.get(name), after.get(name)] for name in changed}


class Presenter:
    def __init__(self, call: Call) -> None:
        self._call = call
        self._includes = names(call.params.get("include"))
        self._optional = set(names(call.params.get("optional_fields")))

    def answer(self, key: str, page: Sequence[Record], *, count: int | None = None, page_size: int = 20,
               page_number: int = 1) -> dict[str, Any]:  # fmt: skip
        """The envelope. count: all matches, when the page is not all of them."""
        kind = KINDS[key]
        total = len(page) if count is None else count
        maps: dict[str, dict[str, Any]] = {key: {}}
        for record in page:
            maps[key][record["id"]] = self._object(kind, record, self._includes, self._optional)
        for assoc in kind.assocs:
            if assoc.name in self._includes:
                self._side_load(kind, assoc, page, maps)
        body: dict[str, Any] = {"count": total, "results": [{"key": key, "id": record["id"]} for record in page]}
        body |= {name: _unordered(objects) for name, objects in maps.items()}
        if self._call.settings.with_meta:
            pages = -(-total // page_size) if page_size else 0
            body["meta"] = {"count": total, "page_count": pages, "page_number": page_number, "page_size": page_size}
        return body

    def _side_load(self, kind: Kind, assoc: Assoc, page: Iterable[Record], maps: dict[str, dict[str, Any]]) -> None:
        if assoc.to:
            maps.setdefault(assoc.to, {})
        for record in page:
            for key, linked in self._linked(kind, assoc, record):
                table = maps.setdefault(key, {})
                if linked["id"] not in table:
                    table[linked["id"]] = self._object(KINDS[key], linked, (), set())

    def _linked(self, kind: Kind, assoc: Assoc, record: Record) -> list[tuple[str, Record]]:
        book, viewer = self._call.book, self._call.viewer
        if not assoc.to:
            found = find_subject(book, record["subject_type"], str(record["subject_id"]))
            return [found] if found and viewer.sees(*found) else []
        rows = [(assoc.to, book.get(assoc.to, i)) for i in self._ids(kind, assoc, record)]
        return [(key, row) for key, row in rows if row is not None and viewer.sees(key, row)]

    def _ids(self, kind: Kind, assoc: Assoc, record: Record) -> list[str]:
        derive = derived.LINKS.get((kind.key, assoc.name))
        if derive:
            value = derive(self._call, record)
        elif assoc.back:
            value = sorted(self._call.book.ids_with(assoc.to, assoc.back, _back_value(kind, assoc, record)), key=int)
        else:
            value = record.get(assoc.source)
        if isinstance(value, list):
            return [str(v) for v in value]
        return [] if value is None else [str(value)]

    def _object(self, kind: Kind, record: Record, includes: Iterable[str], optional: set[str]) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": self._own_id(kind, record)}
        for name in (*kind.fields, *(f for f in kind.optional if f in optional)):
            value = self._value(kind, record, name)
            if value is not MISSING:
                shown[name] = value
        mode = self._call.settings.linked_ids
        for assoc in kind.assocs:
            wanted = assoc.name in includes or mode == "all" or (mode == "recorded" and assoc.always)
            if wanted and assoc.field not in shown:
                shown[assoc.field] = self._link(kind, assoc, record)
        return shown

    def _own_id(self, kind: Kind, record: Record) -> str | int:
        """Invoices have had both forms; `results` and the maps' keys are strings in any case."""
        as_integer = kind.key == "invoices" and self._call.settings.integer_invoice_ids
        return int(record["id"]) if as_integer else str(record["id"])

    def _link(self, kind: Kind, assoc: Assoc, record: Record) -> Any:
        if not assoc.to:
            linked = self._linked(kind, assoc, record)
            return {"key": linked[0][0], "id": linked[0][1]["id"]} if linked else None
        ids = self._ids(kind, assoc, record)
        return ids if assoc.many else next(iter(ids), None)

    def _value(self, kind: Kind, record: Record, name: str) -> Any:
        if kind.key == "subscribed_events" and name in ("previous_payload", "current_payload", "payload_changes"):
            return self._payload(record, name)
        derive = derived.FIELDS.get((kind.key, name))
        value = derive(self._call, record) if derive else record.get(name)
        if value is None or value is MISSING:
            return value
        if name.endswith("_at") or name == "current_resolution_created_at_date":
            return pacific(value)
        return int(value) if name in _INTEGERS else value

    def _payload(self, event: Record, name: str) -> Any:
        value = _changes(event) if name == "payload_changes" else event[_PAYLOADS[name]]
        return json.dumps(value) if self._call.settings.event_payloads_as_strings and value is not None else value


def _back_value(kind: Kind, assoc: Assoc, record: Record) -> str:
    if assoc is REFERENCES:
        return reference_link(kind, record["id"])
    return field_value_link(kind, record["id"]) if assoc is FIELD_VALUES else str(record["id"])


def _unordered(objects: dict[str, Any]) -> dict[str, Any]:
    """Maps carry no order: they are given in one that is nobody's sort order."""
    return dict(sorted(objects.items(), key=lambda item: zlib.crc32(item[0].encode())))
