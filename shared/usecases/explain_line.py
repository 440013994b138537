"""Why a line is on an invoice at this amount: the chain from source record to ERP, with the ids and versions of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shared.domain.contract import Contract
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine, LineOrigin
from shared.domain.money import Money
from shared.domain.project import Project
from shared.domain.rate_card import Rate, RateCard
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.cancelled_pairs import cancelled_pairs
from shared.usecases.explain_books import to_the_books
from shared.usecases.reason import Reason, plain, ref_facts
from shared.usecases.signed_card import SIGNED


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
    reasons.append(_value(item))
    return (*reasons, *to_the_books(line, document, invoice))


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
    return (*agreed, _clause(line, document), *to_the_books(line, document, invoice))


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
        f"{line.origin.value} by clause {line.clause or 'of the contract'}: {plain(line.net.amount)} "
        f"{line.net.currency}, beside work of {plain(work.amount)} on this contract line"
    )
    return Reason("clause", words, {"origin": line.origin.value, "clause": line.clause, "work": plain(work.amount)})


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
    facts |= ref_facts("source", item.source_ref)
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
    price = f"{plain(how.unit_price.amount)} {how.unit_price.currency}"
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
    price = f"{plain(how.unit_price.amount)} {how.unit_price.currency} per hour"
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
    return Reason("contract", f"{under}{what}{where}", facts | ref_facts("opportunity", contract.ref))


def _value(item: WipItem) -> Reason:
    how = item.valuation
    quantity, price = plain(how.quantity), plain(how.unit_price.amount)
    per = f" / {plain(how.per)}" if how.per != 1 else ""
    exact = how.unit_price.times(how.quantity, how.per).amount
    rounding = item.value.amount - exact
    facts = {"quantity": quantity, "per": plain(how.per), "unit_price": price, "value": plain(item.value.amount)}
    return Reason(
        "value",
        f"{quantity} {how.unit}{per} x {price} = {_money(item)}, rounded half away from zero",
        facts | {"exact": plain(exact), "rounded_by": plain(rounding)},
    )


def _money(item: WipItem) -> str:
    return f"{plain(item.value.amount)} {item.value.currency}"
