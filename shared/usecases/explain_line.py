"""Why a line is on an invoice at this amount: the chain from source record to ERP, with the ids and versions of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shared.domain.contract import Contract
from shared.domain.identity import ExternalRef
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine, LineOrigin
from shared.domain.money import Money
from shared.domain.project import Project
from shared.domain.rate_card import Rate, RateCard
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.cancelled_pairs import cancelled_pairs
from shared.usecases.signed_card import SIGNED


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the chain. step: "source", "approval", "correction", "rate", "contract", "amendment", "value", "clause",
    "tax", "invoice", "release" or "erp". words: a sentence for a finance person. facts: ids, versions and figures, all as text.
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
    if item.reverses:
        reasons.append(_correction(item))
    reasons += [_rate(item, card), _contract(line, contract, project), *_amendments(contract, invoice, item.worked_on)]
    reasons += [_value(item), _tax(line, document), _invoice(line, document, invoice), *_release(invoice)]
    if invoice.erp_ref:
        reasons.append(_erp(invoice, invoice.erp_ref))
    return tuple(reasons)


def explain_clause(
    document: InvoiceDocument,
    line_id: str,
    *,
    invoice: Invoice,
    contract: Contract,
    project: Project | None = None,
) -> tuple[Reason, ...]:
    """The chain of a line that is no work: a discount, a minimum, what a retainer or deposit covers.

    Raises BusinessException("line_unknown").
    """
    line = next((each for each in document.lines if each.line_id == line_id), None)
    if line is None or line.origin is LineOrigin.WORK:
        raise BusinessException("line_unknown", invoice_id=document.invoice_id, line_id=line_id, wip_id="")
    agreed = [_contract(line, contract, project), *_amendments(contract, invoice, document.period_end)]
    reasons = [*agreed, _clause(line, document), _tax(line, document), _invoice(line, document, invoice)]
    reasons += _release(invoice)
    if invoice.erp_ref:
        reasons.append(_erp(invoice, invoice.erp_ref))
    return tuple(reasons)


def _amendments(contract: Contract, invoice: Invoice, day: date) -> list[Reason]:
    """Those that governed this day, as far as they were known when the invoice was begun."""
    began = invoice.began_at
    governing = [
        each
        for each in contract.amendments
        if each.effective_on <= day and (began is None or each.recorded_at <= began)
    ]
    return [
        Reason(
            "amendment",
            f"amendment {each.amendment_id}, effective {each.effective_on.isoformat()}, recorded "
            f"{each.recorded_at.isoformat()}, approved by {each.approver}: {each.words}",
            {
                "amendment_id": each.amendment_id,
                "effective_on": each.effective_on.isoformat(),
                "recorded_at": each.recorded_at.isoformat(),
                "approver": each.approver,
            },
        )
        for each in governing
    ]


def _clause(line: InvoiceLine, document: InvoiceDocument) -> Reason:
    """A clause's amount stands against the work of its contract line on this invoice."""
    beside = [each for each in document.lines if each.contract_line_id == line.contract_line_id]
    work = sum((each.net for each in beside if each.origin is LineOrigin.WORK), Money.zero(document.currency))
    words = (
        f"{line.origin.value} by clause {line.clause or 'of the contract'}: {_plain(line.net.amount)} "
        f"{line.net.currency}, beside work of {_plain(work.amount)} on this contract line"
    )
    return Reason("clause", words, {"origin": line.origin.value, "clause": line.clause, "work": _plain(work.amount)})


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
    if how.rule.startswith(f"{SIGNED}_"):
        return _signed_rate(item, facts)
    name = f" of {card.name}" if card else ""
    return Reason("rate", f"rate for {how.rule.replace('_', ' ')}{name}: {price} per hour", facts)


def _signed_rate(item: WipItem, facts: dict[str, str]) -> Reason:
    """An amendment's price: its number stands where a card's version would."""
    how = item.valuation
    whom = item.role if how.rule == f"{SIGNED}_role" and item.role else "everybody"
    amendment = how.rate_card_version or ""
    price = f"{_plain(how.unit_price.amount)} {how.unit_price.currency} per hour"
    return Reason(
        "rate", f"price for {whom} signed by amendment {amendment}: {price}", facts | {"amendment": amendment}
    )


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
    exact = how.unit_price.times(how.quantity, how.per).amount
    rounding = item.value.amount - exact
    facts = {"quantity": quantity, "per": _plain(how.per), "unit_price": price, "value": _plain(item.value.amount)}
    return Reason(
        "value",
        f"{quantity} {how.unit}{per} x {price} = {_money(item)}, rounded half away from zero",
        facts | {"exact": _plain(exact), "rounded_by": _plain(rounding)},
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


def _release(invoice: Invoice) -> list[Reason]:
    """People who stand for the document, where there are any: who asked for it and who let it go."""
    if not (invoice.approver or invoice.submitter):
        return []
    asked = f"asked for by {invoice.submitter}" if invoice.submitter else ""
    let = f"approved for posting by {invoice.approver}" if invoice.approver else ""
    why = f": {invoice.reason}" if invoice.reason else ""
    facts = {"approver": invoice.approver or "", "submitter": invoice.submitter or "", "reason": invoice.reason or ""}
    return [Reason("release", ", ".join(part for part in (asked, let) if part) + why, facts)]


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
