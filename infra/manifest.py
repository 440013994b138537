"""Every function there is: its file, what sets it off, what it may touch. Stacks are built from this, in this order.

A function may reach only what its entry names; a test holds the entries against the handlers that exist. The words of
an entry are explained at `FunctionEntry` and at the triggers below.
"""

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


WORK_AT_ONCE = 40
"""Approved work comes in bursts of a few projects: what is looked up for one entry serves the others of its batch."""


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
    """Events that a system puts on its partner bus, with this detail-type -> queue -> function."""

    queue: str
    detail_types: tuple[str, ...]
    concurrency: int = 2
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
    """New event rows of the table."""

    kind: Kind = "event"


@dataclass(frozen=True, slots=True)
class Invoked:
    """By the API and by operators, directly."""

    kind: Kind = "schedule"


@dataclass(frozen=True, slots=True)
class Route:
    """`open`: without a token, because a vendor calls it; it must check who calls. scope: what the token must hold.

    asks_by_post: also POST, for questions too long for a query; what the function may do does not change by it.
    """

    path: str
    method: Literal["GET", "POST"] = "GET"
    scope: str = "billweave/read"
    open: bool = False
    asks_by_post: bool = False
    kind: Kind = "edge"


Trigger = EventQueue | PartnerQueue | WorkQueue | CommandQueue | Step | Every | Daily | TableStream | Invoked | Route
Queued = EventQueue | PartnerQueue | WorkQueue | CommandQueue


@dataclass(frozen=True, slots=True)
class FunctionEntry:
    """path: of the file, from the top. attribute: the handler in it.

    table, documents: access to the fabric table (without scans, unless `scans`) and to the bucket. sends: queues.
    starts: sagas. answers: completes tasks of waiting sagas. publishes: puts events on the bus.
    drains: takes from every DLQ and gives back to every queue.
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
        """Short, unique, kebab-case; "start" is said of which process, a connector's file of which system."""
        parts = [self.stem]
        if self.room == "connectors":
            parts = [self.folder, self.stem]
        elif self.stem == "start":
            parts = [self.stem, self.folder]
        if self.attribute != "handler":
            parts.append(self.attribute)
        return "-".join(parts).replace("_", "-")

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


def _connector(system: str, file: str, trigger: Trigger, **rights: object) -> FunctionEntry:
    return FunctionEntry(f"functions/connectors/{system}/{file}.py", trigger, **rights)  # type: ignore[arg-type]


def _process(process: str, file: str, trigger: Trigger, **rights: object) -> FunctionEntry:
    folder = f"functions/processes/{process}" if process else "functions/processes"
    return FunctionEntry(f"{folder}/{file}.py", trigger, **rights)  # type: ignore[arg-type]


def _operation(file: str, trigger: Trigger, **rights: object) -> FunctionEntry:
    return FunctionEntry(f"functions/operations/{file}.py", trigger, **rights)  # type: ignore[arg-type]


def _commands(system: str, lane: str, concurrency: int | None = 2, documents: Access = Access.NONE) -> FunctionEntry:
    return _connector(
        system,
        "commands",
        CommandQueue(f"{system}-{lane}", concurrency),
        attribute=lane,
        documents=documents,
        answers=True,
        memory_mb=1024,
    )


def _poll(system: str, *also: str, documents: Access = Access.NONE) -> FunctionEntry:
    """One page per message; what is left of the feed is asked for by another message to itself."""
    queue = f"{system}-poll"
    return _connector(
        system,
        "poll",
        WorkQueue(queue, batch=1),
        documents=documents,
        sends=(queue, *also),
        memory_mb=1024,
    )


CONNECTORS: tuple[FunctionEntry, ...] = (
    _connector(
        "salesforce",
        "webhook",
        Route("/webhooks/salesforce/{secret}", "POST", open=True),
        documents=Access.WRITE,
        sends=("salesforce-inbound",),
    ),
    _connector("salesforce", "read_deals", WorkQueue("salesforce-inbound"), answers=True),
    _connector(
        "salesforce",
        "change_events",
        PartnerQueue("salesforce-change-events", ("OpportunityChangeEvent",)),
        sends=("salesforce-inbound", "salesforce-poll"),
    ),
    _poll("salesforce", "salesforce-inbound"),
    _commands("salesforce", "reference"),
    _commands("salesforce", "status"),
    _poll("kantata", documents=Access.WRITE),
    _commands("kantata", "reference"),
    _commands("kantata", "status", documents=Access.READ),
    _poll("netsuite", documents=Access.WRITE),
    _commands("netsuite", "posting", None, documents=Access.READ),
    _commands("netsuite", "reference"),
)

SETUP, BILL, MILESTONE, INVOICE, FEEDBACK = (
    "opportunity_to_project",
    "time_to_bill",
    "milestone_to_invoice",
    "invoice",
    "billing_status_feedback",
)
SAGAS = (SETUP, BILL, MILESTONE, INVOICE, FEEDBACK)
"""Each is infra/state_machines/<saga>.asl.json."""

WAITING_FOR_DATA = ("time", "expense", "milestone")
"""Queues that a parked delivery is sent to again."""

