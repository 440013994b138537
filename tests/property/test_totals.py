from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.invoice import InvoiceLine
from shared.domain.money import Money
from shared.usecases.total_invoice import total_invoice
from tests.property.strategies import invoice_lines, unit


@given(invoice_lines(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(lines: list[InvoiceLine], chance: object) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert total_invoice(shuffled) == total_invoice(lines)


@given(invoice_lines(smallest=2), st.data())
def test_how_work_is_cut_into_lines_changes_nothing(lines: list[InvoiceLine], data: st.DataObject) -> None:
    """Two lines of one tax written as one carry the same totals: tax is of the group, not of the line."""
    first = data.draw(st.integers(0, len(lines) - 2))
    one, other = lines[first], lines[first + 1]
    other = replace(other, tax=one.tax)
    cut = [*lines[:first], one, other, *lines[first + 2 :]]
    whole = [*lines[:first], replace(one, net=one.net + other.net), *lines[first + 2 :]]
    assert total_invoice(whole) == total_invoice(cut)


@given(invoice_lines())
def test_the_sums_of_en_16931_are_exact(lines: list[InvoiceLine]) -> None:
    totals = total_invoice(lines)
    zero = Money.zero(totals.net.currency)
    assert totals.net == sum((line.net for line in lines), zero)
    assert totals.net == sum((group.taxable for group in totals.breakdown), zero)
    assert totals.tax == sum((group.amount for group in totals.breakdown), zero)
    assert totals.gross == totals.net + totals.tax


@given(invoice_lines())
def test_the_tax_of_a_group_is_the_nearest_unit_of_its_exact_tax(lines: list[InvoiceLine]) -> None:
    totals = total_invoice(lines)
    half = Fraction(unit(totals.net.currency)) / 2
    for group in totals.breakdown:
        exact = Fraction(group.taxable.amount) * Fraction(group.tax.rate) / 100
        assert abs(Fraction(group.amount.amount) - exact) <= half
    groups = [(group.tax.category, group.tax.rate) for group in totals.breakdown]
    assert len(set(groups)) == len(groups)


@given(invoice_lines())
def test_a_credit_of_the_whole_invoice_is_the_invoice_turned_round(lines: list[InvoiceLine]) -> None:
    totals = total_invoice(lines)
    credited = total_invoice([replace(line, net=-line.net, quantity=-line.quantity) for line in lines])
    assert (credited.net, credited.tax, credited.gross) == (-totals.net, -totals.tax, -totals.gross)
