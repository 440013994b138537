"""Billing documents as S/4HANA has them -> what sagas are told: SAP's own totals, not ours.

Source: docs/connectors/sap_s4hana.md, "Billing documents".
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from events.commands import PostCreditMemoResult, PostInvoiceResult
from events.values import Ref
from functions.connectors.sap_s4hana.client import Row
from functions.connectors.sap_s4hana.odata import amount, plain, read_day
from functions.connectors.sap_s4hana.settings import SYSTEM
from shared.domain.invoice import InvoiceDocument
from shared.faults import BusinessException, Poison

BILL_FIELDS = (
    "BillingDocument,BillingDocumentType,BillingDocumentDate,BillingDocumentIsCancelled,CancelledBillingDocument,"
    "TotalNetAmount,TaxAmount,TotalGrossAmount,TransactionCurrency,SoldToParty,CompanyCode,FiscalYear,"
    "AccountingDocument,PurchaseOrderByCustomer,InvoiceClearingStatus,LastChangeDateTime"
)


def posted(row: Row) -> PostInvoiceResult:
    """Raises Poison("erp_invoice_unreadable")."""
    return PostInvoiceResult(**_said(row, "invoice"))


def memo_posted(row: Row, applied: Decimal | None) -> PostCreditMemoResult:
    """Raises Poison("erp_invoice_unreadable")."""
    return PostCreditMemoResult(**_said(row, "credit_memo"), applied=applied)


def _said(row: Row, kind: str) -> dict[str, Any]:
    """The due date is not here: it follows from terms, in accounting."""
    try:
        currency = str(row["TransactionCurrency"])
        number = plain(row["BillingDocument"])
        return {
            "ref": Ref(system=SYSTEM, kind=kind, id=number),
            "number": number,
            "net": amount(row["TotalNetAmount"], currency),
            "tax": amount(row["TaxAmount"], currency),
            "gross": amount(row["TotalGrossAmount"], currency),
            "currency": currency,
            "issued_on": read_day(row["BillingDocumentDate"]),
        }
    except (KeyError, ValueError) as exc:
        raise Poison("erp_invoice_unreadable", invoice=str(row.get("BillingDocument", ""))) from exc


def standing_of(rows: Sequence[Row], document: InvoiceDocument) -> Row | None:
    """Which of the billing documents under our reference counts, None if there is none.

    Raises BusinessException("erp_invoice_dead") when it was cancelled, ("erp_invoice_split") when there are several.
    """
    made = [row for row in rows if not str(row.get("CancelledBillingDocument") or "")]
    alive = [row for row in made if row.get("BillingDocumentIsCancelled") is not True]
    if made and not alive:
        number = plain(made[0]["BillingDocument"])
        raise BusinessException("erp_invoice_dead", invoice_id=document.invoice_id, status="cancelled", erp_id=number)
    if len(alive) > 1:
        numbers = ",".join(sorted(plain(row["BillingDocument"]) for row in alive))
        raise BusinessException("erp_invoice_split", invoice_id=document.invoice_id, erp_ids=numbers[:200])
    return alive[0] if alive else None


def check_total(row: Row, document: InvoiceDocument) -> None:
    """Raises BusinessException("amount_disagreement") when it stands there with another total than ours."""
    theirs = posted(row).gross
    if theirs != document.totals.gross.amount:
        raise BusinessException(
            "amount_disagreement",
            invoice_id=document.invoice_id,
            erp_id=plain(row["BillingDocument"]),
            ours=str(document.totals.gross.amount),
            theirs=str(theirs),
        )
