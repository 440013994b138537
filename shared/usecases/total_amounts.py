"""The arithmetic of EN 16931: line nets, document totals, tax per category and rate. Our own invoices and third
parties' go through these two functions alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.domain.money import Money

_ONE = Decimal(1)
OUTSIDE_SCOPE = "O"


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount at the currency's minor unit, and the tax it stands under: UNCL5305 category, rate in percent."""

    amount: Money
    category: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """All that is taxed alike: taxable = line nets + charges - allowances of the (category, rate)."""

    category: str
    rate: Decimal
    taxable: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class AmountTotals:
    """Document totals. BT-106 to BT-115 in the order of the standard, and the breakdown BG-23."""

    line_net: Money
    allowances: Money
    charges: Money
    net: Money
    tax: Money
    gross: Money
    prepaid: Money
    rounding: Money
    payable: Money
    breakdown: tuple[TaxGroup, ...]


def line_net(
    unit_price: Money,
    quantity: Decimal,
    *,
    price_base_quantity: Decimal = _ONE,
    allowances: Collection[Decimal] = (),
    charges: Collection[Decimal] = (),
) -> Money:
    """round(price / base x quantity) + round(sum of charges) - round(sum of allowances), BT-131.

    The three parts are rounded apart, as Peppol R120 reckons them: 0.125 less an allowance of 0.125 is 0.13 - 0.13.
    allowances, charges: amounts in the price's currency, not percentages. price_base_quantity: more than zero (R121).
    """
    worked = unit_price.times(quantity, price_base_quantity).rounded()
    if not allowances and not charges:
        return worked
    return worked + _sum(charges, unit_price.currency) - _sum(allowances, unit_price.currency)


def total_amounts(
    currency: str,
    lines: Sequence[Taxed],
    *,
    allowances: Sequence[Taxed] = (),
    charges: Sequence[Taxed] = (),
    prepaid: Money | None = None,
    rounding: Money | None = None,
) -> AmountTotals:
    """BR-CO-10 to BR-CO-17 and BR-S/Z/E/AE/K/G/O-08 and -09 hold by construction; see AmountTotals and TaxGroup.

    Every amount of `currency` and at its minor unit: sums of such need no rounding, only the tax of a group does.
    Groups are numeric, so that rates 25 and 25.00 are one, and stand by category and rate. Order changes nothing.
    Raises ValueError for an amount of another currency or past the minor unit.
    """
    zero = Money.total((), currency)
    prepaid, rounding = prepaid or zero, rounding or zero
    _check_units([*(each.amount for each in (*lines, *allowances, *charges)), prepaid, rounding], currency)
    added = Money.total((each.amount for each in charges), currency)
    taken = Money.total((each.amount for each in allowances), currency)
    sum_of_lines = Money.total((each.amount for each in lines), currency)
    breakdown = _breakdown(currency, (*lines, *charges), allowances)
    net = sum_of_lines - taken + added
    tax = Money.total((group.tax for group in breakdown), currency)
    gross = net + tax
    return AmountTotals(
        line_net=sum_of_lines,
        allowances=taken,
        charges=added,
        net=net,
        tax=tax,
        gross=gross,
        prepaid=prepaid.rounded(),
        rounding=rounding.rounded(),
        payable=gross - prepaid + rounding,
        breakdown=breakdown,
    )


def _breakdown(currency: str, added: Sequence[Taxed], taken: Sequence[Taxed]) -> tuple[TaxGroup, ...]:
    groups: dict[tuple[str, Decimal], tuple[list[Money], list[Money]]] = defaultdict(lambda: ([], []))
    for each in added:
        groups[each.category, each.rate][0].append(each.amount)
    for each in taken:
        groups[each.category, each.rate][1].append(each.amount)
    found = []
    for (category, rate), (plus, minus) in sorted(groups.items(), key=lambda group: group[0]):
        base = Money.total(plus, currency) - Money.total(minus, currency)
        found.append(TaxGroup(category, rate, base, base.percent(rate).rounded()))
    return tuple(found)


def _sum(amounts: Collection[Decimal], currency: str) -> Money:
    return Money.total((Money(amount, currency) for amount in amounts), currency).rounded()


def _check_units(amounts: Iterable[Money], currency: str) -> None:
    for amount in amounts:
        if amount.currency != currency:
            raise ValueError(f"an amount in {amount.currency} on an invoice in {currency}")
        if not amount.is_rounded:
            raise ValueError(f"{amount.amount} is not at the minor unit of {currency}")
