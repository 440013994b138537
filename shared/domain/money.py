"""Money: exact amounts, and the only two places where anything is rounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import cache

from shared.domain.currencies import minor_units

_EXACT = Context(prec=120)
"""Digits kept in every step, far past any amount, so that only the named rounding below ever rounds."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in major units of one ISO 4217 currency."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money needs Decimal, got {self.amount!r}")
        if not self.amount.is_finite():
            raise ValueError(f"Money needs a finite amount, got {self.amount}")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(Decimal(0), currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Their sum, zero at the minor unit for none. Raises ValueError for an amount of another currency."""
        whole = _unit(currency) * 0
        for money in amounts:
            if money.currency != currency:
                raise ValueError(f"cannot combine {money.currency} with {currency}")
            whole = _EXACT.add(whole, money.amount)
        return cls(whole, currency)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(_EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(_EXACT.subtract(self.amount, other.amount), self.currency)

    def __neg__(self) -> Money:
        return Money(_EXACT.minus(self.amount), self.currency)

    def times(self, quantity: Decimal, per: Decimal = Decimal(1)) -> Money:
        """quantity / per of this amount, unrounded: 50 minutes per 60 of 150.00 are exactly 125.

        One division at the end, so that a price per hour times minutes never passes through rounded hours.
        """
        return Money(_EXACT.divide(_EXACT.multiply(self.amount, quantity), per), self.currency)

    def percent(self, rate: Decimal) -> Money:
        """rate per cent of this amount, unrounded."""
        return self.times(rate, Decimal(100))

    def rounded(self) -> Money:
        """To the currency's minor unit, half away from zero (EN 16931 practice, vendors' own samples agree).

        Nothing is written as minus nothing: -0.004 is 0.00.
        """
        rounded = self.amount.quantize(_unit(self.currency), ROUND_HALF_UP, _EXACT)
        return Money(rounded if rounded else abs(rounded), self.currency)

    @property
    def is_rounded(self) -> bool:
        """Whether it is at the currency's minor unit: 1.50 and 1.500 are, of euros, 1.505 is not."""
        return self.amount == self.amount.quantize(_unit(self.currency), ROUND_DOWN, _EXACT)

    def split(self, weights: Sequence[Decimal]) -> tuple[Money, ...]:
        """Parts in proportion to `weights` that sum to this amount to the minor unit.

        Each part is cut toward zero; the left-over units go to the largest remainders, ties in the order given.
        Raises ValueError if the weights are empty, negative or all zero.
        """
        whole = sum(weights, Decimal(0))
        if not weights or whole <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("split needs weights that are not negative and sum to more than zero")
        unit = _unit(self.currency)
        total = self.rounded()
        exact = [total.times(weight, whole).amount for weight in weights]
        cut = [part.quantize(unit, ROUND_DOWN, _EXACT) for part in exact]
        left = int(abs(total.amount - sum(cut, Decimal(0))) / unit)
        order = sorted(range(len(cut)), key=lambda i: (-abs(exact[i] - cut[i]), i))
        step = unit if total.amount >= 0 else -unit
        for i in order[:left]:
            cut[i] += step
        return tuple(Money(part, self.currency) for part in cut)

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot combine {other.currency} with {self.currency}")


@cache
def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_units(currency))
