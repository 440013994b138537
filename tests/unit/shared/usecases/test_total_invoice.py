from decimal import Decimal

import pytest

from shared.domain.invoice import InvoiceLine
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision
from shared.faults import BusinessException
from shared.usecases.total_invoice import total_invoice
from tests.build import eur

VAT = TaxDecision(TaxCategory.STANDARD, Decimal(19), None, "de-domestic")
REDUCED = TaxDecision(TaxCategory.STANDARD, Decimal(7), None, "de-reduced")
REVERSE = TaxDecision(TaxCategory.REVERSE_CHARGE, Decimal(0), "Reverse charge", "de-eu-business")
OUTSIDE = TaxDecision(TaxCategory.OUTSIDE_SCOPE, Decimal(0), "Outside", "us")


def a_line(net: Money, tax: TaxDecision = VAT, line_id: str = "1") -> InvoiceLine:
    return InvoiceLine(line_id, "w", "l", "p", "Work", Decimal(1), "each", abs(net.amount), Decimal(1), net, tax)


def test_tax_is_of_the_summed_base_not_of_the_lines() -> None:
    totals = total_invoice([a_line(eur("33.33"))] * 3)
    assert (totals.net, totals.tax, totals.gross) == (eur("99.99"), eur("19.00"), eur("118.99"))


def test_the_worked_example_of_the_handbook() -> None:
    """12.5 h x 160.00, 7.25 h x 142.50, expenses 310.40; a discount of 100.00 as a line of its own."""
    lines = [a_line(eur(net)) for net in ("2000.00", "1033.13", "310.40", "-100.00")]
    totals = total_invoice(lines)
    assert (totals.net, totals.tax, totals.gross) == (eur("3243.53"), eur("616.27"), eur("3859.80"))


def test_each_rate_is_its_own_group_in_a_fixed_order() -> None:
    totals = total_invoice([a_line(eur("100.00")), a_line(eur("50.00"), REDUCED), a_line(eur("10.00"), REVERSE)])
    assert [(each.tax.category.value, each.taxable, each.amount) for each in totals.breakdown] == [
        ("AE", eur("10.00"), eur("0.00")),
        ("S", eur("50.00"), eur("3.50")),
        ("S", eur("100.00"), eur("19.00")),
    ]
    assert (totals.net, totals.tax, totals.gross) == (eur("160.00"), eur("22.50"), eur("182.50"))


def test_rates_are_one_group_however_many_zeros_they_are_written_with() -> None:
    also = TaxDecision(TaxCategory.STANDARD, Decimal("19.00"), None, "de-domestic")
    assert len(total_invoice([a_line(eur("1.00")), a_line(eur("1.00"), also)]).breakdown) == 1


@pytest.mark.parametrize(("net", "tax"), [("0.50", "0.10"), ("2.50", "0.48"), ("-2.50", "-0.48"), ("0.02", "0.00")])
def test_tax_rounds_half_away_from_zero(net: str, tax: str) -> None:
    assert total_invoice([a_line(eur(net))]).tax == eur(tax)


@pytest.mark.parametrize(
    ("currency", "net", "tax"), [("JPY", "1234", "234"), ("KWD", "1.234", "0.234"), ("USD", "1.23", "0.23")]
)
def test_tax_has_the_minor_units_of_its_currency(currency: str, net: str, tax: str) -> None:
    totals = total_invoice([a_line(Money(Decimal(net), currency))])
    assert totals.tax == Money(Decimal(tax), currency)
    assert totals.gross.amount == Decimal(net) + Decimal(tax)


def test_totals_are_written_with_all_their_decimals() -> None:
    totals = total_invoice([a_line(eur("100"))])
    assert (str(totals.net.amount), str(totals.gross.amount)) == ("100.00", "119.00")


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "nothing_to_bill"),
        ([a_line(eur("1.00")), a_line(Money(Decimal("1.00"), "USD"))], "currency_mismatch"),
        ([a_line(eur("1.001"))], "line_not_rounded"),
        ([a_line(eur("1.00")), a_line(eur("1.00"), OUTSIDE)], "tax_categories_mixed"),
    ],
)
def test_what_cannot_be_totalled_is_refused(lines: list[InvoiceLine], code: str) -> None:
    with pytest.raises(BusinessException, match=code):
        total_invoice(lines)
