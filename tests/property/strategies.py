"""What property tests draw: amounts in currencies of 0, 2 and 3 decimals, minutes, rates, weights."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from shared.domain.currencies import minor_units
from shared.domain.invoice import InvoiceLine
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision

CURRENCIES = ("JPY", "EUR", "KWD")
currencies = st.sampled_from(CURRENCIES)
minutes = st.integers(min_value=1, max_value=24 * 60)
weights = st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=12).filter(lambda each: sum(each) > 0)

TAXES = (
    TaxDecision(TaxCategory.STANDARD, Decimal(19), None, "full"),
    TaxDecision(TaxCategory.STANDARD, Decimal("19.00"), None, "full"),
    TaxDecision(TaxCategory.STANDARD, Decimal("7.7"), None, "reduced"),
    TaxDecision(TaxCategory.REVERSE_CHARGE, Decimal(0), "Reverse charge", "abroad"),
    TaxDecision(TaxCategory.EXEMPT, Decimal(0), "Exempt", "exempt"),
)


def unit(currency: str) -> Decimal:
    """The smallest amount there is: 1, 0.01, 0.001."""
    return Decimal(1).scaleb(-minor_units(currency))


def monies(currency: str, largest: int = 10**15) -> st.SearchStrategy[Money]:
    """Amounts at the minor unit, of either sign."""
    units = st.integers(-largest, largest)
    return units.map(lambda number: Money(number * unit(currency), currency))


def rates_per_hour(currency: str) -> st.SearchStrategy[Money]:
    return st.integers(0, 100_000_000).map(lambda number: Money(number * unit(currency), currency))


@st.composite
def invoice_lines(draw: st.DrawFn, smallest: int = 1) -> list[InvoiceLine]:
    """Lines of one currency under several taxes."""
    currency = draw(currencies)
    pairs = st.tuples(monies(currency, 10**9), st.sampled_from(TAXES))
    return [a_line(str(n), *pair) for n, pair in enumerate(draw(st.lists(pairs, min_size=smallest, max_size=25)))]


def a_line(line_id: str, net: Money, tax: TaxDecision) -> InvoiceLine:
    quantity = Decimal(-1) if net.amount < 0 else Decimal(1)
    price = abs(net.amount)
    return InvoiceLine(line_id, line_id, "l", "p", "Work", quantity, "each", price, Decimal(1), net, tax)
