"""How things move: outbox, event log, parking, tasks of waiting sagas, queues, documents, cursors, slots, counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from events.envelope import AnyEnvelope
    from shared.domain.audit import Act
    from shared.domain.dead_letter import Correction, DeadLetter
    from shared.domain.policies import Policies
    from shared.domain.source import Parked
    from shared.domain.vendor_account import VendorAccount


@dataclass(frozen=True, slots=True)
class Recorded:
    new: int
    duplicates: int


class Outbox(Protocol):
    def record(self, events: Sequence[AnyEnvelope]) -> Recorded:
        """Events of connectors: an event whose id stands already is a duplicate and is not written again."""
        ...

    def unpublished(self, older_than: timedelta) -> Iterator[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Relayed:
    """Ids are counted: left stay unmarked, the next sweep takes them; parked wait in the queue "outbox-parked"."""

    published: int = 0
    parked: int = 0
    left: int = 0


class Publisher(Protocol):
    """From the outbox to the bus. Publishing twice is possible, losing is not: consumers know an event by its id."""

    def relay(self, records: Sequence[Mapping[str, Any]]) -> Relayed:
        """records: of the table's stream, any. New event rows go to the bus; one that cannot is parked by itself.

        Raises Transient or Throttled only when nothing can be put on the bus at all.
        """
        ...

    def sweep(self, older_than: timedelta) -> Relayed:
        """What stands unmarked for that long goes to the bus."""
        ...

    def send_again(self, envelope: str) -> None:
        """One event that was given up, its envelope as JSON text. Raises Poison for what can never go on the bus."""
        ...


class EventLog(Protocol):
    def of_subject(self, subject: str) -> list[AnyEnvelope]: ...
    def of_correlation(self, correlation_id: str) -> list[AnyEnvelope]: ...
    def between(self, start: datetime, to: datetime) -> list[AnyEnvelope]:
        """By when they happened, both ends included, oldest first. Reads everything there is: for a replay."""
        ...


class Parking(Protocol):
    """waiting_for: "project:<project id>", "reference:kantata:workspace:77", "rate_card:<project id>" or
    "contract:<contract id>"."""

    def park(self, parked: Parked) -> None: ...
    def waiting_for(self, waiting_for: str) -> list[Parked]:
        """In the order they were parked."""
        ...

    def all(self) -> Iterator[Parked]: ...
    def unpark(self, parked: Parked) -> None:
        """Forgets it; but not a delivery that was parked again since this parking was read."""
        ...


class Tasks(Protocol):
    """Answers a saga that waits. A token that is used up or whose saga is gone is no error: it is counted."""

    def succeed(self, token: str, output: Mapping[str, Any]) -> bool: ...
    def fail(self, token: str, error: str, cause: str) -> bool: ...


class Sagas(Protocol):
    def start(self, saga: str, name: str, payload: Mapping[str, Any]) -> bool:
        """False if one of this name ran or runs already: the same business thing."""
        ...


class Queues(Protocol):
    def send(self, queue: str, bodies: Sequence[str], *, delay_s: int = 0) -> None:
        """queue: its name in the deployment ("time"). Every body is sent or Transient is raised."""
        ...


class Inbox(Protocol):
    """What becomes of a message that its handler cannot finish now. Used by the handler wrappers only."""

    def send_anew(self, queue_arn: str, body: str, seconds: int, *, group: str) -> None:
        """To its own queue as a new message, which was received by nobody yet. group: for whom it is, "" for none."""
        ...

    def delay(self, queue_arn: str, receipt: str, seconds: int) -> None:
        """Shown again after that long, at most 12 hours. A receipt that has run out is no error: it comes anyway."""
        ...

    def quarantine(self, body: str, *, origin: str, code: str) -> None:
        """The raw text goes where a person looks at it. origin: the queue it came from."""
        ...


class DeadLetters(Protocol):
    """What its queue gave up, or the bus could not deliver to it; queues by their names in the deployment."""

    def places(self) -> tuple[str, ...]:
        """Queues that hold what was given up: "time-dlq", "quarantine"."""
        ...

    def origin(self, letter: DeadLetter) -> str | None:
        """The queue that a quarantined letter came from, if it was told."""
        ...

    def waiting(self, place: str) -> int:
        """Raises BusinessException("queue_unknown")."""
        ...

    def walk(self, place: str, most: int, done: Callable[[DeadLetter], bool]) -> int:
        """Shows `done` at most so many letters, each once; those it answers True for are deleted, the rest stay. How
        many were deleted. Raises BusinessException("queue_unknown").
        """
        ...

    def send(self, queue: str, letter: DeadLetter) -> None:
        """Its body, with its id, to a queue or a place. Raises BusinessException("queue_unknown")."""
        ...


class Corrections(Protocol):
    """Edits of messages: what was there, what stands in its place, who and why."""

    def add(self, correction: Correction, act: Act) -> bool:
        """With its act in the audit log, in one transaction. False if the act is in it."""
        ...

    def of(self, an_id: str) -> list[Correction]:
        """Those from or to this letter or exception, oldest first."""
        ...


class Documents(Protocol):
    """Immutable JSON and raw bodies in the object store."""

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None: ...
    def get(self, key: str) -> bytes:
        """Raises BusinessException("document_missing")."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Those that begin so, in rising order."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """Which part of what was: when it happened, both ends included; what its kind begins with; one thread or subject."""

    start: datetime | None = None
    to: datetime | None = None
    type: str | None = None
    correlation: str | None = None


