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
from shared.domain.wip import Valuation, WipItem
from shared.domain.write_off import WriteOff
from shared.faults import BusinessException
from shared.usecases.cancelled_pairs import cancelled_pairs
from shared.usecases.explain_money import of_books, of_price, shown_price
from shared.usecases.hold_over_cap import OVER_CAP, OVER_LIMIT
from shared.usecases.signed_card import SIGNED


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the chain. step: "source", "approval", "late", "clause", "rate", "fx", "contract", "amendment", "value",
    "credit", "correction", "write_off", "tax", "invoice", "release", "books" or "erp". words: a sentence for a finance
    person. facts: ids, versions and figures, all as text.
    """

    step: str
    words: str
    facts: dict[str, str] = field(default_factory=dict)


def explain_line(
    document: InvoiceDocument,
    line_id: str,
    *,
    invoice: Invoice,
    item: WipItem | None,
    contract: Contract,
    project: Project | None = None,
    card: RateCard | None = None,
    write_off: WriteOff | None = None,
) -> tuple[Reason, ...]:
    """The whole chain of one line, from the work to the books.

    item: the WIP item of the line, None for a line that comes from a clause: its figures stand on the line. card: the rate
    card as it is now; the rate shown is the one kept on the item. write_off: the one that made the item, for an item that
    adjusts another.
    Raises BusinessException("line_unknown") for a line the document does not have or an item that is not its own.
    """
    line = next((each for each in document.lines if each.line_id == line_id), None)
    wip_id = item.wip_id if item else ""
    if line is None or line.wip_id != wip_id:
        raise BusinessException("line_unknown", invoice_id=document.invoice_id, line_id=line_id, wip_id=wip_id)
    if item:
        reasons = _of_item(line, item, document, contract, project, card, write_off, invoice)
    else:
        reasons = _of_clause(line, document, contract, project, invoice)
    if document.credits:
        reasons.insert(0, _credit(document, invoice))
    reasons += [_tax(line, document), _invoice(line, document, invoice), *_release(invoice)]
    if booked := of_books(document.book):
        reasons.append(Reason("books", *booked))
    if invoice.erp_ref:
        reasons.append(_erp(invoice, invoice.erp_ref))
    return tuple(reasons)


def _of_item(
    line: InvoiceLine,
    item: WipItem,
    document: InvoiceDocument,
    contract: Contract,
    project: Project | None,
    card: RateCard | None,
    write_off: WriteOff | None,
    invoice: Invoice,
) -> list[Reason]:
    reasons = [_source(item), _approval(item)]
    if line.late:
        reasons.append(_late(line, document))
    if write_off:
        reasons.append(explain_write_off(item, write_off))
    elif item.reverses:
        reasons.append(_correction(item))
    if item.valuation.rule in _HELD:
        reasons.append(_held(item))
    reasons.append(_rate(item, card))
    if converted := of_price(item.valuation):
        reasons.append(Reason("fx", *converted))
    agreed = [_contract(line, contract, project), *_amendments(contract, invoice, item.worked_on)]
    return [*reasons, *agreed, _value(item)]


def _of_clause(
    line: InvoiceLine, document: InvoiceDocument, contract: Contract, project: Project | None, invoice: Invoice
) -> list[Reason]:
    """Nobody approved it by itself: it was signed with the contract and follows from the work and the ledger."""
    return [
        _clause(line, document),
        Reason("approval", "signed with the contract"),
        _contract(line, contract, project),
        *_amendments(contract, invoice, document.period_end),
    ]


_HELD = {OVER_CAP: "the cap of the contract line", OVER_LIMIT: "the contract's limit for one expense"}


def _held(item: WipItem) -> Reason:
    """A part that was cut off at a cap or a limit: minus it where the whole stands, plus it where it is billed later."""
    over = _HELD[item.valuation.rule]
    if item.value.amount < 0:
        return Reason("clause", f"above {over}: taken off here and held", {"rule": item.valuation.rule})
    return Reason("clause", f"was above {over} and held; billed now", {"rule": item.valuation.rule})


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
        f"{line.origin.value}: {line.clause or 'of the contract'}: {_plain(line.net.amount)} "
        f"{line.net.currency}, beside work of {_plain(work.amount)} on this contract line"
    )
    facts = {"origin": line.origin.value, "contract_line_id": line.contract_line_id, "clause": line.clause}
    return Reason("clause", words, facts | {"net": _plain(line.net.amount), "work": _plain(work.amount)})


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


def _late(line: InvoiceLine, document: InvoiceDocument) -> Reason:
    worked = line.worked_on.isoformat() if line.worked_on else ""
    words = f"late: worked on {worked}, before the period that ends on {document.period_end.isoformat()}"
    return Reason("late", words, {"worked_on": worked, "issued_on": document.issued_on.isoformat()})


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
    asked = how.card_price or how.unit_price
    price = f"{_plain(asked.amount)} {asked.currency}"
    if how.rate_id is None:
        named = how.rule.replace("_", " ").replace(":limit", ", limit")
        return Reason("rate", f"{named}: {price}", {"rule": how.rule} | _clauses(how))
    facts = {
        "rule": how.rule,
        "rate_id": how.rate_id,
        "rate_card_id": how.rate_card_id or "",
        "rate_card_version": how.rate_card_version or "",
    } | _clauses(how)
    now = _rate_now(card, how.rate_id)
    if now:
        facts["valid_from"] = now.valid_from.isoformat()
        facts["valid_to"] = now.valid_to.isoformat() if now.valid_to else ""
    if now and now.rate_per_hour != (how.card_price or how.rate_per_hour or how.unit_price):
        facts["rate_now"] = str(now.rate_per_hour.amount)
    if how.rule.startswith(f"{SIGNED}_"):
        return _signed_rate(item, facts)
    name = f" of {card.name}" if card else ""
    return Reason("rate", f"rate for {how.rule.replace('_', ' ')}{name}: {price} per hour{_times(how)}", facts)


def _times(how: Valuation) -> str:
    """What a multiplier made the price of, if one did."""
    if how.multiplier is None or how.rate_per_hour is None:
        return ""
    clause = next((each for each in how.clauses if each.startswith("multipliers.")), "multipliers")
    return f", {_plain(how.rate_per_hour.amount)} x {_plain(how.multiplier)} by clause {clause}"


def _clauses(how: Valuation) -> dict[str, str]:
    """Terms of the contract line that made price or quantity what they are; nothing where there are none."""
    facts = {"clauses": ", ".join(how.clauses)} if how.clauses else {}
    if how.multiplier is not None and how.rate_per_hour is not None:
        facts |= {"multiplier": _plain(how.multiplier), "rate_per_hour": _plain(how.rate_per_hour.amount)}
    return facts if how.worked is None else facts | {"worked": _plain(how.worked)}


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
    quantity, price = _plain(how.quantity), _plain(shown_price(how.unit_price.amount))
    per = f" / {_plain(how.per)}" if how.per != 1 else ""
    worked = f" ({_plain(how.worked)} worked, rounded)" if how.worked is not None else ""
    exact = how.unit_price.times(how.quantity, how.per).amount
    rounding = item.value.amount - exact
    facts = {"quantity": quantity, "per": _plain(how.per), "unit_price": price, "value": _plain(item.value.amount)}
    return Reason(
        "value",
        f"{quantity} {how.unit}{worked}{per} x {price} = {_money(item)}, rounded half away from zero",
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
    facts = {"rule": tax.rule, "category": tax.category.value, "rate": _plain(tax.rate)}
    return Reason("tax", words, facts | ({"code": tax.code} if tax.code else {}))


def _invoice(line: InvoiceLine, document: InvoiceDocument, invoice: Invoice) -> Reason:
    totals = document.totals
    words = (
        f"line {line.line_id} of {len(document.lines)}, issued {document.issued_on.isoformat()}, due "
        f"{document.due_on.isoformat()}: net {_plain(totals.net.amount)}, tax {_plain(totals.tax.amount)}, gross "
        f"{_plain(totals.gross.amount)} {document.currency}"
    )
    if invoice.approver:
        words += f"; approved by {invoice.approver}"
        words += f" at {invoice.approved_at.isoformat()}" if invoice.approved_at else ""
    facts = {"invoice_id": invoice.invoice_id, "status": invoice.status.value, "approver": invoice.approver or ""}
    facts |= {"approved_at": invoice.approved_at.isoformat() if invoice.approved_at else ""}
    facts |= {"submitter": invoice.submitter or "", "document_key": invoice.document_key or ""}
    return Reason("invoice", words, facts)


def explain_write_off(item: WipItem, write_off: WriteOff) -> Reason:
    """Why an item that adjusts another is there: who gave up what of it, and who approved that."""
    words = (
        f"write-down of an item by {write_off.submitter} on {write_off.submitted_at.date().isoformat()}: "
        f"{write_off.reason.replace('_', ' ')}"
    )
    words += f", {write_off.note}" if write_off.note else ""
    words += f"; approved by {write_off.approver}" if write_off.approver not in (None, write_off.submitter) else ""
    facts = {"write_off_id": write_off.write_off_id, "adjusts": item.adjusts or "", "rule": write_off.rule}
    facts |= {"submitter": write_off.submitter, "approver": write_off.approver or "", "status": write_off.status.value}
    return Reason("write_off", words, facts)


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
