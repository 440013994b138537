"""Posting drafts: checks, the number of the posted series under the same id, entries, and what a memo takes off."""

from __future__ import annotations

from decimal import Decimal

from sandbox.business_central import ledger
from sandbox.business_central.book import Record
from sandbox.business_central.documents import refuse_blocked
from sandbox.business_central.errors import Refused, rule
from sandbox.business_central.fields import NO_ID
from sandbox.business_central.kinds import DRAFTS, INVOICE, MEMO, Kind
from sandbox.business_central.lines import of_document
from sandbox.business_central.work import Work

ZERO = Decimal(0)


def post(work: Work, kind: Kind, head: Record) -> Record:
    """Raises Refused for anything but a complete draft on an open date for a customer who is not blocked."""
    if head["status"] not in DRAFTS:
        raise rule("draft_only", what=kind.what)
    found = of_document(work, kind, head)
    _check(work, kind, head, found)
    prefix, first = kind.posted
    values = {"number": work.next_number(f"{kind.heads}/posted", first, prefix), "status": "Open"}
    values["_draft_number"] = head["number"]
    posted = work.change(kind.heads, head, values)
    ledger.post_document(work, posted, found, kind.entry, 1 if kind is INVOICE else -1)
    if kind is INVOICE:
        closed = posted["totalAmountIncludingTax"] == 0
        return work.change(kind.heads, posted, {"status": "Paid"}) if closed else posted
    return _applied(work, posted)


def _check(work: Work, kind: Kind, head: Record, found: list[Record]) -> None:
    if not found:
        raise rule("no_lines", what=kind.what)
    if any(line["lineType"] != "Comment" and line["quantity"] == 0 for line in found):
        raise rule("no_quantity")
    limit = work.settings.approval
    if limit and head["totalAmountIncludingTax"] > Decimal(limit) and not head.get("_approved"):
        raise rule("in_review")
    customer = work.need("customers", head["customerId"])
    refuse_blocked(customer, "post")
    ledger.refuse_closed(work, head["postingDate"])
    reference = head["externalDocumentNumber"]
    if work.settings.require_external_number and not reference:
        facts = {"what": kind.entry, "number": head["number"]}
        raise Refused(400, "Application_FieldValidationException", "external_needed", **facts)
    if work.settings.refuse_duplicate_numbers and reference:
        others = work.book.where(kind.heads, work.company, "externalDocumentNumber", reference)
        if any(row["customerId"] == customer["id"] and row["status"] not in DRAFTS for row in others):
            raise rule("external_used", what=kind.entry, number=reference)


def apply(work: Work, invoice: Record, amount: Decimal, *, by_payment: bool) -> Decimal:
    """Takes up to `amount` off what is open on an invoice; answers how much it took."""
    taken: Decimal = min(amount, invoice["remainingAmount"])
    left = invoice["remainingAmount"] - taken
    values = {"remainingAmount": left} | ({"status": "Paid"} if left == 0 and invoice["status"] == "Open" else {})
    moves = work.settings.payment_moves_timestamp
    touch = not by_payment or moves == "always" or (moves == "full" and left == 0)
    work.change(INVOICE.heads, invoice, values, touch=touch)
    return taken


def _applied(work: Work, memo: Record) -> Record:
    """A memo for an invoice is set against it at once; what it closes or is closed by is paid."""
    if memo["invoiceId"] == NO_ID:
        return memo
    invoice = work.need(INVOICE.heads, memo["invoiceId"])
    if memo["postingDate"] < invoice["postingDate"]:
        raise rule("earlier_entry")
    gross = memo["totalAmountIncludingTax"]
    taken = apply(work, invoice, gross, by_payment=False) if gross > 0 else ZERO
    values: Record = {"_applied": {invoice["id"]: str(taken)}} if taken else {}
    if taken == gross:
        values["status"] = "Paid"
    return work.change(MEMO.heads, memo, values) if values else memo
