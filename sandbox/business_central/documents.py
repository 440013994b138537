"""Heads of invoices and credit memos while they are drafts, and what their lines add up to."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.business_central import dimensions, lines
from sandbox.business_central.book import Record
from sandbox.business_central.errors import bad_request, no_relation, rule
from sandbox.business_central.fields import NO_DATE, NO_ID
from sandbox.business_central.kinds import BY_HEADS, DRAFTS, Kind
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.values import Given, given_of
from sandbox.business_central.work import Work


def create(work: Work, kind_name: str, given: Given, parent: Record | None) -> Record:
    """A draft with its lines and dimensions, all or nothing. Raises Refused."""
    kind = BY_HEADS[kind_name]
    customer = _customer(work, given.values)
    if customer is None:
        raise rule("customer_needed")
    refuse_blocked(customer, "create")
    values = _defaults(work, kind, customer) | _settled(work, kind, given.values, customer)
    values["_dimensions"] = dimensions.merged(
        dimensions.set_of(work, given.parts.get("dimensionSetLines", [])),
        dimensions.from_shortcuts(work, given.values, "Sales Header"),
    )
    values |= dimensions.shortcuts(work, values["_dimensions"])
    if "dueDate" not in given.values:
        values["dueDate"] = _due(work, values[kind.dated], values["paymentTermsId"])
    values["number"] = work.next_number(kind.heads, kind.draft[1], kind.draft[0])
    head = work.new(kind.heads, values)
    for body in given.parts.get(kind.lines, []):
        lines.insert(work, kind, head, given_of(ENTITIES[kind.lines], body, creating=True))
    return lines.add_up(work, kind, head)


def update(work: Work, kind_name: str, record: Record, given: Given) -> Record:
    kind = BY_HEADS[kind_name]
    if record["status"] not in DRAFTS:
        raise rule("posted_fixed", what=kind.what)
    values = dict(given.values)
    customer = _customer(work, values) or work.need("customers", record["customerId"])
    if customer["id"] != record["customerId"]:
        refuse_blocked(customer, "create")
        values = _of_customer(work, customer) | values
    values = _settled(work, kind, values, customer)
    changed = dimensions.from_shortcuts(work, given.values, "Sales Header")
    if changed:
        values["_dimensions"] = dimensions.merged(record["_dimensions"], changed)
    return lines.add_up(work, kind, record | values)


def delete(work: Work, kind_name: str, record: Record) -> None:
    kind = BY_HEADS[kind_name]
    if record["status"] not in DRAFTS:
        raise rule("posted_fixed", what=kind.what)
    for line in work.book.where(kind.lines, work.company, "documentId", record["id"]):
        work.book.remove(kind.lines, line)
    work.book.remove(kind.heads, record)


def refuse_blocked(customer: Record, act: str) -> None:
    if customer["blocked"] in ("Invoice", "All"):
        raise rule("blocked", act=act, number=customer["number"], kind=customer["blocked"])


def _customer(work: Work, values: Record) -> Record | None:
    by_id, by_number = None, None
    if values.get("customerId", NO_ID) != NO_ID:
        by_id = work.by_id("customers", values["customerId"])
        if by_id is None:
            raise rule("customer_unknown")
    if values.get("customerNumber"):
        by_number = work.by_code("customers", values["customerNumber"])
        if by_id is None and by_number is None:
            raise rule("customer_unknown")
        if by_id and (by_number is None or by_number["id"] != by_id["id"]):
            raise rule("customers_differ")
    return by_id or by_number


def _defaults(work: Work, kind: Kind, customer: Record) -> dict[str, Any]:
    today = work.clock.today()
    values = {kind.dated: today, "postingDate": today, "status": "Draft", "discountAppliedBeforeTax": True}
    if kind.heads == "salesInvoices":
        ship_to = {f"shipTo{name}": customer[own] for name, own in _ADDRESS}
        values |= ship_to | {"shipToName": customer["displayName"]}
    return values | _of_customer(work, customer)


_ADDRESS = (
    ("AddressLine1", "addressLine1"), ("AddressLine2", "addressLine2"), ("City", "city"), ("Country", "country"),
    ("State", "state"), ("PostCode", "postalCode"),
)  # fmt: skip


def _of_customer(work: Work, customer: Record) -> dict[str, Any]:
    address = {f"{side}{name}": customer[own] for side in ("sellTo", "billTo") for name, own in _ADDRESS}
    return address | {
        "customerId": customer["id"],
        "customerNumber": customer["number"],
        "customerName": customer["displayName"],
        "billToName": customer["displayName"],
        "billToCustomerId": customer["id"],
        "billToCustomerNumber": customer["number"],
        "currencyId": customer["currencyId"],
        "currencyCode": customer["currencyCode"],
        "paymentTermsId": customer["paymentTermsId"],
        "shipmentMethodId": customer["shipmentMethodId"],
        "salesperson": customer["salespersonCode"],
        "phoneNumber": customer["phoneNumber"],
        "email": customer["email"],
        "_tax_area": customer["taxAreaId"],
        "_tax_liable": customer["taxLiable"],
    }


def _settled(work: Work, kind: Kind, values: Record, customer: Record) -> Record:
    """A body's values with what they stand for looked up. Raises Refused."""
    settled = dict(values)
    settled |= {"customerId": customer["id"], "customerNumber": customer["number"]}
    settled |= work.currency(values)
    if values.get("billToCustomerId", NO_ID) != NO_ID or values.get("billToCustomerNumber"):
        other = work.matched(values, "billToCustomerId", "billToCustomerNumber", "customers", "a Customer")
        assert other is not None
        settled |= {"billToCustomerId": other["id"], "billToCustomerNumber": other["number"]}
        settled["billToName"] = other["displayName"]
    for name, related, what in (
        ("paymentTermsId", "paymentTerms", "a Payment Terms"),
        ("shipmentMethodId", "shipmentMethods", "a Shipment Method"),
        ("customerReturnReasonId", "customerReturnReasons", "a Reason Code"),
    ):
        if values.get(name, NO_ID) != NO_ID and work.by_id(related, values[name]) is None:
            raise rule("no_match", name=name, what=what)
    for name in ("sellToCountry", "shipToCountry", "billToCountry"):
        work.check_relation(values, name, "countriesRegions", "Country/Region Code", "Sales Header")
    if "invoiceId" in values or "invoiceNumber" in values:
        settled |= _corrected(work, values)
    if values.get("discountAmount", Decimal(0)) < 0:
        raise bad_request("wrong_type", value=values["discountAmount"], type="a positive amount")
    return settled


