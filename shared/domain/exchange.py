"""Exchange rates: what a source published, day by day, and which of it turned one amount into another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.domain.money import Money

EURO = "EUR"


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """per_euro: units of `currency` for 1 EUR, with every digit that was published."""

    currency: str
    on: date
    per_euro: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Publication:
    """All that one source said on one day, units per 1 EUR. A currency that is not in it had no rate that day."""

    source: str
    on: date
    per_euro: Mapping[str, Decimal]

    def rate(self, currency: str) -> ExchangeRate | None:
        """The euro's own is 1 on every day."""
        found = Decimal(1) if currency == EURO else self.per_euro.get(currency)
        return None if found is None else ExchangeRate(currency, self.on, found, self.source)


@dataclass(frozen=True, slots=True)
class RateTable:
    """Publications of one source, in rising order of day."""

    source: str
    days: tuple[Publication, ...] = ()

    @classmethod
    def of(cls, source: str, days: Iterable[Publication]) -> RateTable:
        return cls(source, tuple(sorted(days, key=lambda each: each.on)))

    def last_on(self, day: date) -> Publication | None:
        """The publication of `day`, else the last one before it."""
        place = bisect_right(self.days, day, key=lambda each: each.on)
        return self.days[place - 1] if place else None

    def last_quoting(self, currency: str, day: date) -> date | None:
        """The last day up to `day` that had a rate of it, as far as this table reaches."""
        return next((each.on for each in reversed(self.days) if each.on <= day and currency in each.per_euro), None)


class FxUse(StrEnum):
    """What is converted: a rate card's price or an expense into the contract's currency, or an invoice into its issuer's
    books."""

    RATE_CARD = "rate_card"
    EXPENSE = "expense"
    BOOK = "book"


class FxDate(StrEnum):
    """Whose day decides. Never the day on which somebody retries."""

    WORK_DATE = "work_date"
    INVOICE_DATE = "invoice_date"


@dataclass(frozen=True, slots=True)
class FxRule:
    """Which rate finance wants. max_age_days: how old the last publication may be on the day that decides.

    source: by whose rates ("ecb"). A use without a rule is not converted at all.
    """

    rule: str
    use: FxUse
    source: str
    dated_by: FxDate
    max_age_days: int


@dataclass(frozen=True, slots=True)
class FxUsed:
    """How an amount was converted, kept with it: amount / from_per_euro x to_per_euro, rounded once.

    asked_on: the day that the rule looks at. published_on: the day of the rates, that day or an earlier one.
    """

    source: str
    rule: str
    asked_on: date
    published_on: date
    from_currency: str
    to_currency: str
    from_per_euro: Decimal
    to_per_euro: Decimal

    @property
    def direction(self) -> str:
        """ "GBP to EUR to USD"; no step is ever taken by an inverse rate."""
        steps = [self.from_currency, EURO, self.to_currency]
        return " to ".join(step for place, step in enumerate(steps) if place == 0 or step != steps[place - 1])

    def apply(self, money: Money) -> Money:
        """Unrounded: one multiplication, then one division. Raises ValueError for another currency than `from`."""
        if money.currency != self.from_currency:
            raise ValueError(f"the rate converts {self.from_currency}, not {money.currency}")
        return Money(money.times(self.to_per_euro, self.from_per_euro).amount, self.to_currency)
