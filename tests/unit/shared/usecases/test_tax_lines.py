from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.invoice import InvoiceDocument
from shared.domain.policies import TaxPolicy, TaxSource
from shared.domain.tax import TaxCategory, TaxDecision
from shared.domain.wip import WipKind
from shared.faults import BusinessException
from shared.usecases.price_invoice import price_invoice
from shared.usecases.tax_lines import services_of
from tests.build import a_contract, a_customer, a_tax_rule, an_invoice, the_policies, time_item

TODAY = date(2026, 11, 3)
BOOK = the_policies()
REDUCED = a_tax_rule("de-expense", "domestic", "S", "7", service="expense")
EXPENSE = replace(time_item("x-1"), kind=WipKind.EXPENSE)


def priced(*items: Any, **changes: Any) -> InvoiceDocument:
    asked = {"contract": a_contract(), "customer": a_customer(), "policies": BOOK, "issued_on": TODAY}
    return price_invoice(an_invoice(), items, **(asked | changes))[1]


def test_expenses_are_taxed_by_their_own_row_and_work_by_its() -> None:
    book = replace(BOOK, tax_rules=(REDUCED, *BOOK.tax_rules))
    document = priced(time_item(), EXPENSE, policies=book)
    assert sorted(line.tax.rule for line in document.lines) == ["de-domestic", "de-expense"]
    assert [(s.tax.rate, s.amount.amount) for s in document.totals.breakdown] == [
        (Decimal(7), Decimal("10.50")),
        (Decimal(19), Decimal("28.50")),
    ]


def test_without_a_row_of_their_own_expenses_follow_the_work() -> None:
    assert {line.tax.rule for line in priced(time_item(), EXPENSE).lines} == {"de-domestic"}


def test_a_contract_lines_service_decides() -> None:
    contract = a_contract()
    lines = tuple(replace(line, service="training") if line.line_id == "l-time" else line for line in contract.lines)
    exempt = a_tax_rule("de-training", "domestic", "E", "0", "Exempt", service="training")
    book = replace(BOOK, tax_rules=(exempt, *BOOK.tax_rules))
    document = priced(time_item(), contract=replace(contract, lines=lines), policies=book)
    assert [(line.tax.category, line.tax.reason) for line in document.lines] == [(TaxCategory.EXEMPT, "Exempt")]
    assert services_of([time_item()], replace(contract, lines=lines)) == ("training",)


def test_outside_the_scope_is_not_mixed_with_others() -> None:
    outside = a_tax_rule("de-disbursed", "domestic", "O", "0", "Disbursement", service="expense")
    with pytest.raises(BusinessException, match="tax_categories_mixed"):
        priced(time_item(), EXPENSE, policies=replace(BOOK, tax_rules=(outside, *BOOK.tax_rules)))


def test_the_ship_to_is_the_place() -> None:
    french = replace(a_customer("FR", "FR123"), customer_id="cus-2")
    document = priced(time_item(), ship_to=french)
    assert document.lines[0].tax.category is TaxCategory.REVERSE_CHARGE


SERVICE = replace(BOOK, tax_policies=(TaxPolicy("DE01", TaxSource.SERVICE, url="https://tax.example"),))


def test_a_tax_services_answer_goes_before_the_table() -> None:
    answer = TaxDecision(TaxCategory.STANDARD, Decimal("8.875"), None, "service-7")
    document = priced(time_item(), policies=SERVICE, tax_answers={"services": answer})
    assert (document.lines[0].tax, document.totals.tax.amount) == (answer, Decimal("13.31"))


def test_without_the_services_answer_nothing_is_priced() -> None:
    with pytest.raises(BusinessException, match="tax_undetermined") as refusal:
        priced(time_item(), policies=SERVICE)
    assert refusal.value.facts["missing"] == "service_answer"


def test_reverse_charge_by_a_service_still_needs_the_buyers_number() -> None:
    answer = TaxDecision(TaxCategory.REVERSE_CHARGE, Decimal(0), "Reverse charge", "service-8")
    with pytest.raises(BusinessException, match="tax_undetermined") as refusal:
        priced(time_item(), customer=a_customer("FR", None), policies=SERVICE, tax_answers={"services": answer})
    assert refusal.value.facts["missing"] == "buyer_tax_number"