def _corrected(work: Work, values: Record) -> dict[str, str]:
    """The posted invoice a credit memo is for."""
    by_id = work.by_id("salesInvoices", values.get("invoiceId", NO_ID))
    if values.get("invoiceId", NO_ID) != NO_ID and (by_id is None or by_id["status"] in DRAFTS):
        raise rule("invoice_unknown")
    number = values.get("invoiceNumber", "")
    if number and by_id and by_id["number"] != number:
        raise rule("invoices_differ")
    if number and by_id is None:
        by_id = work.by_code("salesInvoices", number)
        if by_id is None or by_id["status"] in DRAFTS:
            raise no_relation("Applies-to Doc. No.", "Sales Header", number, "Cust. Ledger Entry")
    return {"invoiceId": by_id["id"], "invoiceNumber": by_id["number"]} if by_id else {
        "invoiceId": NO_ID, "invoiceNumber": ""}  # fmt: skip


def _due(work: Work, dated: str, terms_id: str) -> str:
    """By a term's `30D`, `1M` or `CM`-less formula; days and months are what the seed uses."""
    terms = work.by_id("paymentTerms", terms_id) if terms_id != NO_ID else None
    formula = (terms["dueDateCalculation"] if terms else "") or "0D"
    if dated == NO_DATE:
        return dated
    start, count = date.fromisoformat(dated), int(formula[:-1])
    if formula.endswith("M"):
        month = start.month - 1 + count
        return date(start.year + month // 12, month % 12 + 1, min(start.day, 28)).isoformat()
    return (start + timedelta(days=count)).isoformat()
