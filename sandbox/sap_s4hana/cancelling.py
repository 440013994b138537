"""Cancelling a billing document: one that takes it back. A refusal is a row with message type E, and status 200.

Source: vendor notes, section 7.
"""

from __future__ import annotations

import base64

from sandbox.sap_s4hana import receivables
from sandbox.sap_s4hana.billing import HEAD, ITEM, PRICES, reopen
from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.errors import SapError, not_found
from sandbox.sap_s4hana.messages import period_closed, said
from sandbox.sap_s4hana.periods import is_closed
from sandbox.sap_s4hana.salesdocs import SalesDocuments
from sandbox.sap_s4hana.work import Work


def cancel(work: Work, documents: SalesDocuments, number: str) -> list[dict[str, str]]:
    """Rows of the answer: made, or why not."""
    try:
        with work.book.unit():
            made = _cancelled(work, documents, number)
    except SapError as refused:
        if refused.status == 404:
            raise
        return [_said(number, "", "E", refused.main.text)]
    return [_said(number, made, "S", f"Document {number} has been cancelled with document {made}")]


def _cancelled(work: Work, documents: SalesDocuments, number: str) -> str:
    row = work.book.get(HEAD, number)
    if row is None:
        raise not_found()
    today = work.clock.today().isoformat()
    if row["BillingDocumentIsCancelled"]:
        raise said("VF/064", f"Billing document {number} is already cancelled")
    if row["BillingDocumentType"] == "S1" or row["CancelledBillingDocument"]:
        raise said("VF/065", f"Billing document {number} is a cancellation and cannot be cancelled")
    if len(receivables.customer_items(work, row)) > 1 or row["InvoiceClearingStatus"] in ("B", "C"):
        raise said("F5/354", f"Billing document {number} has cleared items; reset the clearing first")
    when = row["BillingDocumentDate"]
    if is_closed(work.book, row["CompanyCode"], when[:7]):
        when = today
    if is_closed(work.book, row["CompanyCode"], when[:7]):
        raise period_closed(when[:7], row["CompanyCode"])
    return _reversal(work, documents, row, when)


def _reversal(work: Work, documents: SalesDocuments, row: Row, when: str) -> str:
    made, stamp = work.book.number("billing", 90000001), work.clock.stamp()
    credit = row["BillingDocumentType"] == "G2"
    new = {"LastChangeDateTime": stamp, "LastChangeDate": stamp[:10]}
    head = row | new | {
        "BillingDocument": made,
        "BillingDocumentType": "S2" if credit else "S1",
        "SDDocumentCategory": "S" if credit else "N",
        "CancelledBillingDocument": row["BillingDocument"],
        "BillingDocumentDate": when,
        "FiscalYear": when[:4],
        "FiscalPeriod": f"0{when[5:7]}",
        "CreationDate": stamp[:10],
        "CreationTime": stamp[11:19],
        "CreatedByUser": work.user,
        "AccountingDocument": "",
    }  # fmt: skip
    work.book.put(HEAD, head)
    for table in (ITEM, PRICES):
        for below in work.book.where(table, BillingDocument=row["BillingDocument"]):
            work.book.put(table, below | {"BillingDocument": made})
    reopen(work, documents, row["BillingDocument"])
    work.book.put(HEAD, row | {"BillingDocumentIsCancelled": True} | new)
    if row["AccountingDocument"]:
        receivables.post(work, made)
        reversal, original = work.book.get(HEAD, made), work.book.get(HEAD, row["BillingDocument"])
        assert reversal is not None and original is not None
        receivables.clear_against(work, original, reversal)
    return made


def _said(number: str, made: str, kind: str, text: str) -> dict[str, str]:
    return {
        "BillingDocument": number,
        "CancellationBillingDocument": made,
        "SystemMessageType": kind,
        "SystemMessageText": text,
    }


def pdf(work: Work, number: str) -> str:
    """A one-page document of the billing document's number and total, base64. Raises SapError 404."""
    row = work.book.get(HEAD, number)
    if row is None:
        raise not_found()
    line = f"{row['BillingDocumentType']} {number}  {row['TotalGrossAmount']} {row['TransactionCurrency']}"
    stream = f"BT /F1 14 Tf 72 720 Td ({line}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = "%PDF-1.4\n", []
    for at, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{at} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return base64.b64encode(f"{body}{end}startxref\n{len(body)}\n%%EOF\n".encode("latin-1")).decode()
