"""A won deal as Salesforce gives it becomes a customer, a won opportunity and a signed contract."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from functions.connectors.salesforce.mapping import (
    contract_id,
    sequence_of,
    to_closed_won,
    to_contract,
    to_party,
)
from functions.connectors.salesforce.settings import SalesforceSettings
from functions.platforms.salesforce.soql import moment
from shared.faults import BusinessException, Poison
from tests.salesforce_deals import AT, DEAL, SETTINGS, deal, line


def settings(**changes: object) -> SalesforceSettings:
    return SETTINGS.model_copy(update=changes)


def test_a_deal_becomes_a_contract_with_its_terms() -> None:
    signed = to_contract(deal(), "firm", SETTINGS)
    assert (signed.ref.id, signed.reference, signed.legal_entity_id, signed.currency) == (DEAL, "00000101", "US", "USD")
    assert (signed.purchase_order, signed.payment_terms_days, signed.billing_schedule) == ("PO-7", 30, "monthly")
    assert (signed.signed_on, signed.starts_on, signed.ends_on) == (date(2026, 3, 1), date(2026, 3, 15), None)
    (only,) = signed.lines
    assert (only.kind, only.value.amount, only.description) == ("time_and_materials", Decimal("50000.00"), "Consulting")


def test_a_deal_becomes_a_won_opportunity() -> None:
    won = to_closed_won(deal(), "firm", SETTINGS)
    assert (won.name, won.value.amount, won.closed_on) == ("Rollout", Decimal("50000.00"), date(2026, 3, 1))
    assert won.contract_reference == "00000101"


def test_the_same_deal_has_the_same_ids_by_its_short_id() -> None:
    assert contract_id(deal(Id=DEAL[:15]), "firm") == contract_id(deal(), "firm")
    assert contract_id(deal(), "another") != contract_id(deal(), "firm")


def test_a_missing_contract_is_a_contract_without_reference_that_starts_when_signed() -> None:
    signed = to_contract(deal(Contract=None, ContractId=None), "firm", SETTINGS)
    assert (signed.reference, signed.starts_on) == (None, date(2026, 3, 1))
    assert signed.contract_id == to_contract(deal(), "firm", SETTINGS).contract_id


def test_an_address_with_holes_is_an_address() -> None:
    account = deal()["Account"] | {"BillingStreet": None, "BillingState": None, "BillingPostalCode": None}
    party = to_party(deal(Account=account), "firm", SETTINGS)
    assert (party.address.street, party.address.city, party.address.country) == ("", "Springfield", "US")


def test_a_currency_that_is_not_told_is_the_orgs() -> None:
    row = deal()
    del row["CurrencyIsoCode"], row["Account"]["CurrencyIsoCode"]
    signed = to_contract(row, "firm", settings(multi_currency=False, default_currency="EUR"))
    assert (signed.currency, signed.customer.currency) == ("EUR", "EUR")


def test_the_tax_number_is_read_where_the_org_keeps_it() -> None:
    own = settings(deal=SETTINGS.deal.model_copy(update={"account_tax_number": "VAT_Number__c"}))
    account = deal()["Account"] | {"VAT_Number__c": "DE123456789"}
    assert to_party(deal(Account=account), "firm", own).tax_number == "DE123456789"
    assert to_party(deal(Account=account), "firm", SETTINGS).tax_number is None


@pytest.mark.parametrize(
    ("number", "exact"), [("1.0E7", "10000000"), ("1.5E+3", "1500"), ("0.10", "0.10"), ("12", "12")]
)
def test_numbers_with_an_exponent_are_written_out(number: str, exact: str) -> None:
    signed = to_contract(deal(line(TotalPrice=Decimal(number))), "firm", SETTINGS)
    assert str(signed.lines[0].value.amount) == exact
    assert '"amount":"' + exact + '"' in signed.model_dump_json()


def test_a_deal_without_an_amount_is_worth_nothing_yet() -> None:
    assert to_closed_won(deal(Amount=None), "firm", SETTINGS).value.amount == 0


def test_time_lines_are_one_fixed_fees_dated_parts_of_one_milestones_their_own() -> None:
    row = deal(
        line(number=1, total="30000.00"),
        line(number=2, total="20000.00"),
        line("Fixed Fee", 3, "500.00", ServiceDate="2026-03-31", Description="Support"),
        line("Fixed Fee", 4, "500.00", ServiceDate="2026-04-30"),
        line("Milestone", 5, "2500.00", Description="Go-live"),
        line("Milestone", 6, "1500.00"),
    )
    time, fee, first, second = to_contract(row, "firm", SETTINGS).lines
    assert (time.kind, time.value.amount) == ("time_and_materials", Decimal("50000.00"))
    assert (fee.kind, fee.value.amount, fee.description) == ("fixed_fee", Decimal("1000.00"), "Support")
    assert [(part.due_on, part.value.amount) for part in fee.instalments] == [
        (date(2026, 3, 31), Decimal("500.00")),
        (date(2026, 4, 30), Decimal("500.00")),
    ]
    assert (first.milestone, second.milestone) == ("Go-live", "Consulting")
    assert len({each.line_id for each in (time, fee, first, second)}) == 4


def test_what_the_deal_does_not_say_has_its_default() -> None:
    row = deal(PO_Number__c=None, Payment_Terms_Days__c=None, Billing_Frequency__c=None)
    signed = to_contract(row, "firm", SETTINGS)
    assert (signed.purchase_order, signed.payment_terms_days, signed.billing_schedule) == (None, 30, "monthly")


REFUSED = {
    "no account": (deal(Account=None), "customer_unmatched"),
    "no country": (deal(Account=deal()["Account"] | {"BillingCountry": None}), "customer_unmatched"),
    "a country nobody explained": (
        deal(Account=deal()["Account"] | {"BillingCountry": "Elbonia"}),
        "customer_unmatched",
    ),
    "no legal entity": (deal(Legal_Entity__c=None), "contract_mismatch"),
    "no products": (deal(OpportunityLineItems=None), "contract_mismatch"),
    "a family nobody explained": (deal(line("Hardware")), "contract_mismatch"),
    "a product without family": (deal(line(Product2={"Name": "Thing", "Family": None})), "contract_mismatch"),
    "a fixed fee without its date": (deal(line("Fixed Fee")), "contract_mismatch"),
    "payment terms in words": (deal(Payment_Terms_Days__c="Net 30"), "contract_mismatch"),
    "half a day to pay": (deal(Payment_Terms_Days__c=Decimal("0.5")), "contract_mismatch"),
}


@pytest.mark.parametrize("why", sorted(REFUSED))
def test_a_deal_that_is_no_contract_is_a_persons_job(why: str) -> None:
    row, code = REFUSED[why]
    with pytest.raises(BusinessException, match=code):
        to_contract(row, "firm", SETTINGS)


def test_a_legal_entity_is_spelt_as_the_org_spells_it_or_refused() -> None:
    own = settings(legal_entities={"Northlight Inc.": "US"})
    assert to_contract(deal(Legal_Entity__c="Northlight Inc."), "firm", own).legal_entity_id == "US"
    with pytest.raises(BusinessException, match="contract_mismatch"):
        to_contract(deal(Legal_Entity__c="Northlight GmbH"), "firm", own)


def test_a_country_code_needs_no_explanation() -> None:
    account = deal()["Account"] | {"BillingCountry": "DE"}
    assert to_party(deal(Account=account), "firm", SETTINGS).address.country == "DE"


def test_the_version_of_a_deal_is_its_newest_change_anywhere() -> None:
    later = "2026-03-02T10:00:00.001+0000"
    first = sequence_of(deal())
    assert first == 1_772_359_200_000_000
    account, contract = deal()["Account"], deal()["Contract"]
    for changed in (
        deal(SystemModstamp=later),
        deal(Account=account | {"SystemModstamp": later}),
        deal(Contract=contract | {"SystemModstamp": later}),
        deal(line(SystemModstamp=later)),
    ):
        assert sequence_of(changed) == first + 86_400_001_000


@pytest.mark.parametrize("text", [AT, "2026-03-01T10:00:00.000Z", "2026-03-01T11:00:00+01:00"])
def test_an_instant_is_read_in_any_of_its_forms(text: str) -> None:
    assert moment(text) == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", None, "yesterday", "2026-03-01T10:00:00"])
def test_an_instant_without_its_offset_or_sense_is_poison(text: object) -> None:
    with pytest.raises(Poison, match="instant_unreadable"):
        moment(text)


@pytest.mark.parametrize(
    ("told", "kept"),
    [("Monthly", "monthly"), ("Biweekly", "biweekly"), ("Quarterly", "quarterly"), ("On Milestone", "on_milestone")]
    + [("Weekly (Friday)", "weekly_friday"), ("Monthly, 25", "monthly_25"), ("Semi-Monthly", "semi_monthly")],
)
def test_a_billing_schedule_is_kept_in_our_spelling(told: str, kept: str) -> None:
    assert to_contract(deal(Billing_Frequency__c=told), "firm", SETTINGS).billing_schedule == kept


def test_a_billing_schedule_nobody_can_read_is_told_with_those_that_are_allowed() -> None:
    with pytest.raises(BusinessException) as caught:
        to_contract(deal(Billing_Frequency__c="Whenever"), "firm", SETTINGS)
    assert caught.value.code == "contract_mismatch" and "semi_monthly" in caught.value.facts["allowed"]


def invoicing(**names: str) -> SalesforceSettings:
    return settings(deal=SETTINGS.deal.model_copy(update=names))


def test_a_deal_may_say_how_it_is_invoiced() -> None:
    orders = '[{"number": "PO-1", "limit": {"amount": "500.00", "currency": "USD"}, "expires_on": "2026-12-31"}]'
    row = deal(Group__c="Project", Apart__c=True, Orders__c=orders)
    named = invoicing(grouping="Group__c", separate_expenses="Apart__c", purchase_orders="Orders__c")
    signed = to_contract(row, "firm", named)
    assert (signed.grouping, signed.separate_expenses) == ("project", True)
    (order,) = signed.purchase_orders
    assert (order.number, order.limit and order.limit.amount, order.expires_on) == (
        "PO-1",
        Decimal("500.00"),
        date(2026, 12, 31),
    )


@pytest.mark.parametrize(
    ("field", "told"),
    [("Group__c", "planet"), ("Apart__c", "maybe"), ("Orders__c", "[{}]"), ("Orders__c", "PO-1")],
)
def test_what_a_deal_says_about_invoicing_is_understood_or_refused(field: str, told: str) -> None:
    named = invoicing(grouping="Group__c", separate_expenses="Apart__c", purchase_orders="Orders__c")
    with pytest.raises(BusinessException, match="contract_mismatch"):
        to_contract(deal(**{field: told}), "firm", named)


def test_lines_that_name_a_project_are_lines_of_their_own() -> None:
    named = invoicing(line_project="Project__c")
    row = deal(line(Project__c="East"), line(Project__c=None), line(Project__c="East"))
    signed = to_contract(row, "firm", named)
    assert [(each.projects, each.value.amount) for each in signed.lines] == [
        (("East",), Decimal("100000.00")),
        ((), Decimal("50000.00")),
    ]
    plain = to_contract(deal(), "firm", SETTINGS)
    assert signed.lines[1].line_id == plain.lines[0].line_id != signed.lines[0].line_id


def test_invoices_may_go_to_the_parent_and_the_service_to_the_account() -> None:
    account = deal()["Account"]
    group = account | {"Id": "001XX0000000009YAA", "Name": "Acme Group"}
    row = deal(Account=account | {"Parent": group})
    own = to_contract(row, "firm", SETTINGS)
    assert (own.customer.name, own.ship_to) == ("Acme", None)
    signed = to_contract(row, "firm", settings(bill_to="parent"))
    assert (signed.customer.name, signed.ship_to and signed.ship_to.name) == ("Acme Group", "Acme")
    assert to_contract(deal(), "firm", settings(bill_to="parent")).ship_to is None


TERM_FIELDS = {"line_terms": "Billing_Terms__c", "line_project": "Billing_Project__c"}
TERMED = settings(deal=SETTINGS.deal.model_copy(update=TERM_FIELDS))
CAP = '{"cap": {"over": "soft", "value": {"amount": "1000.00", "currency": "USD"}}}'


def test_terms_of_one_product_are_those_of_its_line() -> None:
    row = deal(line(number=1), line(number=2, Billing_Terms__c=CAP))
    (only,) = to_contract(row, "firm", TERMED).lines
    assert only.terms is not None and only.terms.cap is not None and only.terms.cap.value is not None
    assert (only.terms.cap.over, only.terms.cap.value.amount) == ("soft", Decimal("1000.00"))
    assert only.line_id == to_contract(deal(), "firm", SETTINGS).lines[0].line_id


def test_products_that_name_a_project_are_a_line_of_their_own() -> None:
    row = deal(line(number=1), line(number=2, Billing_Project__c="Audit", Billing_Terms__c=CAP))
    plain, named = to_contract(row, "firm", TERMED).lines
    assert (plain.projects, named.projects) == ((), ("Audit",))
    assert (plain.terms, plain.line_id != named.line_id) == (None, True)


MISPUT = {
    "{": "no JSON at line 1, column 2",
    '{"capp": {}}': "capp: unknown",
    '{"cap": {"over": "hard", "valu": 3, "minutes": 60}}': "cap.valu: unknown",
    '{"cap": {"over": "maybe"}}': "cap.over: Input should be",
    '{"cap": {"over": "hard"}}': "cap: has exactly one of value and minutes",
    '{"minimum": {"amount": "5.00", "currency": "EUR"}}': "minimum: is in EUR, the contract in USD",
    '{"discount": {"tiers": [{"over": {"amount": "0", "currency": "USD"}, "percent": "x"}]}}': (
        "discount.tiers[0].percent"
    ),
}


@pytest.mark.parametrize("text", sorted(MISPUT))
def test_terms_that_cannot_be_billed_by_name_the_line_and_the_place(text: str) -> None:
    with pytest.raises(BusinessException) as caught:
        to_contract(deal(line(Billing_Terms__c=text, Description="Phase 2")), "firm", TERMED)
    assert (caught.value.code, caught.value.facts["line"]) == ("contract_mismatch", "Phase 2")
    assert MISPUT[text] in caught.value.facts["why"]


def test_two_products_of_one_line_with_different_terms_are_refused() -> None:
    row = deal(line(number=1, Billing_Terms__c=CAP), line(number=2, Billing_Terms__c="{}"))
    with pytest.raises(BusinessException, match="contract_mismatch"):
        to_contract(row, "firm", TERMED)


def product(family: str) -> dict[str, str]:
    return {"Name": family, "Family": family}


SELLING = settings(
    deal=TERMED.deal,
    line_kinds={
        "Consulting": "time_and_materials",
        "Course": "time_and_materials",
        "Training": "fixed_fee",
        "Workshop": "fixed_fee",
    },
    services={"Training": "training", "Course": "training"},
)


def test_what_a_line_sells_is_its_product_familys_service() -> None:
    row = deal(
        line(number=1, Product2=product("Consulting")),
        line(number=2, Product2=product("Training"), ServiceDate="2026-04-30"),
    )
    assert [each.service for each in to_contract(row, "firm", SELLING).lines] == ["", "training"]


def test_terms_that_name_a_service_go_before_the_family() -> None:
    told = '{"service": "coaching", "minimum": {"amount": "5.00", "currency": "USD"}}'
    row = deal(line(number=1, Product2=product("Course"), Billing_Terms__c=told))
    (only,) = to_contract(row, "firm", SELLING).lines
    assert (only.service, only.terms and only.terms.minimum and only.terms.minimum.amount) == ("coaching", Decimal(5))


def test_products_of_one_line_that_sell_different_things_are_refused() -> None:
    due = {"ServiceDate": "2026-04-30"}
    row = deal(line(Product2=product("Training"), **due), line(number=2, Product2=product("Workshop"), **due))
    with pytest.raises(BusinessException) as caught:
        to_contract(row, "firm", SELLING)
    assert "services, training" in caught.value.facts["why"]
