"""Repositories of what people watch and decide: holds, periods, exceptions, who did what, who is who elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from events.envelope import AnyEnvelope
    from shared.domain.accounting import AccountingCalendar
    from shared.domain.audit import Act, AuditEntry
    from shared.domain.exception import BillingException, ExceptionStatus
    from shared.domain.hold import Hold, HoldLevel
    from shared.domain.identity import ExternalRef
    from shared.domain.source import Applied

    Events = Sequence[AnyEnvelope]


class Holds(Protocol):
    def find(self, level: HoldLevel, subject_id: str) -> Hold | None: ...

    def tell(
        self,
        level: HoldLevel,
        subject_id: str,
        change: Callable[[Hold | None], tuple[Hold, Act] | None],
        *,
        events: Callable[[Hold], Sequence[AnyEnvelope]] = lambda _: (),
    ) -> Hold | None:
        """Read, change, write if nobody else wrote meanwhile (else again); None from `change` writes nothing.

        events: of the hold that is written.
        """
        ...

    def standing(self, subjects: Iterable[tuple[HoldLevel, str]]) -> tuple[Hold, ...]:
        """Those of these subjects that are held now, read consistently, in order of level and id."""
        ...

    def all(self) -> Iterator[Hold]:
        """Held now, in order of legal entity, level and id."""
        ...


class AuditLog(Protocol):
    def append(self, act: Act) -> bool:
        """False if this act is in it. Acts that change an aggregate ride in its own transaction instead."""
        ...

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[AuditEntry]:
        """As they lie, in order of their keys."""
        ...

    def head(self, legal_entity_id: str) -> tuple[int, str]:
        """(number of entries, hash of the last)."""
        ...


class AccountingCalendars(Protocol):
    def of(self, legal_entity_id: str) -> AccountingCalendar:
        """All open where nobody closed anything yet."""
        ...

    def update(
        self, legal_entity_id: str, change: Callable[[AccountingCalendar], AccountingCalendar]
    ) -> AccountingCalendar:
        """As Projects.update."""
        ...


class Exceptions(Protocol):
    def find(self, exception_id: str) -> BillingException | None: ...

    def open_among(self, exception_ids: Sequence[str]) -> list[BillingException]:
        """Those of them that are open now, read together: most that are asked about were never raised."""
        ...

    def raise_(self, exception: BillingException, *, events: Events = ()) -> Applied:
        """Opens it, or opens it again if it was resolved; if open already only its token and facts are renewed
        (DUPLICATE, events not written)."""
        ...

    def resolve(
        self, exception_id: str, resolution: str, *, by: str = "billweave", events: Events = ()
    ) -> BillingException | None:
        """None if it is not open. Returns it as it was, with its task token. by: for its history."""
        ...

    def change(
        self, exception_id: str, change: Callable[[BillingException], BillingException], act: Act | None = None
    ) -> BillingException:
        """As it stands then, written only if it changed; with its act in one transaction, and not at all where that act
        is in the log. Raises BusinessException("exception_unknown")."""
        ...

    def list(self, status: ExceptionStatus | None = None) -> Iterator[BillingException]: ...


class CrossReferences(Protocol):
    def link(self, ref: ExternalRef, canonical_id: str) -> None:
        """Never expires; repeating it is nothing. Raises BusinessException("reference_taken") for another id."""
        ...

    def canonical(self, ref: ExternalRef) -> str | None: ...
    def refs_of(self, canonical_id: str) -> list[ExternalRef]: ...

    def look_up(self, external_id: str) -> list[tuple[ExternalRef, str]]:
        """Everything in any system with this id."""
        ...
