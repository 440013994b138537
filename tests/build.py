"""Records for tests: one customer, one contract with a line of each kind, one project, one card; change what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shared.domain.contract import Contract, ContractLine, Instalment, LineKind
from shared.domain.exception import OwnerGroup
from shared.domain.identity import ExternalRef
from shared.domain.invoice import BillingGroup, Invoice, InvoiceStatus
from shared.domain.money import Money
from shared.domain.parties import Address, Customer, LegalEntity
from shared.domain.policies import ApprovalDocument, ApprovalRule, ExceptionPolicy, Policies, TaxRule
from shared.domain.project import Milestone, Project, ProjectStatus
from shared.domain.rate_card import Rate, RateCard
from shared.domain.tax import TaxCategory
from shared.domain.wip import WipItem
from shared.usecases.check_policies import RAISED
from shared.usecases.value_time import value_time

OCTOBER = date(2026, 10, 31)
APPROVED_AT = datetime(2026, 10, 6, 9, 30, tzinfo=UTC)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def a_contract(**changes: Any) -> Contract:
    """EUR: time and materials; a fixed fee of 100.00 in three instalments; a milestone "Design accepted"."""
    parts = (("i-1", date(2026, 9, 30), "33.34"), ("i-2", OCTOBER, "33.33"), ("i-3", date(2026, 11, 30), "33.33"))
    lines = (
        ContractLine("l-time", LineKind.TIME_AND_MATERIALS, "Consulting", eur("50000")),
        ContractLine(
            "l-fee",
            LineKind.FIXED_FEE,
            "Support",
            eur("100.00"),
            instalments=tuple(Instalment(name, due, eur(value)) for name, due, value in parts),
        ),
        ContractLine("l-stone", LineKind.MILESTONE, "Design", eur("12500.00"), milestone="Design accepted"),
    )
    plain = Contract(
        contract_id="con-1",
        ref=ExternalRef("salesforce", "opportunity", "006A"),
        opportunity_id="opp-1",
        reference="C-2026-001",
        legal_entity_id="DE01",
        customer_id="cus-1",
        project_name="Harbour migration",
        currency="EUR",
        purchase_order="PO-7",
        payment_terms_days=30,
        billing_schedule="monthly",
        signed_on=date(2026, 9, 1),
        starts_on=date(2026, 9, 1),
        ends_on=None,
        lines=lines,
    )
    return replace(plain, **changes)


def a_project(**changes: Any) -> Project:
    plain = Project("prj-1", "con-1", "DE01", "cus-1", "Harbour migration", ProjectStatus.ACTIVE)
    return replace(plain, **changes)


def a_rate(rate_id: str = "r-role", amount: str = "150.00", **changes: Any) -> Rate:
    """Valid from 2026-01-01 on, for every senior unless told otherwise."""
    plain = Rate(rate_id, eur(amount), date(2026, 1, 1), role="Senior")
    return replace(plain, **changes)


def a_card(*rates: Rate, **changes: Any) -> RateCard:
    ref = ExternalRef("kantata", "rate_card", "5")
    return replace(RateCard("card-1", ref, "Standard 2026", "EUR", "v7", rates or (a_rate(),)), **changes)


def a_customer(country: str = "DE", tax_number: str | None = "DE123456788") -> Customer:
    address = Address("Kaistrasse 1", "Hamburg", "20457", "", country)
    return Customer("cus-1", ExternalRef("salesforce", "account", "001A"), "Reederei Nord", address, tax_number, "EUR")


def a_milestone(**changes: Any) -> Milestone:
    plain = Milestone(
        milestone_id="mil-1",
        ref=ExternalRef("kantata", "milestone", "88"),
        project_ref=ExternalRef("kantata", "workspace", "77"),
        name="Design accepted",
        completed_on=date(2026, 10, 20),
        approver="Grace Hopper",
        approved_at=APPROVED_AT,
    )
    return replace(plain, **changes)


def time_item(entry_id: str = "t-1", sequence: int = 1, **changes: Any) -> WipItem:
    """60 minutes of a senior on 2026-10-05 at 150.00, unless told otherwise; any field of the entry may be given."""
    entry: dict[str, Any] = {
        "contract": a_contract(),
        "project": a_project(),
        "card": a_card(),
        "entry_id": entry_id,
        "entry_ref": ExternalRef("kantata", "time_entry", entry_id),
        "sequence": sequence,
        "person": "Ada Moore",
        "person_id": "u-1",
        "role": "Senior",
        "task": "Data migration",
        "worked_on": date(2026, 10, 5),
        "minutes": 60,
        "approved_at": APPROVED_AT,
        "approver": "Grace Hopper",
    }
    return value_time(**(entry | changes))


def an_invoice(**changes: Any) -> Invoice:
    group = BillingGroup("DE01", "cus-1", "con-1", "monthly", "EUR", "PO-7")
    return replace(Invoice("inv-1", group, OCTOBER, 1, InvoiceStatus.SEALED), **changes)


def a_tax_rule(rule: str, buyer: str, category: str, rate: str, reason: str | None = None, **changes: Any) -> TaxRule:
    plain = TaxRule(rule, "DE", buyer, TaxCategory(category), Decimal(rate), date(2007, 1, 1), reason=reason)
    return replace(plain, **changes)


def the_policies(**changes: Any) -> Policies:
    """A German legal entity, its tax table, an owner for every type that code raises."""
    rules = (
        a_tax_rule("de-2020h2", "domestic", "S", "16", valid_from=date(2020, 7, 1), valid_to=date(2021, 1, 1)),
        a_tax_rule("de-domestic", "domestic", "S", "19"),
        a_tax_rule("de-eu-business", "eu_business", "AE", "0", "Reverse charge"),
        a_tax_rule("de-eu-consumer", "eu_consumer", "S", "19"),
        a_tax_rule("de-world", "rest_of_world", "O", "0", "Not taxable in Germany"),
    )
    owned = tuple(
        ExceptionPolicy(type, OwnerGroup.FINANCE_OPERATIONS, 24, ("retry",), f"{type} in plain words")
        for type in sorted(RAISED)
    )
    plain = Policies(
        version="2026-11-01",
        identity_scope="group",
        legal_entities=(LegalEntity("DE01", "Billweave GmbH", "DE", "EUR", "Europe/Berlin", "DE999999999"),),
        tax_rules=rules,
        approval_over={"EUR": Decimal(250000)},
        exceptions=owned,
        approvals=(ApprovalRule(ApprovalDocument.WRITE_OFF, "EUR", Decimal(1000)),),
        write_off_reasons=("not_billable", "quality", "goodwill"),
    )
    return replace(plain, **changes)
