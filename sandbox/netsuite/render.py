"""Stored records -> REST answers. Amounts leave as JSON numbers with exactly the digits stored."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.netsuite.book import Book, Record
from sandbox.netsuite.entities import open_balance
from sandbox.netsuite.fields import Field
from sandbox.netsuite.schema import TYPES

RESOURCE_TYPE = "application/vnd.oracle.resource+json; type={kind}; charset=UTF-8"


def json_text(value: Any) -> str:
    """JSON with Decimal as a plain number; the standard encoder would need a float."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(k))}:{json_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(json_text, value)) + "]"
    return json.dumps(value)


def self_link(href: str) -> list[dict[str, str]]:
    return [{"rel": "self", "href": href}]


def page(href: str, items: list[Any], *, offset: int, limit: int, total: int) -> dict[str, Any]:
    """The collection shape; `items` is one page of `total`."""
    links = [{"rel": "self", "href": f"{href}?limit={limit}&offset={offset}"}]
    if offset + len(items) < total:
        links.append({"rel": "next", "href": f"{href}?limit={limit}&offset={offset + limit}"})
        links.append({"rel": "last", "href": f"{href}?limit={limit}&offset={(total - 1) // limit * limit}"})
    if offset > 0:
        links.append({"rel": "first", "href": f"{href}?limit={limit}&offset=0"})
        links.append({"rel": "previous", "href": f"{href}?limit={limit}&offset={max(0, offset - limit)}"})
    more = offset + len(items) < total
    return {
        "links": links,
        "count": len(items),
        "hasMore": more,
        "items": items,
        "offset": offset,
        "totalResults": total,
    }


def ref_name(book: Book, kind: str, record_id: str) -> str:
    record = book.get(kind, record_id) or {}
    label = record.get(TYPES[kind].label, record_id)
    if TYPES[kind].ids == "transaction":
        words = {
            "invoice": "Invoice",
            "creditMemo": "Credit Memo",
            "customerPayment": "Payment",
            "salesOrder": "Sales Order",
        }
        return f"{words[kind]} #{label}"
    return str(label)


@dataclass
class Renderer:
    """`root`: `<scheme>://<host>/services/rest/record/v1`, as the caller reached us."""

    book: Book
    root: str
    simple_enums: bool = False
    expand: Collection[str] | None = ()
    """Names of sublists and blocks to show whole; None means all."""

    def record(self, kind: str, record: Record, only: Collection[str] = ()) -> dict[str, Any]:
        href = f"{self.root}/{kind}/{record['id']}"
        shown: dict[str, Any] = {"links": self_link(href)}
        if not only or "id" in only:
            shown["id"] = record["id"]
        if kind == "customer" and (not only or "balance" in only):
            shown["balance"] = Decimal(open_balance(self.book, record))
        for name, spec in self._specs(kind, record).items():
            if record.get(name) is not None and (not only or name in only):
                shown[name] = self._value(spec, record[name], f"{href}/{name}", name)
        return shown

    def _specs(self, kind: str, record: Record) -> dict[str, Field]:
        """Declared fields, and custom ones the record has."""
        known = dict(TYPES[kind].fields)
        return known | {name: Field("text") for name in record if name.startswith("cust") and name not in known}

    def _value(self, spec: Field, value: Any, href: str, name: str) -> Any:
        if spec.kind == "number":
            return Decimal(value)
        if spec.kind == "ref":
            return self.ref(value)
        if spec.kind == "choice":
            return value if self.simple_enums else {"id": value, "refName": spec.options.get(value, value)}
        if spec.kind in ("sublist", "block"):
            return self._nested(spec, value, href, name)
        return value

    def ref(self, value: dict[str, str]) -> dict[str, Any]:
        kind, record_id = value["recordType"], value["id"]
        name = ref_name(self.book, kind, record_id)
        return {"links": self_link(f"{self.root}/{kind}/{record_id}"), "id": record_id, "refName": name}

    def _nested(self, spec: Field, value: Any, href: str, name: str) -> Any:
        if self.expand is not None and name not in self.expand:
            return {"links": self_link(href)}
        if spec.kind == "block":
            return {"links": self_link(href), **self.line(spec, value, href)}
        items = [
            {"links": self_link(self._line_href(spec, line, href)), **self.line(spec, line, href)} for line in value
        ]
        total = len(items)
        counts = {"count": total, "hasMore": False, "offset": 0, "totalResults": total}
        return {"links": self_link(href), "items": items, **counts}

    def line(self, spec: Field, line: dict[str, Any], href: str) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        inner = dict(spec.inner) | {name: Field("text") for name in line if name.startswith("custcol")}
        for name, field in inner.items():
            if line.get(name) is not None:
                shown[name] = self._value(field, line[name], f"{href}/{name}", name)
        return shown

    def _line_href(self, spec: Field, line: dict[str, Any], href: str) -> str:
        return f"{href}/{line_key(spec, line)}"


def line_key(spec: Field, line: dict[str, Any]) -> str:
    """What names a line in a URL: its number, else its key's values."""
    values = (line.get(name) for name in spec.key)
    return ",".join(value["id"] if isinstance(value, dict) else str(value) for value in values)
