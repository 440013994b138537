"""What each connector says of itself: functions/connectors/<system>/connector.yaml, typed and checked when it is read.

Stacks, the deployment model, the sandbox, the conformance kit and docs/connectors.md are made from these files: a new
system is a folder with one, and nothing here. The words are explained in docs/adding-a-connector.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from events.ownership import ANNOUNCES, WRITES, Owner, announced_by, may_announce, may_be_told, written_by

Role = Literal["crm", "psa", "erp"]
Rights = Literal["none", "read", "write"]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Suffix = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
"""Of a queue's name: what stands behind "<system>-"."""
Group = Annotated[str, Field(pattern=r"^[a-z_]+/[a-z -]+$")]
"""<kind>/<fields> of events/ownership.py."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lane(Part):
    """A queue of commands. documents: access of its function to the bucket. all_slots: its function runs as often at
    once as the account has slots for us; else two at once."""

    commands: tuple[str, ...] = Field(min_length=1)
    documents: Rights = "none"
    all_slots: bool = False


class Feed(Part):
    """What a poll reads. announces: event types without version; none for a feed that only looks after something.

    every_s: seconds between two reads where the deployment does not say. mapper: "<file>:<function>" of the connector's
    folder, (row, what is kept beside it, ports) -> events, for mapping again what the vendor told (shared/runtime/heard.py).
    """

    announces: tuple[str, ...] = ()
    every_s: Annotated[int, Field(ge=1)] | None = None
    mapper: str | None = Field(default=None, pattern=r"^[a-z_]+:[a-z_]+$")


class Function(Part):
    """A file of the folder with `handler` in it. sends: queues of this system, by suffix. documents: of the bucket."""

    file: Word
    documents: Rights = "none"
    sends: tuple[Suffix, ...] = ()
    answers: bool = False


class Poll(Part):
    documents: Rights = "none"
    sends: tuple[Suffix, ...] = ()


class Webhook(Function):
    """path: under /webhooks/<system>/; `{secret}` is what the sandbox and the operator fill in. also: more methods."""

    path: str = Field(pattern=r"^[A-Za-z0-9{}/_-]+$")
    method: Literal["GET", "POST"] = "POST"
    also: tuple[Literal["GET", "POST", "OPTIONS"], ...] = ()
    announces: tuple[str, ...] = ()


class WorkQueue(Function):
    queue: Suffix
    concurrency: Annotated[int, Field(ge=2)] = 2
    announces: tuple[str, ...] = ()


class PartnerQueue(WorkQueue):
    """Events that the vendor puts on a bus of its own. source: what theirs begins with."""

    source: str
    detail_types: tuple[str, ...] = Field(min_length=1)


class Account(Part):
    """slots: our share unless the deployment says otherwise. limits: the vendor's, in words. throttled: its answer."""

    slots: Annotated[int, Field(ge=1)]
    limits: tuple[str, ...] = Field(min_length=1)
    throttled: str


class Budget(Part):
    """Most requests to the vendor, counted by the conformance kit.

    Of a role, what its records ask for: an ERP per customer, project, invoice and credit memo; a PSA per project,
    reported invoice and time entry (of full pages); a CRM per deal, project and invoice reported. page: per page read.
    """

    customer: Annotated[float, Field(gt=0)] | None = None
    deal: Annotated[float, Field(gt=0)] | None = None
    project: Annotated[float, Field(gt=0)] | None = None
    invoice: Annotated[float, Field(gt=0)] | None = None
    credit_memo: Annotated[float, Field(gt=0)] | None = None
    time_entry: Annotated[float, Field(gt=0)] | None = None
    page: Annotated[float, Field(gt=0)]


COUNTED: dict[str, tuple[str, ...]] = {
    "crm": ("deal", "project", "invoice"),
    "psa": ("project", "invoice", "time_entry"),
    "erp": ("customer", "project", "invoice", "credit_memo"),
}
"""What a connector of each role must state a budget for, beside its pages."""


class Ownership(Part):
    """owns: field groups of which this system's word counts. written: those the fabric may write there."""

    owns: tuple[Group, ...] = Field(min_length=1)
    written: tuple[Group, ...] = Field(min_length=1)


