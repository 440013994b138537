"""Where approved work belongs: its project, contract and rate card; or what it waits for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from events.envelope import AnyEnvelope
from events.values import Ref
from functions.processes.from_events import ref_of
from functions.processes.parking import park, release
from shared.domain.contract import Contract
from shared.domain.identity import ExternalRef
from shared.domain.project import Project
from shared.domain.rate_card import RateCard
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.trouble import exception_type
from shared.usecases.contract_as_of import contract_as_of, taking
from shared.usecases.group_wip import BILLABLE

if TYPE_CHECKING:
    from shared.domain.amendment import ContractHistory

_OF_RATES = ("rate_missing", "rate_overlap")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source record belongs. card: None while the project has no rate card.

    contract: as it stands now; history: what made it, read where amendments did.
    """

    project: Project
    contract: Contract
    card: RateCard | None
    history: ContractHistory | None = None

    def contract_on(self, day: date) -> Contract:
        """What governs work of this day."""
        return taking(contract_as_of(self.history, day=day) if self.history else self.contract, day)


@dataclass(frozen=True, slots=True)
class Waiting:
    """waiting_for: as Parking has it. exception: the type to raise about it, None where a saga owns the reason."""

    waiting_for: str
    reason: str
    exception: str | None
    facts: dict[str, str] = field(default_factory=dict)
    legal_entity_id: str | None = None


Places = dict[ExternalRef, Place]
"""Places found for the events of one batch: they are as if all had come when its first one did."""


def place_of(project_ref: Ref, ports: Ports, places: Places) -> Place | Waiting:
    """As `place`, asked once per project and batch. What waits is always asked anew."""
    ref = ref_of(project_ref)
    if ref in places:
        return places[ref]
    found = place(project_ref, ports)
    if isinstance(found, Place):
        places[ref] = found
    return found


def place(project_ref: Ref, ports: Ports) -> Place | Waiting:
    ref = ref_of(project_ref)
    project_id = ports.references.canonical(ref)
    if project_id is None:
        return Waiting(f"reference:{ref.system}:{ref.kind}:{ref.id}", "unknown_project", "unknown_project")
    project = ports.projects.get(project_id)
    if project.status not in BILLABLE:
        return Waiting(f"project:{project_id}", "project_not_active", None)
    contract = ports.contracts.get(project.contract_id)
    history = ports.contracts.history(contract.contract_id) if contract.amendments else None
    return Place(project, contract, ports.rate_cards.of_project(project_id), history)


def refused(refusal: BusinessException, found: Place, ports: Ports) -> Waiting:
    """Work that cannot be billed as things stand waits for what may change that: the rate card, or the contract."""
    of_card = refusal.code in _OF_RATES or "rate_card_id" in refusal.facts
    waiting_for = f"rate_card:{found.project.project_id}" if of_card else f"contract:{found.contract.contract_id}"
    kind = exception_type(refusal.code, ports)
    return Waiting(
        waiting_for, refusal.code, kind, refusal.facts | {"code": refusal.code}, found.contract.legal_entity_id
    )


def hold(event: AnyEnvelope, waiting: Waiting, *, queue: str, again: Callable[[], object], ports: Ports) -> None:
    """Parks it, then looks once more (`again`): what came in between was released before this was parked."""
    park(
        event,
        queue=queue,
        waiting_for=waiting.waiting_for,
        reason=waiting.reason,
        exception=waiting.exception,
        facts=waiting.facts,
        legal_entity_id=waiting.legal_entity_id or event.legalentity,
        ports=ports,
    )
    if again() != waiting:
        release(waiting.waiting_for, ports)
