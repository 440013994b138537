"""A rate card in another currency than its contract: its prices are converted, the value of work is rounded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from shared.domain.exchange import FxRule, FxUsed, RateTable
from shared.domain.rate_card import Rate, RateCard
from shared.domain.wip import WipItem
from shared.usecases.convert_money import rate_between


def card_in(
    card: RateCard, currency: str, worked_on: date, table: RateTable, rule: FxRule
) -> tuple[RateCard, dict[str, FxUsed]]:
    """(the card with every price in `currency`, unrounded; by rate id how it was converted).

    worked_on: the day of the rate, so that work that is valued late gets the same amount.
    Raises BusinessException("fx_rate_missing" | "fx_currency_not_quoted").
    """
    theirs = sorted({rate.rate_per_hour.currency for rate in card.rates} - {currency})
    used = {each: rate_between(each, currency, worked_on, table, rule) for each in theirs}
    by_rate = {rate.rate_id: used[rate.rate_per_hour.currency] for rate in card.rates if _foreign(rate, currency)}
    rates = tuple(
        replace(rate, rate_per_hour=used[rate.rate_per_hour.currency].apply(rate.rate_per_hour))
        if _foreign(rate, currency)
        else rate
        for rate in card.rates
    )
    return replace(card, currency=currency, rates=rates), by_rate


def told_of(item: WipItem, card: RateCard, by_rate: dict[str, FxUsed]) -> WipItem:
    """The item, saying how its price was converted and what the card says. card: as it is, not converted."""
    fx = by_rate.get(item.valuation.rate_id or "")
    if fx is None:
        return item
    price = next(rate.rate_per_hour for rate in card.rates if rate.rate_id == item.valuation.rate_id)
    return replace(item, valuation=replace(item.valuation, fx=fx, card_price=price))


def _foreign(rate: Rate, currency: str) -> bool:
    return rate.rate_per_hour.currency != currency
