"""The firm of the core's bench: contracts, rates and time entries, drawn by whole numbers, the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from shared.domain.contract import Contract, ContractLine, LineKind
from shared.domain.identity import ExternalRef
from shared.domain.money import Money
from shared.domain.parties import Address, Customer, LegalEntity
from shared.domain.policies import Policies, TaxRule
from shared.domain.project import Project, ProjectStatus
from shared.domain.rate_card import Rate, RateCard
from shared.domain.tax import TaxCategory
from shared.domain.wip import WipItem
from shared.usecases.value_time import value_time

FIRST, LAST, SIGNED = date(2026, 10, 1), date(2026, 10, 31), date(2026, 9, 1)
APPROVED_AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
ROLES = ("Senior", "Consultant", "Analyst", None)
PEOPLE = 40
VAT = Decimal(19)


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    person: int
    role: str | None
    worked_on: date
    minutes: int


def entries_of(contract: int, each: int) -> Iterator[Entry]:
    """Drawn by whole numbers: the same entries in every run and in the database."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    for n in range(each):
        drawn = (contract * 7919 + n * 104_729) % 1_000_003
        yield Entry(contract * each + n, drawn % PEOPLE, ROLES[drawn % 4], days[drawn % 31], 1 + drawn % 600)


def rates_of(contract: int) -> tuple[Rate, ...]:
    """A role each, the card's default, and one person who costs otherwise; two of them changed in mid-month."""
    change, cents = date(2026, 10, 16), 10_000 + contract % 997
    ends: tuple[date | None, ...] = (None, change)
    told = [
        ("Senior", None, 5000),
        ("Consultant", None, 3001),
        ("Analyst", None, 1999),
        (None, None, 1250),
        (None, "u-7", 7777),
    ]
    return tuple(
        Rate(
            f"r{n}-{later}",
            _eur(cents + more + 250 * later),
            change if later else SIGNED,
            ends[not later],
            role,
            person,
        )
        for n, (role, person, more) in enumerate(told)
        for later in (False, True)
    )


def valued(entry: Entry, contract: Contract, project: Project, card: RateCard) -> WipItem:
    return value_time(
        contract=contract,
        project=project,
        card=card,
        entry_id=f"entry-{entry.number}",
        entry_ref=ExternalRef("kantata", "time_entry", str(entry.number)),
        sequence=1,
        person=f"Person {entry.person}",
        person_id=f"u-{entry.person}",
        role=entry.role,
        task="Delivery",
        worked_on=entry.worked_on,
        minutes=entry.minutes,
        approved_at=APPROVED_AT,
        approver="Lead",
    )


def a_contract(number: int) -> Contract:
    return Contract(
        contract_id=f"con-{number}",
        ref=ExternalRef("salesforce", "opportunity", str(number)),
        opportunity_id=f"opp-{number}",
        reference=f"C-{number}",
        legal_entity_id="DE01",
        customer_id="cus-1",
        project_name=f"Project {number}",
        currency="EUR",
        purchase_order=None,
        payment_terms_days=30,
        billing_schedule="monthly",
        signed_on=SIGNED,
        starts_on=SIGNED,
        ends_on=None,
        lines=(ContractLine("l-1", LineKind.TIME_AND_MATERIALS, "Consulting", _eur(100_000_00)),),
    )


def a_card(number: int) -> RateCard:
    ref = ExternalRef("kantata", "rate_card", str(number))
    return RateCard(f"card-{number}", ref, "Card", "EUR", "1", rates_of(number))


def a_project(number: int) -> Project:
    return Project(f"prj-{number}", f"con-{number}", "DE01", "cus-1", f"Project {number}", ProjectStatus.ACTIVE)


def a_customer() -> Customer:
    address = Address("Kaistrasse 1", "Hamburg", "20457", "", "DE")
    return Customer("cus-1", ExternalRef("salesforce", "account", "1"), "Reederei Nord", address, "DE123456788", "EUR")


def the_policies() -> Policies:
    entity = LegalEntity("DE01", "Billweave GmbH", "DE", "EUR", "Europe/Berlin", "DE999999999")
    rule = TaxRule("de-domestic", "DE", "domestic", TaxCategory.STANDARD, VAT, date(2007, 1, 1))
    return Policies(
        version="bench",
        identity_scope="group",
        legal_entities=(entity,),
        tax_rules=(rule,),
        approval_over={},
        exceptions=(),
    )


def _eur(cents: int) -> Money:
    return Money(Decimal(cents).scaleb(-2), "EUR")