class Mapping_(Part):
    """version: changes whenever the same record of the vendor gives other event data than before."""

    version: str = Field(pattern=r"^[0-9]+(\.[0-9]+)*$")
    settings: str = Field(pattern=r"^[A-Z][A-Za-z0-9]+$")
    """The class in settings.py that reads the deployment's settings of this system."""


class Registration(Part):
    """idempotency: by kind of record, by what a repeated write finds the first. live: prefix of the variables by which
    the kit is run against a real account. simulated, uncertain: sentences for docs/connectors.md."""

    system: Word
    role: Role
    title: str
    called: str = ""
    lanes: dict[Suffix, Lane] = Field(min_length=1)
    feeds: dict[Word, Feed] = Field(min_length=1)
    poll: Poll = Poll()
    webhooks: tuple[Webhook, ...] = ()
    queues: tuple[WorkQueue, ...] = ()
    partner: PartnerQueue | None = None
    credentials: tuple[str, ...] = Field(min_length=1)
    account: Account
    idempotency: dict[Word, str] = Field(min_length=1)
    budget: Budget
    reads: tuple[str, ...] = Field(min_length=1)
    writes: tuple[str, ...] = Field(min_length=1)
    ownership: Ownership
    mapping: Mapping_
    simulated: tuple[str, ...] = Field(min_length=1)
    uncertain: tuple[str, ...]
    live: str = Field(pattern=r"^BILLWEAVE_LIVE_[A-Z0-9_]+$")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if wrong := list(self._wrong()):
            raise ValueError("; ".join(wrong))
        return self

    def _wrong(self) -> Iterator[str]:
        """What no single field shows, in words."""
        if self.live != f"BILLWEAVE_LIVE_{self.system.upper()}":
            yield f"live: must be BILLWEAVE_LIVE_{self.system.upper()}"
        known = {*self.lanes, "poll", *(each.queue for each in self._queues)}
        senders: tuple[Poll | Function, ...] = (self.poll, *self.webhooks, *self._queues)
        for sender in senders:
            for name in sender.sends:
                if name not in known:
                    yield f"sends: {name!r} is no queue of {self.system}; there are {sorted(known)}"
        for record in COUNTED[self.role]:
            if getattr(self.budget, record) is None:
                yield f"budget.{record}: a connector of role {self.role} states one"
        yield from self._wrong_ownership()

    def _wrong_ownership(self) -> Iterator[str]:
        """Against events/ownership.py: who owns what is one decision for all connectors."""
        for place, groups, may in (
            ("owns", self.ownership.owns, may_announce),
            ("written", self.ownership.written, may_be_told),
        ):
            for group in groups:
                if (word := _verdict(self.role, group, may)) is not None:
                    yield f"ownership.{place}: {group} {word}"
        for command in self.commands:
            if (command, Owner(self.role)) not in WRITES:
                yield f"lanes: {command} is no command to systems of role {self.role}"
            elif missing := set(written_by(command, self.role)) - {*self.ownership.written}:
                yield f"lanes: {command} writes {', '.join(sorted(missing))}, which ownership.written does not name"
        for event in self.announces:
            if event not in ANNOUNCES:
                yield f"announces: {event} is no event that systems announce"
            elif missing := set(announced_by(event)) - {*self.ownership.owns}:
                yield f"announces: {event} tells {', '.join(sorted(missing))}, which ownership.owns does not name"

    @property
    def _queues(self) -> tuple[WorkQueue, ...]:
        return (*self.queues, *([self.partner] if self.partner else []))

    @property
    def announces(self) -> tuple[str, ...]:
        """Event types without version, of all feeds, webhooks and queues."""
        sources: tuple[Feed | Webhook | WorkQueue, ...] = (*self.feeds.values(), *self.webhooks, *self._queues)
        return tuple(sorted({event for source in sources for event in source.announces}))

    @property
    def commands(self) -> tuple[str, ...]:
        return tuple(command for lane in self.lanes.values() for command in lane.commands)


def _verdict(role: str, group: str, may: Callable[[str, str], bool]) -> str | None:
    """What is wrong with naming this group, None if nothing."""
    try:
        return None if may(role, group) else f"is not for the {role} to say or show: events/ownership.py"
    except KeyError:
        return "is declared nowhere: events/ownership.py"
