"""Lines of invoices and credit memos, and the sums they leave on the head; a change of a line changes the head."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.business_central import dimensions
from sandbox.business_central.book import Record
from sandbox.business_central.errors import Refused, rule
from sandbox.business_central.fields import NO_ID
from sandbox.business_central.kinds import BY_LINES, DRAFTS, Kind
from sandbox.business_central.totals import line_amounts, rounded, totals
from sandbox.business_central.values import Given
from sandbox.business_central.work import Work

_STEP = 10_000


def create(work: Work, kind_name: str, given: Given, parent: Record | None) -> Record:
    """parent: the document, when the path names it; else the body's `documentId` does. Raises Refused."""
    kind = BY_LINES[kind_name]
    named = given.values.get("documentId", NO_ID)
    if parent is None:
        parent = work.by_id(kind.heads, named)
        if parent is None:
            raise rule("lines_need_document")
    elif named not in (NO_ID, parent["id"]):
        raise rule("document_fixed")
    _refuse_posted(kind, parent)
    line = insert(work, kind, parent, given)
    add_up(work, kind, parent)
    return work.need(kind.lines, line["id"])


def insert(work: Work, kind: Kind, head: Record, given: Given) -> Record:
    """The line, before the document is added up."""
    there = work.book.where(kind.lines, work.company, "documentId", head["id"])
    sequence = given.values.get("sequence") or max((row["sequence"] for row in there), default=0) + _STEP
    if any(row["sequence"] == sequence for row in there):
        taken = f"Document Type='{kind.entry}',Document No.='{head['number']}',Line No.='{sequence}'"
        raise Refused(400, "Internal_EntityWithSameKeyExists", "exists", what="Sales Line", values=taken)
    values = _object(work, given.values) | {"documentId": head["id"], "sequence": sequence}
    own = dimensions.set_of(work, given.parts.get("dimensionSetLines", []))
    values["_dimensions"] = dimensions.merged(head["_dimensions"], own)
    return work.new(kind.lines, _priced(work, head, values))


def update(work: Work, kind_name: str, record: Record, given: Given) -> Record:
    kind, values = BY_LINES[kind_name], dict(given.values)
    head = work.need(kind.heads, record["documentId"])
    _refuse_posted(kind, head)
    if values.pop("documentId", record["documentId"]) != record["documentId"]:
        raise rule("document_fixed")
    if values.pop("sequence", record["sequence"]) != record["sequence"]:
        raise rule("sequence_fixed")
    if values.get("lineObjectNumber", record["lineObjectNumber"]) != record["lineObjectNumber"]:
        if record["lineObjectNumber"]:
            raise rule("number_fixed")
    if {"itemId", "accountId", "lineObjectNumber", "lineType"} & set(values):
        values = _object(work, {"lineType": record["lineType"]} | values) | values
    if "discountAmount" in values and "discountPercent" not in values:
        values["discountPercent"] = Decimal(0)
    work.change(kind.lines, record, _priced(work, head, record | values))
    add_up(work, kind, head)
    return work.need(kind.lines, record["id"])


def delete(work: Work, kind_name: str, record: Record) -> None:
    kind = BY_LINES[kind_name]
    head = work.need(kind.heads, record["documentId"])
    _refuse_posted(kind, head)
    work.book.remove(kind.lines, record)
    add_up(work, kind, head)


def of_document(work: Work, kind: Kind, head: Record) -> list[Record]:
    found = work.book.where(kind.lines, work.company, "documentId", head["id"])
    return sorted(found, key=lambda line: line["sequence"])


def add_up(work: Work, kind: Kind, head: Record) -> Record:
    """Stores the head with its totals, and the lines whose figures moved; the head is modified in any case."""
    found = of_document(work, kind, head)
    decimals = decimals_of(work, head["currencyCode"])
    changes, sums = totals(found, head["discountAmount"], decimals, work.settings.tax_rounding)
    for line, change in zip(found, changes, strict=True):
        if any(line[name] != value for name, value in change.items()):
            work.change(kind.lines, line, change)
    if "remainingAmount" in head:
        sums["remainingAmount"] = sums["totalAmountIncludingTax"]
    shown = dimensions.shortcuts(work, head["_dimensions"])
    kept = work.book.get(kind.heads, head["id"]) or head
    return work.change(kind.heads, kept, head | sums | shown | {"_version": kept["_version"]})


