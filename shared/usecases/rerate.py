"""A rate changed after work was valued: open work is priced anew, billed work gets a plan of credit and rebill."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shared.domain.identity import derived_id
from shared.domain.money import Money
from shared.domain.rate_card import NAMES, Named, Rate, RateCard
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem, WipKind
from shared.faults import BusinessException
from shared.usecases.multiplier_for import multiplied
from shared.usecases.rate_for import rate_for


@dataclass(frozen=True, slots=True)
class RerateLine:
    """One billed item under the card as it is now. credited: what is taken back on the credit memo against
    `invoice_id`, the item as it was billed; rebilled: what is billed instead. Both net and positive.
    """

    invoice_id: str
    wip_id: str
    source_id: str
    project_id: str
    description: str
    worked_on: date
    quantity: Decimal
    credited: Money
    rebilled: Money
    price_billed: Money
    price_now: Money
    rate_id_billed: str
    rate_id_now: str
    card_version_billed: str

    @property
    def difference(self) -> Money:
        return self.rebilled - self.credited


def changed_from(before: RateCard, now: RateCard) -> date | None:
    """The first day of work whose price may differ between two versions of a card; None if none does.

    A rate that only ends another day is the same up to the earlier of both ends.
    """
    spans: dict[tuple[object, ...], set[date | None]] = {}
    for rate in {*map(_priced, before.rates)} ^ {*map(_priced, now.rates)}:
        spans.setdefault(rate[1:], set()).add(rate[0])
    firsts = [min(end for end in ends if end) if len(ends) > 1 else key[0] for key, ends in spans.items()]
    return min((first for first in firsts if isinstance(first, date)), default=None)


def _priced(rate: Rate) -> tuple[date | None, date, Money, tuple[str | None, ...]]:
    """All of a rate but its id, its end first."""
    return (rate.valid_to, rate.valid_from, rate.rate_per_hour, tuple(getattr(rate, name) for name in NAMES))


def rerated(item: WipItem, card: RateCard) -> WipItem | None:
    """The item that this card makes of it; None if it costs the same, or was not priced by this card.

    Quantity, multiplier and rounding stay: they are the contract's and the day's. Ids follow from item and card version,
    so the same change never makes two. Raises BusinessException("rate_missing" | "rate_overlap" | "currency_mismatch").
    Source: docs/billing.md, "A rate that changes later".
    """
    how = item.valuation
    if not outdated(item, card):
        return None
    level, rate = rate_for(card, _asked(item), currency=item.value.currency, worked_on=item.worked_on)
    price = rate.rate_per_hour if how.multiplier is None else multiplied(rate.rate_per_hour, how.multiplier)
    if price == how.unit_price:
        return None
    valuation = replace(
        how,
        unit_price=price,
        rule=level,
        rate_id=rate.rate_id,
        rate_card_version=card.version,
        rate_per_hour=None if how.multiplier is None else rate.rate_per_hour,
    )
    wip_id = derived_id("wip", item.wip_id, "rerated", card.rate_card_id, card.version)
    return replace(item, wip_id=wip_id, value=valuation.value, valuation=valuation, claimed_by=None)


def rerate(source: SourceRecord, item: WipItem, new: WipItem) -> tuple[SourceRecord, tuple[WipItem, WipItem]]:
    """(the source as it stands after, the reversal and the new item). The source's own version stays, its `revision`
    moves, so that a correction reckoned meanwhile is reckoned again.
    """
    if source.wip_id != item.wip_id:
        raise ValueError(f"{item.wip_id} does not stand for {source.source_id} any more")
    reversal = replace(
        item,
        wip_id=derived_id("wip", item.wip_id, "rerated", "reversal"),
        description=f"Rate change of {item.description}",
        value=-item.value,
        valuation=item.valuation.negated(),
        reverses=item.wip_id,
        claimed_by=None,
    )
    after = replace(source, wip_id=new.wip_id, value=new.value, revision=source.revision + 1)
    return after, (reversal, new)


def rerate_plan(
    items: Iterable[WipItem], before: RateCard | None, now: RateCard, *, also: Collection[str] = ()
) -> tuple[RerateLine, ...]:
    """Credit and rebill lines, by invoice and date, for review; nothing of it is done here.

    items: standing items that invoices claimed. An item is in it if the change from `before` to `now` changed its
    price, or its id is in `also` (it was in a plan that nobody decided yet), and it was billed at another price than
    `now` says. before None: the first version of the card, which changes nothing.
    Source: docs/billing.md, "A rate that changes later".
    """
    lines = [_line(item, now) for item in items if item.wip_id in also or _changed(item, before, now)]
    return tuple(sorted((line for line in lines if line), key=_by_invoice))


def outdated(item: WipItem, card: RateCard) -> bool:
    """Priced by another version of this card than this one."""
    return priced_by(item, card) and item.valuation.rate_card_version != card.version


def priced_by(item: WipItem, card: RateCard) -> bool:
    """Time that asked this card; an item from before it was kept who asked (`person_id`) keeps its rate."""
    timed = item.kind is WipKind.TIME and item.reverses is None and item.person_id is not None
    return timed and item.valuation.rate_card_id == card.rate_card_id


def _changed(item: WipItem, before: RateCard | None, now: RateCard) -> bool:
    if before is None or not priced_by(item, now):
        return False
    return _price(item, before) != _price(item, now)


def _price(item: WipItem, card: RateCard) -> Money | None:
    try:
        return rate_for(card, _asked(item), currency=item.value.currency, worked_on=item.worked_on)[1].rate_per_hour
    except BusinessException:
        return None  # no rate is not another rate: what was billed stays billed


def _line(item: WipItem, now: RateCard) -> RerateLine | None:
    new = rerated(item, now) if _price(item, now) is not None else None
    if new is None or item.claimed_by is None:
        return None
    return RerateLine(
        invoice_id=item.claimed_by,
        wip_id=item.wip_id,
        source_id=item.source_id,
        project_id=item.project_id,
        description=item.description,
        worked_on=item.worked_on,
        quantity=item.valuation.quantity,
        credited=item.value,
        rebilled=new.value,
        price_billed=item.valuation.unit_price,
        price_now=new.valuation.unit_price,
        rate_id_billed=item.valuation.rate_id or "",
        rate_id_now=new.valuation.rate_id or "",
        card_version_billed=item.valuation.rate_card_version or "",
    )


def _by_invoice(line: RerateLine) -> tuple[str, date, str]:
    return (line.invoice_id, line.worked_on, line.wip_id)


def _asked(item: WipItem) -> Named:
    return Named(
        item.person_id,
        item.assignment_id,
        item.task_id,
        item.role,
        item.project_id,
        item.contract_id,
        item.customer_id,
        item.region,
    )
