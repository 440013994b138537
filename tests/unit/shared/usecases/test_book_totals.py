from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.invoice import InvoiceTotals
from shared.domain.money import Money
from shared.faults import BusinessException
from shared.usecases.book_totals import book_by, book_totals, needs_rates
from shared.usecases.convert_money import rate_between
from tests.build import the_policies
from tests.examples import book_currency
from tests.rates import book_rule, the_rates

BOOK = replace(the_policies(), fx_rules=(book_rule(),))
MONDAY = date(2026, 4, 13)


def totals(net: str, tax: str, currency: str) -> InvoiceTotals:
    parts = Money(Decimal(net), currency), Money(Decimal(tax), currency)
    return InvoiceTotals(*parts, parts[0] + parts[1], ())


@pytest.mark.parametrize("row", book_currency.ROWS, ids=lambda row: f"{row['net']} {row['currency']} {row['books']}")
def test_an_invoice_is_booked_as_the_table_says(row: dict[str, str]) -> None:
    asked = totals(row["net"], row["tax"], row["currency"])
    booked = book_totals(asked, row["books"], policies=BOOK, issued_on=MONDAY, table=the_rates())
    if not row["book_net"]:
        assert booked is None
        return
    assert booked is not None
    told = [str(each.amount) for each in (booked.net, booked.tax, booked.gross)]
    assert told == [row["book_net"], row["book_tax"], row["book_gross"]]
    assert booked.fx.published_on == MONDAY


def test_without_a_rule_nothing_is_converted() -> None:
    policies = the_policies()
    assert not needs_rates("USD", "EUR", policies)
    assert book_totals(totals("1", "0", "USD"), "EUR", policies=policies, issued_on=MONDAY, table=None) is None


def test_without_rates_it_is_a_question() -> None:
    with pytest.raises(BusinessException, match="fx_rate_missing"):
        book_totals(totals("1", "0", "USD"), "EUR", policies=BOOK, issued_on=MONDAY, table=None)


@given(st.decimals(-(10**8), 10**8, places=2), st.decimals(-(10**7), 10**7, places=2))
def test_a_memo_at_its_invoices_rate_takes_the_books_back_to_nothing(net: Decimal, tax: Decimal) -> None:
    fx = rate_between("USD", "EUR", MONDAY, the_rates(), book_rule())
    invoice = book_by(totals(str(net), str(tax), "USD"), fx)
    memo = book_by(totals(str(-net), str(-tax), "USD"), fx)
    assert invoice.gross == invoice.net + invoice.tax
    assert invoice.gross + memo.gross == Money.zero("EUR")