PROCESSES: tuple[FunctionEntry, ...] = (
    _process(
        SETUP,
        "start_setup",
        EventQueue("contract-signed", ("contract.signed.",)),
        sends=WAITING_FOR_DATA,
        starts=(SETUP,),
        answers=True,
    ),
    _process(SETUP, "note_deal", EventQueue("opportunity-won", ("opportunity.closed_won.",))),
    _process(SETUP, "plan_setup", Step()),
    _process(SETUP, "record_reference", Step(), sends=WAITING_FOR_DATA, answers=True),
    _process(SETUP, "open_project", Step()),
    _process(SETUP, "activate_project", Step(), sends=WAITING_FOR_DATA, answers=True),
    _process(SETUP, "block_project", Step()),
    _process(
        BILL,
        "record_time",
        EventQueue("time", ("time.approved.",), concurrency=10, batch=WORK_AT_ONCE),
        sends=WAITING_FOR_DATA,
        answers=True,
    ),
    _process(
        BILL,
        "record_expense",
        EventQueue("expense", ("expense.approved.",), batch=WORK_AT_ONCE),
        sends=WAITING_FOR_DATA,
        answers=True,
    ),
    _process(
        BILL,
        "keep_rate_card",
        EventQueue("rate-card", ("rate_card.changed.",)),
        documents=Access.WRITE,
        sends=WAITING_FOR_DATA,
        answers=True,
    ),
    _process(BILL, "note_hold", EventQueue("billing-hold", ("billing.hold_",))),
    _process(BILL, "list_contracts", Step(), table=Access.READ),
    _process(BILL, "draft_invoices", Step(), documents=Access.READ, answers=True, memory_mb=1024),
    _process(
        MILESTONE,
        "start",
        EventQueue("milestone", ("milestone.completed.",)),
        sends=WAITING_FOR_DATA,
        starts=(MILESTONE,),
        answers=True,
    ),
    _process(MILESTONE, "record_milestone", Step()),
    _process(MILESTONE, "draft_milestone", Step()),
    _process("", "open_exception", Step()),
    _process(INVOICE, "price_invoice", Step(), documents=Access.WRITE, memory_mb=1024),
    _process(INVOICE, "request_approval", Step()),
    _process(INVOICE, "submit_invoice", Step()),
    _process(INVOICE, "record_posted", Step(), answers=True),
    _process(INVOICE, "reject_invoice", Step()),
    _process(
        FEEDBACK,
        "start",
        EventQueue("invoice-status", ("invoice.posted.", "invoice.rejected.", "credit_memo.posted.")),
        starts=(FEEDBACK,),
    ),
    _process(FEEDBACK, "record_payment", EventQueue("invoice-paid", ("invoice.paid.",)), starts=(FEEDBACK,)),
    _process(FEEDBACK, "plan_feedback", Step(), table=Access.READ),
)

OPERATIONS: tuple[FunctionEntry, ...] = (
    _operation("publish_outbox", TableStream(), publishes=True, sends=("outbox-parked",)),
    _operation("sweep_outbox", Every(minutes=1), publishes=True, sends=("outbox-parked",)),
    _operation("sweep_parked", Every(minutes=1), sends=WAITING_FOR_DATA, answers=True),
    _operation("watch_vendors", Every(minutes=1), answers=True),
    _operation(
        "pace_polls",
        Every(minutes=1),
        sends=("salesforce-poll", "kantata-poll", "netsuite-poll"),
    ),
    _operation("start_billing", Invoked(), starts=(BILL,)),
    _operation("bill_on_schedule", Daily(), starts=(BILL,)),
    _operation("accounting_period", Invoked()),
    _operation("close_project", Invoked()),
    _operation("request_credit", Invoked(), documents=Access.READ, starts=(INVOICE,), memory_mb=1024),
    _operation("amend_contract", Invoked(), sends=WAITING_FOR_DATA, answers=True, memory_mb=1024),
    _operation(
        "act_on_exception", Invoked(), documents=Access.WRITE, sends=WAITING_FOR_DATA, answers=True, memory_mb=1024
    ),
    _operation("show_exception", Invoked(), table=Access.READ),
    _operation("watch_exceptions", Every(minutes=5)),
    _operation("write_off", Invoked(), answers=True),
    _operation("reverse_write_off", Invoked()),
    _operation("hold_billing", Invoked()),
    _operation("dead_letters", Invoked(), table=Access.READ, documents=Access.READ, drains=True),
    _operation("redrive", Invoked(), documents=Access.READ, publishes=True, answers=True, drains=True),
    _operation("edit_dead_letter", Invoked(), documents=Access.WRITE, drains=True),
    _operation("discard_dead_letter", Invoked(), documents=Access.WRITE, answers=True, drains=True),
    _operation(
        "replay",
        Invoked(),
        documents=Access.WRITE,
        sends=WAITING_FOR_DATA,
        starts=(SETUP, MILESTONE, FEEDBACK),
        answers=True,
        scans=True,
        memory_mb=1024,
    ),
    _operation("load_exchange_rates", Invoked(), documents=Access.WRITE, memory_mb=1024),
    _operation("find_exchange_rate", Invoked(), table=Access.READ),
)

EXPERIENCE: tuple[FunctionEntry, ...] = (
    FunctionEntry(
        "functions/experience/api.py",
        Route("/{proxy+}", asks_by_post=True),
        table=Access.READ,
        documents=Access.READ,
        memory_mb=1024,
    ),
)

ALL: tuple[FunctionEntry, ...] = CONNECTORS + PROCESSES + OPERATIONS + EXPERIENCE

PARKING_QUEUES = ("quarantine", "outbox-parked")
"""Where things wait for a person; nothing reads them by itself."""


def of_system(system: str) -> tuple[FunctionEntry, ...]:
    return tuple(entry for entry in CONNECTORS if entry.folder == system)
