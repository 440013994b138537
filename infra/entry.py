"""An entry of the manifest: a function's file, what sets it off, what it may touch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Literal

Kind = Literal["event", "command", "poll", "step", "schedule", "edge"]
"""Which of the deployment's timeouts applies."""


class Access(StrEnum):
    NONE = "none"
    READ = "read"
    WRITE = "write"


LONGEST_NAME = 29
"""With the product's and the longest deployment's name before it, 64 characters, as many as Lambda takes."""


@dataclass(frozen=True, slots=True)
class EventQueue:
    """Events of the fabric's bus whose type starts with one of `types` -> queue `queue` -> function.

    batch: events at once; more than ten wait up to a second for each other.
    """

    queue: str
    types: tuple[str, ...]
    concurrency: int = 5
    batch: int = 10
    kind: Kind = "event"


@dataclass(frozen=True, slots=True)
class PartnerQueue:
    """Events that a system puts on its partner bus, with this detail-type -> queue -> function.

    source: what the events' source begins with.
    """

    queue: str
    detail_types: tuple[str, ...]
    concurrency: int = 2
    source: str = ""
    kind: Kind = "event"


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """Messages of our own functions -> function."""

    queue: str
    concurrency: int = 2
    batch: int = 10
    kind: Kind = "poll"


@dataclass(frozen=True, slots=True)
class CommandQueue:
    """Commands of sagas to this system, one at a time; `concurrency` None: what keeps that system's slots busy."""

    queue: str
    concurrency: int | None = 2
    kind: Kind = "command"


@dataclass(frozen=True, slots=True)
class Step:
    """A task of state machines; `${<CamelCase of the file>Arn}` in the definitions."""

    kind: Kind = "step"


@dataclass(frozen=True, slots=True)
class Every:
    minutes: int
    kind: Kind = "schedule"


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day per legal entity, at the deployment's billing hour in the entity's own time zone; if it has one."""

    kind: Kind = "schedule"


@dataclass(frozen=True, slots=True)
class TableStream:
    """New event rows of the table; whole: every change of every row."""

    whole: bool = False
    kind: Kind = "event"


@dataclass(frozen=True, slots=True)
class Invoked:
    """By the API and by operators, directly."""

    kind: Kind = "schedule"


ACTING = "billweave/operate"
"""The scope a token must hold to act; who acts is then told to the function."""


@dataclass(frozen=True, slots=True)
class Route:
    """`open`: without a token, because a vendor calls it; it must check who calls. scope: what the token must hold.

    asks_by_post: also POST, for questions too long for a query; what the function may do does not change by it.
    also: more methods by which a vendor calls, such as a handshake's OPTIONS.
    """

    path: str
    method: Literal["GET", "POST"] = "GET"
    scope: str = "billweave/read"
    open: bool = False
    asks_by_post: bool = False
    also: tuple[str, ...] = ()
    kind: Kind = "edge"

    @property
    def methods(self) -> tuple[str, ...]:
        return (self.method, *(["POST"] if self.asks_by_post else []), *self.also)


Trigger = EventQueue | PartnerQueue | WorkQueue | CommandQueue | Step | Every | Daily | TableStream | Invoked | Route
Queued = EventQueue | PartnerQueue | WorkQueue | CommandQueue


@dataclass(frozen=True, slots=True)
class FunctionEntry:
    """path: of the file, from the top. attribute: the handler in it.

    table, documents: access to the fabric table (without scans, unless `scans`) and to the bucket. sends: queues.
    starts: sagas. answers: completes tasks of waiting sagas. publishes: puts events on the bus.
    drains: takes from every DLQ and gives back to every queue. lists: sees which documents there are.
    """

    path: str
    trigger: Trigger
    attribute: str = "handler"
    table: Access = Access.WRITE
    documents: Access = Access.NONE
    sends: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    answers: bool = False
    publishes: bool = False
    drains: bool = False
    scans: bool = False
    lists: bool = False
    memory_mb: int = 512

    @property
    def room(self) -> str:
        """ "connectors", "processes", "operations" or "experience"."""
        return PurePosixPath(self.path).parts[1]

    @property
    def folder(self) -> str:
        return PurePosixPath(self.path).parent.name

    @property
    def stem(self) -> str:
        return PurePosixPath(self.path).stem

    @property
    def name(self) -> str:
        """Short, unique, kebab-case; "start" is said of which process, a connector's file of which system.

        A lane of a system with a long name is called by the lane alone: business-central-posting.
        """
        parts = [self.stem]
        if self.room == "connectors":
            parts = [self.folder, self.stem]
        elif self.stem == "start":
            parts = [self.stem, self.folder]
        if self.attribute != "handler":
            parts.append(self.attribute)
        name = "-".join(parts).replace("_", "-")
        if len(name) > LONGEST_NAME and self.room == "connectors":
            name = "-".join([self.folder, *parts[2:]]).replace("_", "-")
        return name

    @property
    def handler(self) -> str:
        return ".".join([*PurePosixPath(self.path).with_suffix("").parts, self.attribute])

    @property
    def queue(self) -> Queued | None:
        return self.trigger if isinstance(self.trigger, Queued) else None

    @property
    def bucket(self) -> Access:
        """`documents`, and what the claim check of large events asks: consumers fetch, publishers leave."""
        if self.publishes:
            return Access.WRITE
        return Access.READ if self.documents is Access.NONE and isinstance(self.trigger, EventQueue) else self.documents

    @property
    def quarantines(self) -> bool:
        """Everything that reads what others wrote."""
        return isinstance(self.trigger, Queued | TableStream | Route)
