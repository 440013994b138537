"""The functions of one registered system. A file of the connector is reached by nothing that is not made here."""

from __future__ import annotations

from collections.abc import Iterator

from infra.entry import Access, CommandQueue, FunctionEntry, Invoked, PartnerQueue, Route, Trigger, WorkQueue
from infra.registration import Function, Lane, Registration

LARGE_MB = 1024
"""Of functions that call the vendor: more memory is more processor, and signing takes some."""


def connector_entries(registration: Registration) -> Iterator[FunctionEntry]:
    """Webhooks, the queues behind them, the poll, the lanes of commands."""
    system = registration.system
    for webhook in registration.webhooks:
        path = f"/webhooks/{system}/{webhook.path}"
        yield _function(system, webhook, Route(path, webhook.method, open=True, also=webhook.also))
    for work in registration.queues:
        yield _function(system, work, WorkQueue(f"{system}-{work.queue}", work.concurrency))
    if partner := registration.partner:
        queue = PartnerQueue(
            f"{system}-{partner.queue}", partner.detail_types, partner.concurrency, source=partner.source
        )
        yield _function(system, partner, queue)
    yield _poll(registration)
    for name, lane in registration.lanes.items():
        yield _lane(system, name, lane)
    if any(feed.mapper for feed in registration.feeds.values()):
        yield FunctionEntry(
            _path(system, "map_again"), Invoked(), documents=Access.READ, lists=True, memory_mb=LARGE_MB
        )


def _path(system: str, file: str) -> str:
    return f"functions/connectors/{system}/{file}.py"


def _function(system: str, function: Function, trigger: Trigger) -> FunctionEntry:
    return FunctionEntry(
        _path(system, function.file),
        trigger,
        documents=Access(function.documents),
        sends=tuple(f"{system}-{suffix}" for suffix in function.sends),
        answers=function.answers,
    )


def _poll(registration: Registration) -> FunctionEntry:
    """One page per message; what is left of the feed is asked for by another message to itself."""
    system, poll = registration.system, registration.poll
    queue = f"{system}-poll"
    return FunctionEntry(
        _path(system, "poll"),
        WorkQueue(queue, batch=1),
        documents=Access(poll.documents),
        sends=(queue, *(f"{system}-{suffix}" for suffix in poll.sends)),
        memory_mb=LARGE_MB,
    )


def _lane(system: str, name: str, lane: Lane) -> FunctionEntry:
    return FunctionEntry(
        _path(system, "commands"),
        CommandQueue(f"{system}-{name}", None if lane.all_slots else 2),
        attribute=name,
        documents=Access(lane.documents),
        answers=True,
        memory_mb=LARGE_MB,
    )