def decimals_of(work: Work, currency: str) -> int:
    found = work.by_code("currencies", currency)
    return int(found["_decimals"]) if found else 2


def _refuse_posted(kind: Kind, head: Record) -> None:
    if head["status"] not in DRAFTS:
        raise rule("posted_fixed", what=kind.what)


def _object(work: Work, values: Record) -> dict[str, Any]:
    """What a line is about: type, number and id belong together. Raises Refused."""
    found = dict(values)
    item_id, account_id = found.get("itemId", NO_ID), found.get("accountId", NO_ID)
    if item_id != NO_ID and account_id != NO_ID:
        raise rule("item_and_account")
    if item_id != NO_ID:
        found["lineType"] = "Item"
    elif account_id != NO_ID:
        found["lineType"] = "Account"
    number, kind = found.get("lineObjectNumber", ""), found.get("lineType", "Comment")
    if kind == "Comment":
        return found | {"lineType": "Comment"}
    if kind not in ("Item", "Account"):
        raise rule("no_object", what=kind, number=number)
    table, id_name, missing = (
        ("items", "itemId", "no_item") if kind == "Item" else ("accounts", "accountId", "no_account")
    )
    given_id = found.get(id_name, NO_ID)
    target = work.by_id(table, given_id) if given_id != NO_ID else work.by_code(table, number)
    if target is None or (number and target["number"] != number):
        raise rule(missing)
    if kind == "Account" and not target["directPosting"]:
        raise Refused(400, "Application_FieldValidationException", "direct_posting", number=target["number"])
    defaults = {"description": target["displayName"], "taxCode": target["_tax_group"]}
    if kind == "Item":
        defaults |= {"unitPrice": target["unitPrice"], "unitOfMeasureCode": target["baseUnitOfMeasureCode"]}
    return defaults | found | {id_name: target["id"], "lineObjectNumber": target["number"]}


def _priced(work: Work, head: Record, values: Record) -> dict[str, Any]:
    """With unit, tax rate and the line's own amounts. Raises Refused."""
    priced: Record = {"quantity": Decimal(0), "unitPrice": Decimal(0), "discountAmount": Decimal(0)} | values
    priced.setdefault("discountPercent", Decimal(0))
    priced["quantity"] = rounded(priced["quantity"], 5).normalize() + Decimal(0)
    unit = work.matched(priced, "unitOfMeasureId", "unitOfMeasureCode", "unitsOfMeasure", "a Unit of Measure")
    if unit is not None:
        priced |= {"unitOfMeasureId": unit["id"], "unitOfMeasureCode": unit["code"]}
    work.check_relation(priced, "taxCode", "taxGroups", "VAT Prod. Posting Group", "Sales Line")
    priced["taxPercent"] = Decimal(0)
    if priced.get("lineType") != "Comment":
        priced["taxPercent"] = _tax_percent(work, head, priced.get("taxCode", ""))
    return priced | line_amounts(priced, decimals_of(work, head["currencyCode"])) | {"discountAppliedBeforeTax": True}


def _tax_percent(work: Work, head: Record, group: str) -> Decimal:
    """VAT needs a rate for the customer's area and the line's group; sales tax is nothing where nobody is liable."""
    area = work.by_id("taxAreas", head["_tax_area"]) if head["_tax_area"] != NO_ID else None
    sales_tax = bool(area and area["taxType"] == "Sales Tax")
    if sales_tax and not head["_tax_liable"]:
        return Decimal(0)
    rate = (area["_rates"] if area else {}).get(group)
    if rate is None and not sales_tax:
        facts = {"area": area["code"] if area else "", "group": group}
        raise Refused(400, "Internal_RecordNotFound", "no_tax_setup", **facts)
    return Decimal(rate or 0)
