"""Every function there is: its file, what sets it off, what it may touch. Stacks are built from this, in this order.

A function may reach only what its entry names; a test holds the entries against the handlers that exist. The words of
an entry are explained in entry.py. Connectors are here by their registration, functions/connectors/<system>/connector.yaml.
"""

from __future__ import annotations

from infra.connector_entries import connector_entries
from infra.entry import (
    ACTING,
    Access,
    CommandQueue,
    Daily,
    EventQueue,
    Every,
    FunctionEntry,
    Invoked,
    Kind,
    PartnerQueue,
    Queued,
    Route,
    Step,
    TableStream,
    Trigger,
    WorkQueue,
)
from infra.registered import registered

__all__ = [
    "ALL", "CONNECTORS", "EXPERIENCE", "OPERATIONS", "PARKING_QUEUES", "PROCESSES", "SAGAS",
    "Access", "CommandQueue", "Daily", "EventQueue", "Every", "FunctionEntry", "Invoked", "Kind", "PartnerQueue",
    "Queued", "Route", "Step", "TableStream", "Trigger", "WorkQueue", "of_system",
]  # fmt: skip

WORK_AT_ONCE = 40
"""Approved work comes in bursts of a few projects: what is looked up for one entry serves the others of its batch."""


def _process(process: str, file: str, trigger: Trigger, **rights: object) -> FunctionEntry:
    folder = f"functions/processes/{process}" if process else "functions/processes"
    return FunctionEntry(f"{folder}/{file}.py", trigger, **rights)  # type: ignore[arg-type]


def _operation(file: str, trigger: Trigger, **rights: object) -> FunctionEntry:
    return FunctionEntry(f"functions/operations/{file}.py", trigger, **rights)  # type: ignore[arg-type]


CONNECTORS: tuple[FunctionEntry, ...] = tuple(
    entry for registration in registered().values() for entry in connector_entries(registration)
)
"""Of every registered system; those without a role in a deployment are not in it."""

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
    _operation("keep_history", TableStream(whole=True), table=Access.NONE, documents=Access.WRITE),
    _operation("sweep_outbox", Every(minutes=1), publishes=True, sends=("outbox-parked",)),
    _operation("sweep_parked", Every(minutes=1), sends=WAITING_FOR_DATA, answers=True),
    _operation("watch_vendors", Every(minutes=1), answers=True),
    _operation(
        "pace_polls",
        Every(minutes=1),
        sends=tuple(f"{system}-poll" for system in registered()),
    ),
    _operation("start_billing", Invoked(), starts=(BILL,)),
    _operation("bill_on_schedule", Daily(), starts=(BILL,)),
    _operation("accounting_period", Invoked()),
    _operation("close_project", Invoked()),
    _operation("request_credit", Invoked(), documents=Access.READ, starts=(INVOICE,), memory_mb=1024),
    _operation(
        "amend_contract", Invoked(), documents=Access.WRITE, sends=WAITING_FOR_DATA, answers=True, memory_mb=1024
    ),
    _operation(
        "act_on_exception",
        Invoked(),
        documents=Access.WRITE,
        sends=WAITING_FOR_DATA,
        answers=True,
        starts=(INVOICE,),
        memory_mb=1024,
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
        lists=True,
        memory_mb=1024,
    ),
    _operation(
        "load_exchange_rates",
        Invoked(),
        documents=Access.WRITE,
        sends=WAITING_FOR_DATA,
        answers=True,
        memory_mb=1024,
    ),
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
    _operation(
        "operate",
        Route("/operate/{proxy+}", scope=ACTING, asks_by_post=True),
        documents=Access.WRITE,
        sends=WAITING_FOR_DATA,
        starts=(INVOICE,),
        answers=True,
        publishes=True,
        drains=True,
        memory_mb=1024,
    ),
    _operation(
        "operate_replay",
        Route("/operate/replays", method="POST", scope=ACTING),
        documents=Access.WRITE,
        sends=WAITING_FOR_DATA,
        starts=(SETUP, MILESTONE, FEEDBACK),
        answers=True,
        scans=True,
        lists=True,
        memory_mb=1024,
    ),
)

ALL: tuple[FunctionEntry, ...] = CONNECTORS + PROCESSES + OPERATIONS + EXPERIENCE

PARKING_QUEUES = ("quarantine", "outbox-parked")
"""Where things wait for a person; nothing reads them by itself."""


def of_system(system: str) -> tuple[FunctionEntry, ...]:
    return tuple(entry for entry in CONNECTORS if entry.folder == system)
