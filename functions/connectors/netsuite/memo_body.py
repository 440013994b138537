"""Our credit memo -> NetSuite's creditMemo, set against its invoice. Source: docs/connectors/netsuite.md, "Credit memos"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from events.commands import PostCreditMemoResult
from functions.connectors.netsuite.mapping import Body, invoice_body, posted
from functions.connectors.netsuite.settings import SYSTEM, NetSuiteSettings
from shared.domain.invoice import InvoiceDocument
from shared.faults import Poison

_OF_INVOICES_ONLY = ("dueDate", "terms", "approvalStatus")


def memo_body(document: InvoiceDocument, currency_id: str, settings: NetSuiteSettings) -> Body:
    """The body of PUT creditMemo/eid:<memo id>, sent with `replace=item`, but for `apply`. Amounts are positive."""
    body = invoice_body(document, currency_id, settings)
    body = {name: value for name, value in body.items() if name not in _OF_INVOICES_ONLY}
    body["memo"] = f"{document.contract_reference}: {document.reason or 'credit'}"[:999]
    return body


def apply_body(invoice: Mapping[str, Any], gross: Decimal) -> Body:
    """The `apply` sublist, sent with `replace=apply`: as much of the memo as its invoice has open, nothing where it was paid.

    Raises Poison("erp_invoice_unreadable").
    """
    try:
        amount = min(Decimal(str(invoice["amountRemaining"])), gross)
        line = {"doc": {"id": str(invoice["id"])}, "apply": True, "amount": amount}
        return {"items": [line] if amount > 0 else []}
    except (KeyError, InvalidOperation) as exc:
        raise Poison("erp_invoice_unreadable", invoice=str(invoice.get("id", ""))) from exc


def memo_posted(record: Mapping[str, Any], currency: str) -> PostCreditMemoResult:
    """GET creditMemo/eid:... -> number and totals as NetSuite has them; `applied` is what its invoice took.

    Raises Poison("erp_invoice_unreadable").
    """
    found = posted(record, currency).model_dump()
    found["ref"] = {"system": SYSTEM, "kind": "credit_memo", "id": str(record["id"])}
    return PostCreditMemoResult(**found, applied=_applied(record, found["gross"]))


def _applied(record: Mapping[str, Any], gross: Decimal) -> Decimal | None:
    """`applied` where the record says it, else what is not left; None where neither is there."""
    try:
        if record.get("applied") is not None:
            return Decimal(str(record["applied"]))
        for name in ("unapplied", "amountRemaining"):
            if record.get(name) is not None:
                return gross - Decimal(str(record[name]))
    except InvalidOperation as exc:
        raise Poison("erp_invoice_unreadable", invoice=str(record.get("id", ""))) from exc
    return None