@dataclass(frozen=True, slots=True)
class PutBack:
    """Rows that were gone or older, those that stand just so, and those that stand younger and were left."""

    restored: int
    standing: int
    left: int


class History(Protocol):
    """What every row became, kept beside the table."""

    def keep(self, records: Sequence[Mapping[str, Any]]) -> int:
        """records: of the table's stream. How many were state."""
        ...

    def put_back(self, told: Told) -> PutBack:
        """Makes rows again as they last were. What stands younger is never touched, so twice is once."""
        ...


class RawPayloads(Protocol):
    def keep(self, system: str, kind: str, body: bytes) -> str:
        """Stored under a key derived from its content; returns the key."""
        ...


class Cursors(Protocol):
    def read(self, feed: str) -> Mapping[str, Any]: ...

    def write(self, feed: str, cursor: Mapping[str, Any], *, expected: Mapping[str, Any]) -> bool:
        """False if another poll moved it meanwhile."""
        ...


class Slots(Protocol):
    """Leases on a vendor account's concurrency, so that all lanes and functions together stay under its share.

    How the work under a lease ends says whether the vendor answers: who throttles is left alone by all, who only fails
    is asked by one at a time, now and then.
    """

    def lease(self, account: str, lane: str) -> AbstractContextManager[None]:
        """Holds one slot; raises Throttled("slots_busy") when none came free within a short wait.

        Raises Throttled("vendor_paused") or Throttled("vendor_down") when the vendor must not be asked now.
        """
        ...

    def accounts(self) -> list[VendorAccount]:
        """Every account that was ever called, as it stands."""
        ...


class Turns(Protocol):
    """One at a time at a subject, so that two who look for a record in vain do not both make it.

    A turn ends by itself when the invocation that took it would have been cut off: a dead worker blocks nobody for long.
    """

    def take(self, subject: str) -> str:
        """The ticket to give it back with. Raises Throttled("subject_busy") while another has the turn."""
        ...

    def give_back(self, subject: str, ticket: str) -> None:
        """No error if it was over meanwhile."""
        ...


class Counts(Protocol):
    def add(self, name: str, amount: int = 1, **dimensions: str) -> None:
        """name: "duplicates_received", "stale_received", ...: a metric and a durable count."""
        ...

    def read(self) -> dict[str, int]: ...


class Clock(Protocol):
    def now(self) -> datetime: ...


class PolicyBook(Protocol):
    def current(self) -> Policies: ...
