"""Our records -> NetSuite bodies, and its answers back. No other file knows a NetSuite field name.

Amounts and quantities are Decimals that travel as JSON numbers. Source: docs/connectors/netsuite.md, "Records".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from events.commands import EnsureErpProject, PostInvoiceResult
from events.values import Party, Ref
from functions.connectors.netsuite.settings import SYSTEM, NetSuiteSettings, TaxMode
from functions.connectors.netsuite.tax import rate_key, tax_details
from shared.domain.invoice import InvoiceDocument, InvoiceLine, LineOrigin
from shared.faults import BusinessException, Poison

Body = dict[str, Any]
_QUANTITY = Decimal("0.00001")
"""NetSuite keeps five decimals of a quantity. Only explains: the line's amount is sent beside it and is what counts."""
_RATE = Decimal("0.00000001")
"""A price that was converted has digits without end; it only explains, as the quantity does."""
_KINDS = {"time_entry": "time", "expense": "expense", "milestone": "milestone"}


def customer_eid(customer_id: str, legal_entity_id: str) -> str:
    """A customer is one record per legal entity: its subsidiary and currency are fixed there."""
    return f"{customer_id}-{legal_entity_id}"


def customer_body(party: Party, legal_entity_id: str, currency_id: str, settings: NetSuiteSettings) -> Body:
    """The body of PUT customer/eid:<customer_eid>, sent with `replace=addressBook`: the address has no key of its own."""
    address = party.address
    lines = {"addr1": address.street, "city": address.city, "zip": address.postal_code}
    body: Body = {
        "companyName": party.name,
        "isPerson": False,
        "subsidiary": {"id": settings.subsidiary(legal_entity_id)},
        "currency": {"id": currency_id},
        "addressBook": {
            "items": [
                {
                    "label": "Billing",
                    "defaultBilling": True,
                    "addressBookAddress": {
                        **{name: value for name, value in lines.items() if value},
                        "country": {"id": address.country},
                    },
                }
            ]
        },
    }
    if party.tax_number:
        body["vatRegNumber"] = party.tax_number
    return body


def job_body(command: EnsureErpProject, currency_id: str, settings: NetSuiteSettings) -> Body:
    """The body of PUT job/eid:<project_id>; `parent` is the customer of the same legal entity."""
    body: Body = {
        "companyName": command.name,
        "parent": {"externalId": customer_eid(command.customer_id, command.legal_entity_id)},
        "subsidiary": {"id": settings.subsidiary(command.legal_entity_id)},
        "currency": {"id": currency_id},
        "startDate": command.starts_on.isoformat(),
    }
    if command.ends_on:
        body["projectedEndDate"] = command.ends_on.isoformat()
    if settings.job_billing_type:
        body["jobBillingType"] = {"id": settings.job_billing_type}
    return body


def invoice_body(document: InvoiceDocument, currency_id: str, settings: NetSuiteSettings) -> Body:
    """The body of PUT invoice/eid:<invoice_id>, sent with `replace=item`: every line, each time, so none doubles."""
    body: Body = {
        "entity": {"externalId": customer_eid(document.customer_id, document.legal_entity_id)},
        "job": {"externalId": document.project_id},
        "subsidiary": {"id": settings.subsidiary(document.legal_entity_id)},
        "currency": {"id": currency_id},
        "tranDate": document.issued_on.isoformat(),
        "dueDate": document.due_on.isoformat(),
        "memo": f"{document.contract_reference}, work to {document.period_end.isoformat()}",
        "item": {"items": [_line(number, line, document, settings) for number, line in enumerate(document.lines, 1)]},
    }
    terms = settings.terms.get(str((document.due_on - document.issued_on).days))
    if terms:
        body["terms"] = {"id": terms}
    if document.purchase_order:
        body["otherRefNum"] = document.purchase_order
    if settings.approval_status:
        body["approvalStatus"] = {"id": settings.approval_status}
    if settings.tax_mode is TaxMode.DETAILS:
        body["taxDetailsOverride"] = True
        body["taxDetails"] = {"items": tax_details(document, settings)}
    return body


def _line(number: int, line: InvoiceLine, document: InvoiceDocument, settings: NetSuiteSettings) -> Body:
    kind = _kind(line)
    quantity = (line.quantity / line.price_base_quantity).quantize(_QUANTITY, rounding=ROUND_HALF_UP)
    body: Body = {
        "item": {"id": settings.item(kind)},
        "quantity": quantity,
        "rate": _rate(line.unit_price),
        "amount": line.net.amount,
        "description": line.description,
    }
    if settings.tax_mode is TaxMode.DETAILS:
        body["taxDetailsReference"] = line_reference(number)
    if settings.tax_mode is TaxMode.CODE:
        body["taxCode"] = {"id": settings.tax_code(document.legal_entity_id, rate_key(line.tax)).code}
    return body


def check_precision(document: InvoiceDocument, settings: NetSuiteSettings) -> None:
    """Raises BusinessException("erp_currency_precision") if NetSuite would cut an amount: it keeps as many decimals as an
    administrator set on the currency, whatever ISO 4217 says.
    """
    places = settings.decimals(document.currency)
    amounts = [document.totals.net, document.totals.tax, document.totals.gross, *(line.net for line in document.lines)]
    for money in amounts:
        if money.amount != round(money.amount, places):
            raise BusinessException(
                "erp_currency_precision",
                invoice_id=document.invoice_id,
                currency=document.currency,
                decimals=str(places),
                amount=str(money.amount),
            )


def _rate(price: Decimal) -> Decimal:
    exact = price.quantize(_RATE, rounding=ROUND_HALF_UP)
    return price if price == exact else exact


def _kind(line: InvoiceLine) -> str:
    """Discount, minimum and covered have items of their own, where the account has any."""
    if line.origin is not LineOrigin.WORK:
        return line.origin.value
    return _KINDS.get(line.source_ref.kind, "default") if line.source_ref else "instalment"


def line_reference(number: int) -> str:
    return f"L{number}"


def posted(record: Mapping[str, Any], currency: str) -> PostInvoiceResult:
    """GET invoice/eid:... -> what the saga is told: the ERP's own totals, not ours.

    Raises Poison("erp_invoice_unreadable") if a total or the number is missing.
    """
    try:
        net, gross = _amount(record["subtotal"]), _amount(record["total"])
        return PostInvoiceResult(
            ref=Ref(system=SYSTEM, kind="invoice", id=str(record["id"])),
            number=str(record["tranId"]),
            net=net,
            tax=_amount(record["taxTotal"]) if record.get("taxTotal") is not None else gross - net,
            gross=gross,
            currency=currency,
            issued_on=date.fromisoformat(str(record["tranDate"])[:10]),
            due_on=date.fromisoformat(str(record["dueDate"])[:10]) if record.get("dueDate") else None,
        )
    except (KeyError, ValueError, InvalidOperation) as exc:
        raise Poison("erp_invoice_unreadable", invoice=str(record.get("id", ""))) from exc


def status_of(record: Mapping[str, Any]) -> str:
    """The letter of the invoice's status ("A" open, "B" paid in full, "V" voided), from either of its two shapes."""
    status = record.get("status")
    return str(status.get("id", "")) if isinstance(status, Mapping) else str(status or "")


def _amount(value: object) -> Decimal:
    return Decimal(str(value))
