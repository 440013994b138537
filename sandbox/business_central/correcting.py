"""Corrective credit memos and cancelling, with the half-way failures that cancelling knows."""

from __future__ import annotations

from typing import Any

from sandbox.business_central.book import Record
from sandbox.business_central.errors import Refused, rule
from sandbox.business_central.kinds import DRAFTS, INVOICE, MEMO
from sandbox.business_central.ledger import refuse_closed
from sandbox.business_central.lines import add_up, of_document
from sandbox.business_central.posting import post
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.work import Work

_SHARED = frozenset(ENTITIES[MEMO.heads].by_name) - {
    "id", "number", "status", "lastModifiedDateTime", "externalDocumentNumber", "invoiceId", "invoiceNumber",
}  # fmt: skip


class HalfDone(Exception):
    """Cancelling failed after it had made a credit memo: what was done stays, the caller is told of the failure."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def make_corrective_memo(work: Work, invoice: Record) -> Record:
    """A draft memo, a full copy of an invoice nothing was taken off yet. Raises Refused."""
    if invoice["status"] in DRAFTS:
        raise rule("posted_only", what="invoice")
    if invoice["remainingAmount"] != invoice["totalAmountIncludingTax"] or invoice["status"] == "Canceled":
        raise rule("memo_closed" if invoice["remainingAmount"] == 0 else "memo_part")
    return _copy(work, invoice)


def cancel(work: Work, invoice: Record, fail_at: str = "") -> Record:
    """fail_at: `created` or `posted`, the point after which it breaks (HalfDone). Raises Refused."""
    if invoice["status"] in DRAFTS:
        raise rule("posted_only", what="invoice")
    if invoice["status"] == "Canceled":
        raise rule("already_canceled", what="invoice")
    if invoice["remainingAmount"] != invoice["totalAmountIncludingTax"] or invoice["status"] == "Paid":
        raise rule("paid_cancel")
    refuse_closed(work, invoice["postingDate"])
    memo = _copy(work, invoice)
    if fail_at == "created":
        raise HalfDone(rule("cancel_created", text="The posting was interrupted."))
    memo = post(work, MEMO, memo)
    if fail_at == "posted":
        raise HalfDone(rule("cancel_posted", text="The invoice could not be updated."))
    work.change(MEMO.heads, memo, {"status": "Corrective"})
    now = work.need(INVOICE.heads, invoice["id"])
    return work.change(INVOICE.heads, now, {"status": "Canceled"})


def cancel_memo(work: Work, memo: Record) -> Record:
    """Raises Refused: a posted memo is undone by an invoice, which finance makes in the client."""
    if memo["status"] in DRAFTS:
        raise rule("posted_only", what="credit memo")
    raise Refused(501, "BadRequest_MethodNotImplemented", "no_action", name="cancel")


def _copy(work: Work, invoice: Record) -> Record:
    values: dict[str, Any] = {name: invoice[name] for name in _SHARED if name in invoice}
    values |= {
        "number": work.next_number(MEMO.heads, MEMO.draft[1], MEMO.draft[0]),
        "status": "Draft",
        "creditMemoDate": invoice["invoiceDate"],
        "invoiceId": invoice["id"],
        "invoiceNumber": invoice["number"],
        "externalDocumentNumber": invoice["externalDocumentNumber"],
        "_dimensions": invoice["_dimensions"],
        "_tax_area": invoice["_tax_area"],
        "_tax_liable": invoice["_tax_liable"],
    }
    memo = work.new(MEMO.heads, values)
    for line in of_document(work, INVOICE, invoice):
        copied = {name: value for name, value in line.items() if name not in ("id", "_version")}
        work.new(MEMO.lines, copied | {"documentId": memo["id"]})
    return add_up(work, MEMO, memo)
