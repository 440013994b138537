"""Why a line is on an invoice at this amount: the chain from source record to ERP, with the ids and versions of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shared.domain.contract import Contract
from shared.domain.identity import ExternalRef
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine
from shared.domain.project import Project
from shared.domain.rate_card import Rate, RateCard
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.cancelled_pairs import cancelled_pairs


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the chain. step: "source", "approval", "rate", "contract", "value", "credit", "correction", "tax", "invoice" or
    "erp". words: a sentence for a finance person. facts: ids, versions and figures, all as text.
    """

    step: str
    words: str
    facts: dict[str, str] = field(default_factory=dict)


def explain_line(
    document: InvoiceDocument,
    line_id: str,
    *,
    invoice: Invoice,
    item: WipItem,
    contract: Contract,
    project: Project | None = None,
    card: RateCard | None = None,
) -> tuple[Reason, ...]:
    """The whole chain of one line, from the work to the books.

    item: the WIP item of the line. card: the rate card as it is now; the rate shown is the one kept on the item.
    Raises BusinessException("line_unknown") for a line the document does not have or an item that is not its own.
    """
    line = next((each for each in document.lines if each.line_id == line_id), None)
    if line is None or line.wip_id != item.wip_id:
        raise BusinessException("line_unknown", invoice_id=document.invoice_id, line_id=line_id, wip_id=item.wip_id)
    reasons = [_source(item), _approval(item)]
    if document.credits:
        reasons.append(_credit(document, invoice))
    if item.reverses:
        reasons.append(_correction(item))
    reasons += [_rate(item, card), _contract(line, contract, project), _value(item)]
    reasons += [_tax(line, document), _invoice(line, document, invoice)]
    if invoice.erp_ref:
        reasons.append(_erp(invoice, invoice.erp_ref))
    return tuple(reasons)


def explain_dropped(items: Sequence[WipItem]) -> tuple[Reason, ...]:
    """Items an invoice claimed that are no lines of it, because they cancel each other."""
    dropped = cancelled_pairs(items)
    return tuple(
        Reason(
            "correction",
            f"{item.description}: {_money(item)} taken back before it was billed, no line",
            {"wip_id": item.wip_id, "reverses": item.reverses or "", "source_id": item.source_id},
        )
        for item in sorted(items, key=lambda each: (each.source_id, each.source_sequence, each.reverses is None))
        if item.wip_id in dropped
    )


def _source(item: WipItem) -> Reason:
    facts = {"source_id": item.source_id, "version": str(item.source_sequence), "wip_id": item.wip_id}
    facts |= _ref("source", item.source_ref)
    what = f"{item.kind.value} of {item.worked_on.isoformat()}"
    who = f" by {item.person}" if item.person else ""
    return Reason("source", f"{what}{who}: {item.description}", facts)


def _approval(item: WipItem) -> Reason:
    if item.approved_at is None and item.approver is None:
        return Reason("approval", "signed with the contract")
    at = item.approved_at.isoformat() if item.approved_at else ""
    return Reason(
        "approval",
        f"approved by {item.approver or 'somebody the source does not name'}{f' at {at}' if at else ''}",
        {"approver": item.approver or "", "approved_at": at},
    )


def _correction(item: WipItem) -> Reason:
    return Reason("correction", "takes back an item that was billed before", {"reverses": item.reverses or ""})


def _credit(document: InvoiceDocument, memo: Invoice) -> Reason:
    by = f", asked by {memo.submitter}" if memo.submitter else ""
    yes = f", approved by {memo.approver}" if memo.approver else ""
    return Reason(
        "credit",
        f"given back of invoice {document.credits}: {document.reason or 'no reason kept'}{by}{yes}",
        {
            "invoice_id": document.credits or "",
            "reason": document.reason or "",
            "submitter": memo.submitter or "",
            "approver": memo.approver or "",
        },
    )


