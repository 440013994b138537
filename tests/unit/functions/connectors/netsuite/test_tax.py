"""Tax per line: sums to our tax per group, whatever the lines."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from functions.connectors.netsuite.tax import line_taxes, rate_key
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision
from tests.contract.connectors.documents import STANDARD, document, line

AMOUNTS = st.lists(st.decimals("-9999.99", "9999.99", places=2), min_size=1, max_size=40)


@given(AMOUNTS)
def test_line_taxes_sum_to_the_tax_of_the_group(nets: list[Decimal]) -> None:
    of_invoice = document([line(str(net), "EUR", STANDARD, None) for net in nets])
    assert sum(line_taxes(of_invoice), Money.zero("EUR")) == of_invoice.totals.tax


@given(AMOUNTS)
def test_only_the_largest_line_differs_from_its_own_tax(nets: list[Decimal]) -> None:
    of_invoice = document([line(str(net), "EUR", STANDARD, None) for net in nets])
    own = [Money(each.net.amount * Decimal("0.19"), "EUR").rounded() for each in of_invoice.lines]
    assert sum(tax != plain for tax, plain in zip(line_taxes(of_invoice), own, strict=True)) <= 1


def test_the_odd_cent_is_on_the_largest_line() -> None:
    of_invoice = document([line(net, "EUR", STANDARD, None) for net in ("33.33", "33.34", "33.32")])
    assert [tax.amount for tax in line_taxes(of_invoice)] == [Decimal("6.33"), Decimal("6.34"), Decimal("6.33")]


def test_rates_compare_as_numbers() -> None:
    same = [TaxDecision(TaxCategory.STANDARD, Decimal(text), None, "r") for text in ("19", "19.0", "19.00")]
    assert {rate_key(tax) for tax in same} == {"S/19"}
    assert rate_key(TaxDecision(TaxCategory.EXEMPT, Decimal("0.00"), "x", "r")) == "E/0"
    assert rate_key(TaxDecision(TaxCategory.STANDARD, Decimal(20), None, "r")) == "S/20"
