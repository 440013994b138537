"""Repositories of what other systems own and of the projects made from it; state and events in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from events.envelope import AnyEnvelope
    from shared.domain.amendment import Amendment, ContractHistory
    from shared.domain.contract import Contract
    from shared.domain.parties import Customer  # noqa: F401
    from shared.domain.project import Milestone, Project  # noqa: F401
    from shared.domain.rate_card import RateCard
    from shared.domain.source import Applied

    Events = Sequence[AnyEnvelope]


T = TypeVar("T")


class Sourced(Protocol[T]):
    """Aggregates owned by another system: the newest version of the source wins."""

    def find(self, aggregate_id: str) -> T | None: ...

    def get(self, aggregate_id: str) -> T:
        """Raises BusinessException("<kind>_unknown")."""
        ...

    def save(self, aggregate: T, *, sequence: int, events: Events = ()) -> Applied:
        """STALE and DUPLICATE (an older, the same sequence) write nothing."""
        ...


class Customers(Sourced["Customer"], Protocol): ...


class Contracts(Sourced["Contract"], Protocol):
    def of_legal_entity(self, legal_entity_id: str, *, after: str | None = None) -> Iterator[Contract]:
        """In rising order of their ids, those past `after`; a change may take a moment to show."""
        ...

    def by_customer(self, legal_entity_id: str, customer_id: str) -> list[Contract]:
        """The customer's contracts that are invoiced by customer, in order of their ids; read consistently."""
        ...

    def save(
        self, aggregate: Contract, *, sequence: int, events: Events = (), signed: Contract | None = None
    ) -> Applied:
        """aggregate: as it stands, amendments included. signed: as the CRM delivered it, kept as a version of its own;
        None where there are no amendments. Raises Transient("contract_moved") when `aggregate` lacks an amendment that
        was recorded meanwhile: a delivery never takes one away."""
        ...

    def amend(self, contract: Contract, amendment: Amendment, *, signed_sequence: int, events: Events = ()) -> Applied:
        """contract: as it stands with this amendment, reckoned from the signed version of `signed_sequence`.

        DUPLICATE if an amendment of this id stands: it is recorded once. Raises Transient("contract_moved") when the
        contract was delivered or amended since: the change is reckoned again.
        """
        ...

    def history(self, contract_id: str) -> ContractHistory:
        """Every signed version and every amendment. Raises BusinessException("contract_unknown")."""
        ...


class Milestones(Sourced["Milestone"], Protocol): ...


class RateCards(Sourced["RateCard"], Protocol):
    """Every version saved is kept for ever beside the newest, which find and get return."""

    def versions(self, rate_card_id: str) -> list[RateCard]:
        """All of them, in the order of the source's sequence; read consistently."""
        ...

    def assign(self, rate_card_id: str, project_id: str) -> None:
        """From now on this card prices the project; one card per project."""
        ...

    def of_project(self, project_id: str) -> RateCard | None: ...


class Projects(Protocol):
    def find(self, project_id: str) -> Project | None: ...
    def get(self, project_id: str) -> Project: ...

    def add(self, project: Project, *, events: Events = ()) -> Applied:
        """DUPLICATE if it exists."""
        ...

    def update(self, project_id: str, change: Callable[[Project], Project], *, events: Events = ()) -> Project:
        """Read, change, write if nobody else wrote meanwhile (else again).

        A change that changes nothing writes nothing, events neither.
        """
        ...

    def of_contract(self, contract_id: str) -> list[Project]:
        """Its first project before the others, those in order of their ids; read consistently."""
        ...

    def all(self, status: str | None = None) -> Iterator[Project]: ...
