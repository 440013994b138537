"""Published events and our own records: the one place where one becomes the other."""

from __future__ import annotations

from datetime import datetime

from events.contract_signed.v1 import ContractSigned, SignedInstalment, SignedLine
from events.milestone_completed.v1 import MilestoneCompleted
from events.rate_card_changed.v1 import CardRate, RateCardChanged
from events.values import Amount, Party, PostalAddress, Ref
from shared.domain.contract import Contract, ContractLine, Grouping, Instalment, LineKind
from shared.domain.identity import ExternalRef
from shared.domain.money import Money
from shared.domain.parties import Address, Customer
from shared.domain.project import Milestone
from shared.domain.rate_card import Rate, RateCard
from shared.runtime.terms import purchase_order_of, terms_of


def ref_of(ref: Ref) -> ExternalRef:
    return ExternalRef(ref.system, ref.kind, ref.id)


def as_ref(ref: ExternalRef) -> Ref:
    return Ref(system=ref.system, kind=ref.kind, id=ref.id)


def money_of(amount: Amount) -> Money:
    return Money(amount.amount, amount.currency)


def as_amount(money: Money) -> Amount:
    return Amount(amount=money.amount, currency=money.currency)


def customer_of(party: Party) -> Customer:
    address = Address(**party.address.model_dump())
    return Customer(party.customer_id, ref_of(party.ref), party.name, address, party.tax_number, party.currency)


def as_party(customer: Customer) -> Party:
    address = customer.address
    return Party(
        customer_id=customer.customer_id,
        ref=as_ref(customer.ref),
        name=customer.name,
        address=PostalAddress(
            street=address.street,
            city=address.city,
            postal_code=address.postal_code,
            region=address.region,
            country=address.country,
        ),
        tax_number=customer.tax_number,
        currency=customer.currency,
    )


def contract_of(signed: ContractSigned) -> Contract:
    return Contract(
        contract_id=signed.contract_id,
        ref=ref_of(signed.ref),
        opportunity_id=signed.opportunity_id,
        reference=signed.reference,
        legal_entity_id=signed.legal_entity_id,
        customer_id=signed.customer.customer_id,
        project_name=signed.project_name,
        currency=signed.currency,
        purchase_order=signed.purchase_order,
        payment_terms_days=signed.payment_terms_days,
        billing_schedule=signed.billing_schedule,
        signed_on=signed.signed_on,
        starts_on=signed.starts_on,
        ends_on=signed.ends_on,
        lines=tuple(contract_line_of(line) for line in signed.lines),
        ship_to=signed.ship_to.customer_id if signed.ship_to else None,
        grouping=Grouping(signed.grouping),
        separate_expenses=signed.separate_expenses,
        purchase_orders=tuple(purchase_order_of(order) for order in signed.purchase_orders),
    )


def contract_line_of(line: SignedLine) -> ContractLine:
    return ContractLine(
        line_id=line.line_id,
        kind=LineKind(line.kind),
        description=line.description,
        value=money_of(line.value),
        instalments=tuple(instalment_of(part) for part in line.instalments),
        milestone=line.milestone,
        terms=terms_of(line.terms),
        projects=line.projects,
        service=line.service,
    )


def instalment_of(part: SignedInstalment) -> Instalment:
    return Instalment(part.instalment_id, part.due_on, money_of(part.value))


def milestone_of(event: MilestoneCompleted) -> Milestone:
    return Milestone(
        milestone_id=event.milestone_id,
        ref=ref_of(event.ref),
        project_ref=ref_of(event.project_ref),
        name=event.name,
        completed_on=event.completed_on,
        approver=event.approver,
        approved_at=event.approved_at,
    )


def rate_card_of(
    event: RateCardChanged, version: str, known: dict[ExternalRef, str], *, recorded_at: datetime
) -> RateCard:
    """known: canonical ids of the projects, contracts and customers that the card names, all of them. recorded_at: when
    we learned it."""
    return RateCard(
        rate_card_id=event.rate_card_id,
        ref=ref_of(event.ref),
        name=event.name,
        currency=event.currency,
        version=version,
        rates=tuple(_rate(rate, event.currency, known) for rate in event.rates),
        recorded_at=recorded_at,
    )


def _rate(rate: CardRate, currency: str, known: dict[ExternalRef, str]) -> Rate:
    return Rate(
        rate_id=rate.rate_id,
        rate_per_hour=Money(rate.rate_per_hour, rate.currency or currency),
        valid_from=rate.valid_from,
        valid_to=rate.valid_to,
        role=rate.role,
        person=rate.person_ref.id if rate.person_ref else None,
        project=known[ref_of(rate.project_ref)] if rate.project_ref else None,
        assignment=rate.assignment_ref.id if rate.assignment_ref else None,
        task=rate.task_ref.id if rate.task_ref else None,
        contract=known[ref_of(rate.contract_ref)] if rate.contract_ref else None,
        customer=known[ref_of(rate.customer_ref)] if rate.customer_ref else None,
        region=rate.region,
    )
