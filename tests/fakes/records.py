"""Plain records for tests: a contract of a US firm, its project, items and events."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from events.envelope import AnyEnvelope, make_envelope
from events.values import Amount
from events.wip_recorded.v1 import WipRecorded
from shared.domain.contract import Contract, ContractLine, Instalment, LineKind
from shared.domain.exception import BillingException, ExceptionStatus, OwnerGroup
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import BillingGroup
from shared.domain.money import Money
from shared.domain.parties import Address, Customer
from shared.domain.project import Milestone, Project, ProjectStatus
from shared.domain.rate_card import Rate, RateCard
from shared.domain.source import SourceRecord
from shared.domain.wip import Valuation, WipItem, WipKind
from tests.fakes.flow import NOON


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def some_customer(customer_id: str = "customer-1", name: str = "Acme") -> Customer:
    address = Address("1 Main St", "Springfield", "12345", "IL", "US")
    ref = ExternalRef("salesforce", "account", f"001{customer_id}")
    return Customer(customer_id, ref, name, address, None, "USD")


def some_contract(contract_id: str = "contract-1", legal_entity: str = "US") -> Contract:
    instalments = (
        Instalment("i-1", date(2026, 3, 31), usd("500.00")),
        Instalment("i-2", date(2026, 4, 30), usd("500.00")),
    )
    return Contract(
        contract_id=contract_id,
        ref=ExternalRef("salesforce", "opportunity", f"006{contract_id}"),
        opportunity_id=f"opportunity of {contract_id}",
        reference="C-2026-001",
        legal_entity_id=legal_entity,
        customer_id="customer-1",
        project_name="Rollout",
        currency="USD",
        purchase_order=None,
        payment_terms_days=30,
        billing_schedule="monthly",
        signed_on=date(2026, 2, 1),
        starts_on=date(2026, 2, 15),
        ends_on=None,
        lines=(
            ContractLine("line-1", LineKind.TIME_AND_MATERIALS, "Consulting", usd("10000.00")),
            ContractLine("line-2", LineKind.FIXED_FEE, "Workshop", usd("1000.00"), instalments),
        ),
    )


def some_project(contract_id: str = "contract-1", status: ProjectStatus = ProjectStatus.ACTIVE) -> Project:
    project_id = derived_id("project", contract_id)
    refs = (ExternalRef("kantata", "workspace", "77"),)
    return Project(project_id, contract_id, "US", "customer-1", "Rollout", status, refs)


def some_milestone(milestone_id: str = "milestone-1") -> Milestone:
    ref, project = ExternalRef("kantata", "milestone", "501"), ExternalRef("kantata", "workspace", "77")
    return Milestone(milestone_id, ref, project, "Go-live", date(2026, 3, 1), "Ann", NOON)


def some_rate_card(rate_card_id: str = "card-1", rate: str = "150.00") -> RateCard:
    rates = (Rate("rate-1", usd(rate), date(2026, 1, 1), role="Consultant"),)
    return RateCard(rate_card_id, ExternalRef("kantata", "rate_card", "9"), "Standard", "USD", "1", rates)


def some_item(
    wip_id: str = "wip-1", *, contract_id: str = "contract-1", value: str = "125.00", day: int = 2
) -> WipItem:
    return WipItem(
        wip_id=wip_id,
        kind=WipKind.TIME,
        legal_entity_id="US",
        customer_id="customer-1",
        contract_id=contract_id,
        line_id="line-1",
        project_id=derived_id("project", contract_id),
        source_id=f"source of {wip_id}",
        source_sequence=1,
        description="Design",
        person="Bo",
        role="Consultant",
        worked_on=date(2026, 3, day),
        value=usd(value),
        valuation=Valuation(Decimal(50), "min", usd("150.00"), Decimal(60), "role", "rate-1", "card-1", "1"),
        approved_at=NOON,
        approver="Ann",
        source_ref=ExternalRef("kantata", "time_entry", "9001"),
    )


def source_of(item: WipItem, sequence: int = 1) -> SourceRecord:
    ref = ExternalRef("kantata", "time_entry", f"entry of {item.wip_id}")
    return SourceRecord(
        item.source_id, ref, sequence, item.contract_id, item.project_id, item.legal_entity_id, item.wip_id, item.value
    )


def some_group(contract_id: str = "contract-1") -> BillingGroup:
    return BillingGroup("US", "customer-1", contract_id, "monthly", "USD", None)


def some_exception(
    exception_id: str = "exception-1", at: datetime = NOON, token: str | None = None
) -> BillingException:
    return BillingException(
        exception_id=exception_id,
        type="rate_missing",
        subject="project-1",
        owner=OwnerGroup.MASTER_DATA,
        status=ExceptionStatus.OPEN,
        legal_entity_id="US",
        correlation_id="contract-1",
        message="No rate",
        raised_at=at,
        due_at=at + timedelta(hours=24),
        facts={"project": "Rollout"},
        task_token=token,
    )


def some_event(event_id: str = "event-1", *, subject: str = "wip-1", contract_id: str = "contract-1") -> AnyEnvelope:
    data = WipRecorded(
        wip_id=subject,
        kind="time",
        contract_id=contract_id,
        line_id="line-1",
        project_id="project-1",
        source_id="source-1",
        value=Amount(amount=Decimal("125.00"), currency="USD"),
        quantity=Decimal(50),
        unit="min",
        unit_price=Decimal("150.00"),
        rule="role",
        worked_on=date(2026, 3, 2),
    )
    return make_envelope(
        data,
        event_id=event_id,
        source="billweave/processes/time_to_bill",
        subject=subject,
        occurred_at=NOON,
        correlation_id=contract_id,
        legal_entity="US",
        sequence=1,
    )