def _rate(item: WipItem, card: RateCard | None) -> Reason:
    how = item.valuation
    price = f"{_plain(how.unit_price.amount)} {how.unit_price.currency}"
    if how.rate_id is None:
        return Reason("rate", f"{how.rule.replace('_', ' ')}: {price}", {"rule": how.rule})
    facts = {
        "rule": how.rule,
        "rate_id": how.rate_id,
        "rate_card_id": how.rate_card_id or "",
        "rate_card_version": how.rate_card_version or "",
    }
    now = _rate_now(card, how.rate_id)
    if now:
        facts["valid_from"] = now.valid_from.isoformat()
        facts["valid_to"] = now.valid_to.isoformat() if now.valid_to else ""
    if now and now.rate_per_hour != how.unit_price:
        facts["rate_now"] = str(now.rate_per_hour.amount)
    name = f" of {card.name}" if card else ""
    return Reason("rate", f"rate for {how.rule.replace('_', ' ')}{name}: {price} per hour", facts)


def _rate_now(card: RateCard | None, rate_id: str) -> Rate | None:
    return next((rate for rate in card.rates if rate.rate_id == rate_id), None) if card else None


def _contract(line: InvoiceLine, contract: Contract, project: Project | None) -> Reason:
    scope = next((each for each in contract.lines if each.line_id == line.contract_line_id), None)
    facts = {
        "contract_id": contract.contract_id,
        "contract_line_id": line.contract_line_id,
        "project_id": line.project_id,
        "purchase_order": contract.purchase_order or "",
    }
    under = f"contract {contract.reference or 'without a number'}, signed {contract.signed_on.isoformat()}"
    what = f", {scope.description} ({scope.kind.value.replace('_', ' ')})" if scope else ""
    where = f", project {project.name}" if project else ""
    return Reason("contract", f"{under}{what}{where}", facts | _ref("opportunity", contract.ref))


def _value(item: WipItem) -> Reason:
    how = item.valuation
    quantity, price = _plain(how.quantity), _plain(how.unit_price.amount)
    per = f" / {_plain(how.per)}" if how.per != 1 else ""
    return Reason(
        "value",
        f"{quantity} {how.unit}{per} x {price} = {_money(item)}, rounded half away from zero",
        {"quantity": quantity, "per": _plain(how.per), "unit_price": price, "value": _plain(item.value.amount)},
    )


def _tax(line: InvoiceLine, document: InvoiceDocument) -> Reason:
    tax = line.tax
    group = next(
        each for each in document.totals.breakdown if (each.tax.category, each.tax.rate) == (tax.category, tax.rate)
    )
    why = f", {tax.reason}" if tax.reason else ""
    words = (
        f"category {tax.category.value} at {_plain(tax.rate)} %{why}: {_plain(group.amount.amount)} on "
        f"{_plain(group.taxable.amount)} {group.taxable.currency}, the sum of all lines so taxed"
    )
    return Reason("tax", words, {"rule": tax.rule, "category": tax.category.value, "rate": _plain(tax.rate)})


def _invoice(line: InvoiceLine, document: InvoiceDocument, invoice: Invoice) -> Reason:
    totals = document.totals
    words = (
        f"line {line.line_id} of {len(document.lines)}, issued {document.issued_on.isoformat()}, due "
        f"{document.due_on.isoformat()}: net {_plain(totals.net.amount)}, tax {_plain(totals.tax.amount)}, gross "
        f"{_plain(totals.gross.amount)} {document.currency}"
    )
    facts = {"invoice_id": invoice.invoice_id, "status": invoice.status.value, "approver": invoice.approver or ""}
    return Reason("invoice", words, facts | {"document_key": invoice.document_key or ""})


def _erp(invoice: Invoice, ref: ExternalRef) -> Reason:
    gross = _plain(invoice.erp_gross.amount) if invoice.erp_gross else ""
    at = invoice.posted_at.isoformat() if invoice.posted_at else ""
    return Reason(
        "erp",
        f"posted as {invoice.erp_number or ref.id}{f' at {at}' if at else ''}{f', gross {gross}' if gross else ''}",
        _ref("erp", ref) | {"number": invoice.erp_number or "", "posted_at": at},
    )


def _ref(name: str, ref: ExternalRef | None) -> dict[str, str]:
    return {f"{name}_system": ref.system, f"{name}_kind": ref.kind, f"{name}_ref": ref.id} if ref else {}


def _money(item: WipItem) -> str:
    return f"{_plain(item.value.amount)} {item.value.currency}"


def _plain(number: Decimal) -> str:
    return f"{number:f}"
