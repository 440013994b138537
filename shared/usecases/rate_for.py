"""Which rate prices work: of those valid on its day the most specific, in the contract's currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from shared.domain.rate_card import NAMES, Named, Rate, RateCard, known_at, level_of
from shared.faults import BusinessException


def rate_for(card: RateCard, work: Named, *, currency: str, worked_on: date) -> tuple[str, Rate]:
    """(precedence level, the one rate of that level). Two rates valid on one day at one level are a fault of the card.

    A card never prices in a currency that nobody agreed: rates in other currencies than `currency` are not asked.
    Raises BusinessException("rate_missing" | "rate_overlap" | "currency_mismatch"); never answers zero for nothing.
    Source: docs/billing.md, "Which rate".
    """
    for names, rates in card.index:
        key = (currency, *[getattr(work, name) for name in names])
        found = rates.get(key)
        if found is None:
            continue
        hits = [rate for rate in found if rate.valid_on(worked_on)]
        if len(hits) > 1:
            ids = ",".join(sorted(rate.rate_id for rate in hits))
            facts = _facts(card, work, worked_on)
            raise BusinessException("rate_overlap", level=level_of(names), rates=ids, **facts)
        if hits:
            return level_of(names), hits[0]
    raise _nothing(card, work, currency, worked_on)


def rate_known_at(
    versions: Sequence[RateCard], work: Named, *, currency: str, worked_on: date, known: datetime
) -> tuple[RateCard, str, Rate]:
    """(the card as we knew it then, level, rate): what work of `worked_on` would have been priced at on `known`.

    versions: all of one card, in the order we learned them. Raises as rate_for; rate_missing also before the first.
    """
    card = known_at(versions, known)
    if card is None:
        raise BusinessException("rate_missing", worked_on=worked_on.isoformat(), known_at=known.isoformat())
    return (card, *rate_for(card, work, currency=currency, worked_on=worked_on))


def _nothing(card: RateCard, work: Named, currency: str, worked_on: date) -> BusinessException:
    """Why nothing fits. A rate that would fit but for its currency is a question of currency, not of a missing rate."""
    others = card.currencies - {currency}
    fitting = [other for other in sorted(others) if _fits(card, work, other, worked_on)]
    if fitting or currency not in card.currencies:
        return BusinessException(
            "currency_mismatch",
            contract_id=work.contract or "",
            contract_currency=currency,
            rate_card_id=card.rate_card_id,
            rate_card_currency=",".join(sorted(card.currencies)),
        )
    return BusinessException("rate_missing", **_facts(card, work, worked_on))


def _fits(card: RateCard, work: Named, currency: str, worked_on: date) -> bool:
    keyed = ((rates, (currency, *[getattr(work, name) for name in names])) for names, rates in card.index)
    return any(rate.valid_on(worked_on) for rates, key in keyed for rate in rates.get(key, ()))


def _facts(card: RateCard, work: Named, worked_on: date) -> dict[str, str]:
    asked = {f"{name}_id" if name in _IDS else name: getattr(work, name) or "" for name in NAMES}
    told = {name: value for name, value in asked.items() if value or name in ("role", "person_id", "project_id")}
    return {"rate_card_id": card.rate_card_id, "worked_on": worked_on.isoformat(), **told}


_IDS = frozenset({"person", "assignment", "task", "project", "contract", "customer"})
