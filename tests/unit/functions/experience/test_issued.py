"""What an electronic invoice is written from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from functions.experience.invoices import document_of
from functions.experience.issued import declared_tax, issued
from shared.domain.exchange import FxUsed
from shared.domain.invoice import InvoiceStatus
from shared.domain.money import Money
from shared.domain.tax import TaxCategory
from shared.einvoice.check_ubl import check_ubl
from shared.einvoice.issued import Issued
from shared.einvoice.read_ubl import read_ubl
from shared.einvoice.write_ubl import write_ubl
from shared.faults import BusinessException
from shared.usecases.book_totals import book_by
from tests.stories import Fabric, a_contract, an_entry, an_expense, time_and_materials


@pytest.fixture
def billed() -> Fabric:
    """One posted invoice of an hour and an expense."""
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry(), an_expense())
    fabric.bill()
    return fabric


def the_id(fabric: Fabric) -> str:
    return next(iter(fabric.ports.invoices.rows))


def test_a_posted_invoice_becomes_ubl_that_breaks_no_rule(billed: Fabric) -> None:
    told = TypeAdapter(Issued).validate_python(issued(billed.ports, f"INV-{the_id(billed)}"))
    document = read_ubl(write_ubl(told))
    assert check_ubl(document) == [] and str(document.totals["PayableAmount"].value) == "230.00"
    assert told.number == f"INV-{the_id(billed)}" and told.buyer.name == "Acme"


def test_a_credit_memo_names_the_invoice_that_it_is_against(billed: Fabric) -> None:
    rows = billed.ports.invoices.rows
    first = rows[the_id(billed)]
    rows["memo"] = replace(first, invoice_id="memo", erp_number="CM-1", credits=first.invoice_id)
    told = issued(billed.ports, "memo")
    assert (told["credited_number"], told["credited_on"]) == (first.erp_number, first.issued_on.isoformat())


def test_without_the_erps_number_there_is_nothing_to_send(billed: Fabric) -> None:
    rows = billed.ports.invoices.rows
    rows[the_id(billed)] = replace(rows[the_id(billed)], erp_number=None, status=InvoiceStatus.SUBMITTED)
    with pytest.raises(BusinessException, match="invoice_not_posted"):
        issued(billed.ports, the_id(billed))


def test_tax_is_told_in_the_sellers_currency_where_its_books_are_in_another(billed: Fabric) -> None:
    rows = billed.ports.invoices.rows
    document = document_of(rows[the_id(billed)], billed.ports)
    fx = FxUsed("ecb", "book", date(2026, 3, 31), date(2026, 3, 31), "USD", "EUR", Decimal("1.25"), Decimal(1))
    assert declared_tax(document) is None
    taxed = replace(document.totals.breakdown[0].tax, category=TaxCategory.STANDARD, rate=Decimal(19))
    breakdown = (replace(document.totals.breakdown[0], tax=taxed),)
    totals = replace(document.totals, tax=Money(Decimal("43.70"), "USD"), breakdown=breakdown)
    abroad = replace(document, totals=totals, book=book_by(totals, fx))
    assert declared_tax(abroad) == Money(Decimal("34.96"), "EUR")
    outside = replace(abroad, totals=replace(totals, breakdown=document.totals.breakdown))
    assert declared_tax(outside) is None
