"""What an hour of such work costs, by what governs its day: an hour is valued by the step that values entries."""

from __future__ import annotations

from datetime import date, datetime

from functions.experience import contracts
from functions.experience.answers import RateAnswer
from shared.domain.contract import Contract
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.project import Project
from shared.domain.rate_card import RateCard
from shared.domain.rate_card import known_at as card_known_at
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.contract_as_of import contract_as_of, taking
from shared.usecases.signed_card import as_signed, signed_card
from shared.usecases.value_time import value_time

AN_HOUR = 60


def rate(
    ports: Ports,
    any_id: str,
    *,
    worked_on: date,
    role: str | None = None,
    person: str | None = None,
    task: str | None = None,
    known_at: datetime | None = None,
) -> RateAnswer:
    """any_id: of the contract, its deal or its project. person: as the rate card names people. known_at: as far as
    contract and card were known then.

    Raises BusinessException("contract_unknown" | "contract_not_known_yet" | "rate_missing" | "rate_overlap" |
    "currency_mismatch" | "line_missing").
    """
    found = contracts.find(ports, any_id)
    history = ports.contracts.history(found.contract_id)
    contract = taking(contract_as_of(history, day=worked_on, known_at=known_at), worked_on)
    project = ports.projects.get(derived_id("project", contract.contract_id))
    signed = signed_card(contract, role=role, worked_on=worked_on)
    card = signed or card_of(ports, project, known_at)
    item = _hour(contract, project, card, role, person, task, worked_on)
    return _answer(as_signed(item) if signed else item, known_at, person)


def card_of(ports: Ports, project: Project, at: datetime | None) -> RateCard:
    """The project's card as it was known at that moment; None: now. Which card prices the project is not asked back: the
    one that does now.

    Raises BusinessException("rate_missing") while the project has none, or before the first version was known.
    """
    card = ports.rate_cards.of_project(project.project_id)
    if card and at:
        card = card_known_at(ports.rate_cards.versions(card.rate_card_id), at)
    if card is None:
        raise BusinessException("rate_missing", project_id=project.project_id)
    return card


def _hour(
    contract: Contract,
    project: Project,
    card: RateCard,
    role: str | None,
    person: str | None,
    task: str | None,
    worked_on: date,
) -> WipItem:
    return value_time(
        contract=contract,
        project=project,
        card=card,
        entry_id="rate-look-up",
        entry_ref=ExternalRef("billweave", "rate_look_up", "1"),
        sequence=0,
        person=person or "",
        person_id=person or "",
        role=role,
        task=task,
        worked_on=worked_on,
        minutes=AN_HOUR,
        approved_at=None,
        approver=None,
    )


def _answer(item: WipItem, known_at: datetime | None, person: str | None) -> RateAnswer:
    how = item.valuation
    return RateAnswer(
        contract_id=item.contract_id,
        project_id=item.project_id,
        role=item.role,
        person=person,
        worked_on=item.worked_on,
        known_at=known_at,
        level=how.rule,
        rate_id=how.rate_id,
        card_id=how.rate_card_id,
        card_version=how.rate_card_version,
        unit_price=f"{how.unit_price.amount:f}",
        currency=how.unit_price.currency,
    )
