"""POST .../<source>/<id>/!transform/<target>: a new document from an old one. Source: notes, section 6.

A repeated transform of a sales order makes another invoice while there is unbilled quantity left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.netsuite.amounts import number, text
from sandbox.netsuite.book import Record, clone
from sandbox.netsuite.errors import Detail, NetSuiteError, no_such_record, user_error
from sandbox.netsuite.records import Options, Records

_HEAD = ("entity", "job", "subsidiary", "currency", "exchangeRate", "terms", "otherRefNum", "memo", "billingAddress")
_LINE = (
    "item",
    "rate",
    "description",
    "job",
    "taxCode",
    "department",
    "class",
    "location",
    "units",
    "taxDetailsReference",
)
Given = dict[str, Any]


def transform(
    records: Records, source: str, record_id: str, target: str, body: Mapping[str, Any], options: Options
) -> str:
    """Returns the new record's id. Raises NetSuiteError: unknown pair, nothing left to bill, nothing left to pay."""
    maker = _MAKERS.get((source, target))
    if maker is None:
        text_ = f"The transformation from '{source}' to '{target}' is not supported."
        raise NetSuiteError(400, Detail(text_, "INVALID_REQUEST", {"o:errorUrl": f"!transform/{target}"}))
    with records.book.unit() as unit:
        document = unit.peek(source, record_id)
        if document is None:
            raise no_such_record()
        given = records.read(unit, target, body, options)
        fresh = maker(document, given)
        base = {"createdFrom": {"id": record_id, "recordType": source}}
        return records.insert(unit, target, fresh, base)


def _order_to_invoice(order: Record, given: Given) -> Given:
    if order["status"] not in ("B", "F"):
        raise user_error("Invalid initialization: the sales order has nothing left to bill.")
    chosen = {line["orderLine"]: line for line in given.get("item", []) if line.get("orderLine") is not None}
    lines = []
    for line in order["item"]:
        left = number(line["quantity"]) - number(line["quantityBilled"])
        part = chosen.pop(line["line"], None)
        if left <= 0 or (given.get("item") and part is None):
            continue
        lines.append(_billing_line(order, line, text(left), part or {}))
    if chosen:
        raise user_error(f"The sales order has no billable line {min(chosen)}.")
    extra = [line for line in given.get("item", []) if line.get("orderLine") is None]
    return {**_head(order), **given, "item": lines + extra}


def _billing_line(order: Record, line: Record, left: str, part: Given) -> Given:
    fresh = {name: clone(line[name]) for name in _LINE if name in line}
    fresh |= {"orderLine": line["line"], "orderDoc": {"id": order["id"], "recordType": "salesOrder"}, "quantity": left}
    if "quantity" not in part and number(left) == number(line["quantity"]):
        fresh["amount"] = line["amount"]
    return fresh | part


def _head(document: Record) -> Given:
    return {name: clone(document[name]) for name in _HEAD if name in document}


def _invoice_to_payment(invoice: Record, given: Given) -> Given:
    _require_open_invoice(invoice)
    line = {"doc": {"id": invoice["id"], "recordType": "invoice"}, "apply": True}
    if "payment" in given:
        line["amount"] = text(min(number(given["payment"]), number(invoice["amountRemaining"])))
    head = {"customer": invoice["entity"], "currency": invoice["currency"], "subsidiary": invoice["subsidiary"]}
    return {**head, "apply": [line], **given}


def _invoice_to_credit(invoice: Record, given: Given) -> Given:
    lines = []
    for line in invoice["item"]:
        fresh = {name: clone(line[name]) for name in (*_LINE, "quantity", "amount") if name in line}
        fresh |= {"orderLine": line["line"], "orderDoc": None}
        lines.append(fresh)
    chosen = {line["orderLine"]: line for line in given.get("item", []) if line.get("orderLine") is not None}
    if chosen:
        lines = [_credit_part(line, chosen[line["orderLine"]]) for line in lines if line["orderLine"] in chosen]
    base = {**_head(invoice), "item": lines}
    if invoice.get("taxDetailsOverride") and "item" not in given:
        base |= {"taxDetailsOverride": True, "taxDetails": clone(invoice["taxDetails"])}
    if number(invoice["amountRemaining"]) > 0:
        base["apply"] = [{"doc": {"id": invoice["id"], "recordType": "invoice"}, "apply": True}]
    rest = {name: value for name, value in given.items() if name != "item" or not chosen}
    return {**base, **rest}


def _credit_part(line: Given, part: Given) -> Given:
    if "quantity" in part or "rate" in part:
        line.pop("amount", None)
    return line | part


def _require_open_invoice(invoice: Record) -> None:
    if invoice["status"] != "A":
        raise user_error(f"Invoice {invoice['tranId']} is not open for payment.")


def _job_to_sale(job: Record, given: Given) -> Given:
    entity = {"id": job["id"], "recordType": "job"}
    return {"entity": entity, "job": entity, **given}


_MAKERS = {
    ("salesOrder", "invoice"): _order_to_invoice,
    ("invoice", "customerPayment"): _invoice_to_payment,
    ("invoice", "creditMemo"): _invoice_to_credit,
    ("job", "invoice"): _job_to_sale,
    ("job", "salesOrder"): _job_to_sale,
}
