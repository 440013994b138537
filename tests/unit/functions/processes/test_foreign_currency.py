"""Books, rate cards and places of supply abroad, from approved time to the priced document."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from events.contract_signed.v1 import SignedLine
from events.terms import ExpenseTerms, Terms
from events.values import Amount
from functions.operations import load_exchange_rates
from shared.domain.exchange import FxDate, FxRule, FxUse
from shared.domain.invoice import InvoiceDocument
from shared.domain.money import Money
from shared.domain.policies import TaxPolicy, TaxSource
from shared.domain.source import Applied
from shared.domain.tax import TaxCategory, TaxDecision
from shared.faults import BusinessException
from shared.runtime.trouble import raise_trouble
from shared.usecases.explain_line import explain_line
from tests.examples import foreign_expenses
from tests.fakes.policies import some_policies
from tests.fakes.ports import FakePorts
from tests.rates import book_rule, card_rule, published
from tests.stories import CONTRACT, Fabric, a_contract, an_entry, an_expense, time_and_materials, usd

MARCH = [published("2026-03-31", USD="1.10"), published("2026-03-02", USD="1.25"), published("2026-02-27", USD="1.20")]


def euros() -> Any:
    """The US firm signs a contract in euro."""
    line = SignedLine(
        line_id="l-time",
        kind="time_and_materials",
        description="Consulting",
        value=Amount(amount=Decimal(50000), currency="EUR"),
    )
    return a_contract(currency="EUR", lines=(line,))


def fabric(*rules: FxRule, **changes: Any) -> Fabric:
    ports = FakePorts(policies=replace(some_policies(), fx_rules=rules, **changes))
    ports.exchange_rates.add(MARCH)
    return Fabric(ports)


def document(told: Fabric) -> InvoiceDocument:
    (invoice,) = told.draft()["invoices"]
    told.to_price(invoice["invoice_id"])
    key = told.invoice(invoice["invoice_id"]).document_key
    return TypeAdapter(InvoiceDocument).validate_json(told.ports.documents.get(key))


def test_a_dollar_card_prices_a_euro_contract_by_the_day_of_work() -> None:
    told = fabric(card_rule()).ready(euros())
    assert told.approve(an_entry()) == [Applied.NEW]
    (item,) = told.ports.wip.items.values()
    assert item.value == Money(Decimal("120.00"), "EUR")
    assert item.valuation.fx and item.valuation.fx.published_on == date(2026, 3, 2)
    assert item.valuation.card_price == Money(Decimal("150.00"), "USD")
    assert told.conserved()


def test_a_weekends_work_takes_fridays_rate_whenever_it_is_approved() -> None:
    told = fabric(card_rule()).ready(euros())
    told.ports.clock.pass_(days=200)
    told.approve(an_entry(worked_on=date(2026, 3, 1)))
    (item,) = told.ports.wip.items.values()
    assert item.value == Money(Decimal("125.00"), "EUR")
    assert item.valuation.fx and item.valuation.fx.published_on == date(2026, 2, 27)


def test_without_finances_rule_nothing_is_converted() -> None:
    told = fabric().ready(euros())
    assert told.approve(an_entry()) == [None]
    assert [each.reason for each in told.ports.parking.all()] == ["currency_mismatch"]


def test_work_of_a_day_without_rates_waits_and_is_shown() -> None:
    told = fabric(card_rule()).ready(euros())
    assert told.approve(an_entry(worked_on=date(2026, 2, 20))) == [None]
    (waiting,) = told.ports.parking.all()
    assert waiting.reason == "fx_rate_missing" and told.exceptions()


def test_an_invoice_in_euro_carries_its_totals_in_dollars_of_the_invoice_date() -> None:
    told = fabric(card_rule(), book_rule()).ready(euros())
    told.approve(an_entry())
    priced = document(told)
    assert priced.totals.gross == Money(Decimal("120.00"), "EUR")
    assert priced.book is not None and priced.book.gross == Money(Decimal("132.00"), "USD")
    assert (priced.book.fx.asked_on, priced.book.fx.direction) == (date(2026, 3, 31), "EUR to USD")


def test_an_invoice_in_the_books_currency_asks_for_no_rate() -> None:
    told = fabric(book_rule()).ready(a_contract(lines=time_and_materials()))
    told.ports.exchange_rates.rows.clear()
    told.approve(an_entry())
    assert document(told).book is None


def test_an_invoice_without_a_rate_for_the_books_is_not_priced() -> None:
    told = fabric(card_rule(), book_rule(0)).ready(euros())
    told.approve(an_entry())
    del told.ports.exchange_rates.rows["ecb", date(2026, 3, 31)]
    (invoice,) = told.draft()["invoices"]
    with pytest.raises(BusinessException, match="fx_rate_missing"):
        told.to_price(invoice["invoice_id"])


def test_a_tax_service_is_asked_once_per_kind_of_service_and_its_answer_is_on_the_line() -> None:
    told = fabric(tax_policies=(TaxPolicy("US", TaxSource.SERVICE, url="https://tax.example"),))
    told.ready(a_contract(lines=time_and_materials()))
    told.ports.tax_service.answers = {"services": TaxDecision(TaxCategory.STANDARD, Decimal("6.25"), None, "IL")}
    told.approve(an_entry(), an_entry("t-2"))
    priced = document(told)
    assert (priced.totals.tax.amount, {line.tax.rule for line in priced.lines}) == (Decimal("18.75"), {"IL"})
    (question,) = told.ports.tax_service.asked
    assert (question.buyer_region, question.service, question.on) == ("IL", "services", date(2026, 3, 31))


def test_a_service_that_cannot_tell_leaves_the_invoice_unpriced() -> None:
    told = fabric(tax_policies=(TaxPolicy("US", TaxSource.SERVICE, url="https://tax.example"),))
    told.ready(a_contract(lines=time_and_materials()))
    told.approve(an_entry())
    (invoice,) = told.draft()["invoices"]
    with pytest.raises(BusinessException, match="tax_undetermined"):
        told.to_price(invoice["invoice_id"])


def test_the_ship_to_of_a_contract_is_the_place() -> None:
    told = fabric().ready(a_contract(lines=time_and_materials()))
    told.approve(an_entry())
    customer = told.ports.customers.get("customer-1")
    abroad = replace(customer, customer_id="customer-2", address=replace(customer.address, country="BR"))
    told.ports.customers.rows["customer-2"] = (1, abroad)
    kept = told.ports.contracts.rows
    kept[CONTRACT] = (kept[CONTRACT][0], replace(kept[CONTRACT][1], ship_to="customer-2"))
    (invoice,) = told.draft()["invoices"]
    with pytest.raises(BusinessException, match="tax_undetermined") as refusal:
        told.to_price(invoice["invoice_id"])
    assert (refusal.value.facts["buyer_country"], refusal.value.facts["missing"]) == ("BR", "rule")


def test_a_line_explains_both_conversions() -> None:
    told = fabric(card_rule(), book_rule()).ready(euros())
    told.approve(an_entry())
    priced = document(told)
    (item,) = told.ports.wip.items.values()
    chain = explain_line(
        priced,
        "1",
        invoice=told.invoice(priced.invoice_id),
        item=item,
        contract=told.ports.contracts.get(CONTRACT),
        card=told.ports.rate_cards.of_project(item.project_id),
    )
    words = {reason.step: reason.words for reason in chain}
    assert words["rate"].endswith("150.00 USD per hour")
    assert words["fx"].startswith("the card's 150.00 USD is 120 EUR, by ecb of 2026-03-02: 1 EUR = 1.25 USD")
    assert words["value"].startswith("60 minute / 60 x 120 = 120")
    assert words["books"].startswith("in the books net 132.00, tax 0.00, gross 132.00 USD, by ecb of 2026-03-31")
    assert [reason.step for reason in chain].index("fx") == [reason.step for reason in chain].index("rate") + 1


def expense_rule(max_age_days: int = 7) -> FxRule:
    return FxRule("ecb-expense-date", FxUse.EXPENSE, "ecb", FxDate.WORK_DATE, max_age_days)


def test_a_dollar_expense_is_billed_in_euro_by_the_day_it_was_incurred() -> None:
    told = fabric(expense_rule()).ready(euros())
    assert told.approve(an_expense(value=usd("80.00"))) == [Applied.NEW]
    (item,) = told.ports.wip.items.values()
    assert (item.value, item.valuation.card_price) == (Money(Decimal("64.00"), "EUR"), Money(Decimal("80.00"), "USD"))
    assert item.valuation.fx and item.valuation.fx.published_on == date(2026, 3, 2)
    invoice = document(told)
    chain = explain_line(
        invoice,
        "1",
        invoice=told.invoice(invoice.invoice_id),
        item=item,
        contract=told.ports.contracts.get(CONTRACT),
        card=None,
    )
    words = [each.words for each in chain if each.step == "fx"]
    assert words and words[0].startswith("paid as 80.00 USD, billed in EUR by ecb of 2026-03-02")
    assert told.conserved()


@pytest.mark.parametrize(
    "row", foreign_expenses.ROWS, ids=lambda row: f"{row['paid']} {row['incurred_on']} {row['rule']}"
)
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    amount, currency = row["paid"].split()
    mark_up = ExpenseTerms(basis="mark_up", mark_up=Decimal(10))
    terms = Terms(expenses=(mark_up,)) if "plus" in row["clause"] else None
    lines = tuple(line.model_copy(update={"terms": terms}) for line in euros().data.lines)
    told = fabric(*([expense_rule()] if row["rule"] == "yes" else [])).ready(a_contract(currency="EUR", lines=lines))
    cost = Amount(amount=Decimal(amount), currency=currency)
    told.approve(an_expense(value=cost, incurred_on=date.fromisoformat(row["incurred_on"])))
    assert [str(item.value.amount) for item in told.ports.wip.items.values()] == [row["billed"]] * bool(row["billed"])
    assert [each.reason for each in told.ports.parking.all()] == [row["waits"]] * bool(row["waits"])


def loaded(told: Fabric, text: str) -> dict[str, Any]:
    command = load_exchange_rates.LoadExchangeRates(content=base64.b64encode(text.encode()), requested_by="Dana")
    return load_exchange_rates.handler.step(command, told.ports)


def test_loading_the_rate_releases_the_work_that_waited_for_it() -> None:
    told = fabric(card_rule(), expense_rule()).ready(euros())
    day = date(2026, 2, 20)
    told.approve(an_entry(worked_on=day), an_expense(value=usd("80.00"), incurred_on=day))
    assert sorted(each.reason for each in told.ports.parking.all()) == ["fx_rate_missing"] * 2
    answer = loaded(told, "Date,USD,\n2026-02-20,1.60,\n")
    assert (answer["released"], told.deliver()) == (2, 2)
    assert sorted(item.value.amount for item in told.ports.wip.items.values()) == [Decimal("50.00"), Decimal("93.75")]
    assert (list(told.ports.parking.all()), told.exceptions()) == ([], [])


def test_loading_another_days_rate_leaves_it_waiting_and_owned() -> None:
    told = fabric(card_rule()).ready(euros())
    told.approve(an_entry(worked_on=date(2026, 2, 20)))
    loaded(told, "Date,USD,\n2026-02-25,1.60,\n")
    told.deliver()
    assert [each.reason for each in told.ports.parking.all()] == ["fx_rate_missing"]
    assert len(told.exceptions()) == 1


def test_an_invoice_that_stopped_for_a_rate_goes_on_once_it_is_loaded() -> None:
    told = fabric(card_rule()).ready(euros())
    stopped = raise_trouble(
        told.ports, "fx_rate_missing", "inv-1", legal_entity_id="US", correlation_id=CONTRACT, task_token="token-1"
    )
    assert loaded(told, "Date,USD,\n2026-02-25,1.60,\n")["retried"] == 1
    assert told.ports.exceptions.find(stopped.exception_id).resolution == "retry"
    assert told.ports.tasks.succeeded["token-1"]["action"] == "retry"
