"""Why a WIP item came to its value: its source, approval, rate and rounding, and what takes it back."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.invoice import InvoiceDocument, InvoiceLine
from shared.domain.rate_card import Rate, RateCard
from shared.domain.wip import Valuation, WipItem
from shared.domain.write_off import WriteOff
from shared.usecases.cancelled_pairs import cancelled_pairs
from shared.usecases.explain_money import shown_price
from shared.usecases.explain_reason import Reason, money_text, plain, ref_facts
from shared.usecases.hold_over_cap import OVER_CAP, OVER_LIMIT
from shared.usecases.signed_card import SIGNED

HELD = {OVER_CAP: "the cap of the contract line", OVER_LIMIT: "the contract's limit for one expense"}


def held(item: WipItem) -> Reason:
    """A part that was cut off at a cap or a limit: minus it where the whole stands, plus it where it is billed later."""
    over = HELD[item.valuation.rule]
    if item.value.amount < 0:
        return Reason("clause", f"above {over}: taken off here and held", {"rule": item.valuation.rule})
    return Reason("clause", f"was above {over} and held; billed now", {"rule": item.valuation.rule})


def explain_dropped(items: Sequence[WipItem]) -> tuple[Reason, ...]:
    """Items an invoice claimed that are no lines of it, because they cancel each other."""
    dropped = cancelled_pairs(items)
    return tuple(
        Reason(
            "correction",
            f"{item.description}: {money_text(item)} taken back before it was billed, no line",
            {"wip_id": item.wip_id, "reverses": item.reverses or "", "source_id": item.source_id},
        )
        for item in sorted(items, key=lambda each: (each.source_id, each.source_sequence, each.reverses is None))
        if item.wip_id in dropped
    )


def source_of(item: WipItem) -> Reason:
    facts = {"source_id": item.source_id, "version": str(item.source_sequence), "wip_id": item.wip_id}
    facts |= ref_facts("source", item.source_ref)
    what = f"{item.kind.value} of {item.worked_on.isoformat()}"
    who = f" by {item.person}" if item.person else ""
    return Reason("source", f"{what}{who}: {item.description}", facts)


def late(line: InvoiceLine, document: InvoiceDocument) -> Reason:
    worked = line.worked_on.isoformat() if line.worked_on else ""
    words = f"late: worked on {worked}, before the period that ends on {document.period_end.isoformat()}"
    return Reason("late", words, {"worked_on": worked, "issued_on": document.issued_on.isoformat()})


def approval(item: WipItem) -> Reason:
    if item.approved_at is None and item.approver is None:
        return Reason("approval", "signed with the contract")
    at = item.approved_at.isoformat() if item.approved_at else ""
    return Reason(
        "approval",
        f"approved by {item.approver or 'somebody the source does not name'}{f' at {at}' if at else ''}",
        {"approver": item.approver or "", "approved_at": at},
    )


def correction(item: WipItem) -> Reason:
    return Reason("correction", "takes back an item that was billed before", {"reverses": item.reverses or ""})


def rate_of(item: WipItem, card: RateCard | None) -> Reason:
    how = item.valuation
    asked = how.card_price or how.unit_price
    price = f"{plain(asked.amount)} {asked.currency}"
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
    return f", {plain(how.rate_per_hour.amount)} x {plain(how.multiplier)} by clause {clause}"


def _clauses(how: Valuation) -> dict[str, str]:
    """Terms of the contract line that made price or quantity what they are; nothing where there are none."""
    facts = {"clauses": ", ".join(how.clauses)} if how.clauses else {}
    if how.multiplier is not None and how.rate_per_hour is not None:
        facts |= {"multiplier": plain(how.multiplier), "rate_per_hour": plain(how.rate_per_hour.amount)}
    return facts if how.worked is None else facts | {"worked": plain(how.worked)}


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


def value_of(item: WipItem) -> Reason:
    how = item.valuation
    quantity, price = plain(how.quantity), plain(shown_price(how.unit_price.amount))
    per = f" / {plain(how.per)}" if how.per != 1 else ""
    worked = f" ({plain(how.worked)} worked, rounded)" if how.worked is not None else ""
    exact = how.unit_price.times(how.quantity, how.per).amount
    rounding = item.value.amount - exact
    facts = {"quantity": quantity, "per": plain(how.per), "unit_price": price, "value": plain(item.value.amount)}
    return Reason(
        "value",
        f"{quantity} {how.unit}{worked}{per} x {price} = {money_text(item)}, rounded half away from zero",
        facts | {"exact": plain(exact), "rounded_by": plain(rounding)},
    )


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
