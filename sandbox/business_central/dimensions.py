"""Dimensions of documents, lines and entries: a code per dimension, shown as dimension set lines.

A record keeps its set as `_dimensions`: {dimension code: value code}; two of them are its shortcut dimensions as well.
"""

from __future__ import annotations

from typing import Any

from sandbox.business_central.book import Record
from sandbox.business_central.errors import no_relation, rule
from sandbox.business_central.fields import NO_ID
from sandbox.business_central.kinds import DRAFTS
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.values import Given, given_of
from sandbox.business_central.work import Work

PARENTS = {
    "salesInvoices": "Sales Invoice",
    "salesCreditMemos": "Sales Credit Memo",
    "salesInvoiceLines": "Sales Invoice Line",
    "salesCreditMemoLines": "Sales Credit Memo Line",
    "journalLines": "Journal Line",
    "customerPayments": "Journal Line",
    "generalLedgerEntries": "General Ledger Entry",
    "timeRegistrationEntries": "Time Registration Entry",
}
_SHORTCUTS = ("shortcutDimension1Code", "shortcutDimension2Code")


def from_shortcuts(work: Work, values: Record, table: str) -> dict[str, str]:
    """What the shortcut fields of a body set; an empty code takes the dimension away. Raises Refused."""
    found = {}
    for place, name in enumerate(_SHORTCUTS):
        if name in values:
            dimension = work.settings.shortcut_dimensions[place]
            if values[name] and value_of(work, dimension, values[name]) is None:
                caption = f"Shortcut Dimension {place + 1} Code"
                raise no_relation(caption, table, values[name], "Dimension Value")
            found[dimension] = values[name]
    return found


def shortcuts(work: Work, dimensions: dict[str, str]) -> dict[str, str]:
    wanted = work.settings.shortcut_dimensions
    return {name: dimensions.get(dimension, "") for name, dimension in zip(_SHORTCUTS, wanted, strict=True)}


def merged(old: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    return {dimension: value for dimension, value in (old | new).items() if value}


def value_of(work: Work, dimension: str, value: str) -> Record | None:
    owner = work.by_code("dimensions", dimension)
    found = work.book.where("dimensionValues", work.company, "code", value)
    return next((row for row in found if owner and row["dimensionId"] == owner["id"]), None)


def set_of(work: Work, bodies: list[Any]) -> dict[str, str]:
    """Dimension set lines brought by a deep insert. Raises Refused."""
    found: dict[str, str] = {}
    for body in bodies:
        dimension, value = _named(work, given_of(ENTITIES["dimensionSetLines"], body, creating=True))
        if dimension["code"] in found:
            raise rule("dimension_exists")
        found[dimension["code"]] = value["code"]
    return found


def lines_of(work: Work, kind: str, parent: Record) -> list[Record]:
    """The set lines of a record, made when asked for."""
    lines = []
    for code, value_code in (parent.get("_dimensions") or {}).items():
        dimension, value = work.by_code("dimensions", code), value_of(work, code, value_code)
        assert dimension is not None
        shown = {"valueId": value["id"], "valueDisplayName": value["displayName"]} if value else {}
        line = ENTITIES["dimensionSetLines"].blank() | {"id": dimension["id"], "code": code}
        line |= {"parentId": parent["id"], "parentType": PARENTS[kind], "displayName": dimension["displayName"]}
        lines.append(line | {"valueCode": value_code} | shown)
    return lines


def add(work: Work, kind: str, parent: Record, given: Given) -> Record:
    """A new set line under a parent. Raises Refused."""
    dimension, value = _named(work, given)
    if dimension["code"] in (parent.get("_dimensions") or {}):
        raise rule("dimension_exists")
    return _store(work, kind, parent, dimension, value["code"])


def change(work: Work, kind: str, parent: Record, line: Record, given: Given) -> Record:
    if given.values.get("id", line["id"]) != line["id"] or given.values.get("code", line["code"]) != line["code"]:
        raise rule("dimension_fixed")
    values = {"valueCode": given.values.get("valueCode", ""), "valueId": given.values.get("valueId", NO_ID)}
    dimension, value = _named(work, Given({"code": line["code"]} | values, {}))
    return _store(work, kind, parent, dimension, value["code"])


def take_away(work: Work, kind: str, parent: Record, line: Record) -> None:
    _store(work, kind, parent, work.need("dimensions", line["id"]), "")


def _named(work: Work, given: Given) -> tuple[Record, Record]:
    """The dimension and the value a body means."""
    values = given.values
    dimension = work.matched(values, "id", "code", "dimensions", "a Dimension")
    if dimension is None:
        raise rule("dimension_needed")
    if values.get("valueId", NO_ID) != NO_ID:
        value = work.by_id("dimensionValues", values["valueId"])
        if value is None or value["dimensionId"] != dimension["id"]:
            raise rule("no_match", name="valueId", what="a Dimension Value")
        return dimension, value
    if not values.get("valueCode"):
        raise rule("value_needed")
    found = value_of(work, dimension["code"], values["valueCode"])
    if found is None:
        raise rule("no_match", name="valueCode", what="a Dimension Value")
    return dimension, found


def _store(work: Work, kind: str, parent: Record, dimension: Record, value: str) -> Record:
    """Raises Refused for a parent whose dimensions are fixed."""
    if kind == "generalLedgerEntries" or (kind.endswith("Lines") and _posted(work, kind, parent)):
        raise rule("dimension_read_only", id=parent["id"], kind=PARENTS[kind])
    kept = merged(parent.get("_dimensions") or {}, {dimension["code"]: value})
    shown = shortcuts(work, kept) if "shortcutDimension1Code" in ENTITIES[kind].by_name else {}
    changed = work.change(kind, parent, {"_dimensions": kept} | shown, touch=True)
    return next((line for line in lines_of(work, kind, changed) if line["id"] == dimension["id"]), changed)


def _posted(work: Work, kind: str, line: Record) -> bool:
    heads = {"salesInvoiceLines": "salesInvoices", "salesCreditMemoLines": "salesCreditMemos"}
    return kind in heads and work.need(heads[kind], line["documentId"])["status"] not in DRAFTS
