"""Decimal arithmetic of documents: amounts are decimal text in a currency's major unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from sandbox.netsuite.book import Unit

ZERO = Decimal(0)


def number(text: str | None) -> Decimal:
    return Decimal(text) if text is not None else ZERO


def rounded(amount: Decimal, places: int) -> Decimal:
    """Half away from zero."""
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def text(amount: Decimal) -> str:
    return format(amount, "f")


def currency_places(unit: Unit, currency_id: str) -> int:
    currency = unit.peek("currency", currency_id) or {}
    return int(currency.get("currencyPrecision", "2"))


def exchange_rate(unit: Unit, currency_id: str, subsidiary_id: str) -> str:
    """Units of the subsidiary's currency for one unit of this currency, at most 8 decimals."""
    subsidiary = unit.peek("subsidiary", subsidiary_id) or {}
    base_id = subsidiary.get("currency", {}).get("id", currency_id)
    if base_id == currency_id:
        return "1"
    theirs, ours = unit.peek("currency", currency_id) or {}, unit.peek("currency", base_id) or {}
    rate = number(theirs.get("exchangeRate", "1")) / number(ours.get("exchangeRate", "1"))
    return format(rounded(rate, 8).normalize(), "f")
