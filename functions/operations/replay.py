"""`billweave replay`: stored events go through their real consumers again. Dry, it says line by line what that would change;
applied, it is done, and done again it changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from events.envelope import AnyEnvelope
from functions.operations.replay_routes import consumer_of
from shared.domain.audit import Act
from shared.faults import BusinessException, Fault
from shared.ports.flow import Told
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts

TOLD = 500
"""Lines of the difference that the answer holds; the rest are counted."""


class ReplayAsked(Input):
    """source: events go through their consumers again; history puts rows back as they last were, decisions included.

    start, to: of when it happened, both included. type: what theirs begins with ("time.approved"; of history "INV#").
    correlation: of one business thread or subject. apply: does it; else only says what it would do.
    """

    source: Literal["events", "history"] = "events"
    start: AwareDatetime | None = None
    to: AwareDatetime | None = None
    type: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.:#-]{1,120}$")
    correlation: str | None = None
    apply: bool = False
    reason: str = "replay"
    most: int = Field(default=5000, ge=1, le=50_000)


class Replay(ReplayAsked):
    by: str = Field(default="operator", min_length=1)


@process_step(Replay, wire=AwsPorts.from_env)
def handler(command: Replay, ports: AwsPorts) -> dict[str, Any]:
    """outcomes: per what the consumers said. Raises BusinessException("replay_of_what" | "replay_too_many")."""
    if command.source == "history":
        return put_back(command, ports)
    events = chosen(command, ports)
    dry = ports.dry()
    outcomes = replayed(events, dry)
    lines = dry.difference()
    if command.apply:
        ports.audit_log.append(act_of(command, len(events), len(lines), ports))
        outcomes = replayed(events, ports)
        ports.counts.add("replayed", len(events))
    return answer(command, len(events), dict(outcomes), lines)


def answer(command: Replay, events: int, outcomes: dict[str, int], lines: list[str]) -> dict[str, Any]:
    return {
        "applied": command.apply,
        "events": events,
        "outcomes": outcomes,
        "lines": len(lines),
        "difference": lines[:TOLD],
    }


def put_back(command: Replay, ports: AwsPorts) -> dict[str, Any]:
    """Logged after it is done: on an empty table the log itself must come back first."""
    told = Told(command.start, command.to, command.type, command.correlation)
    dry = ports.dry()
    done = dry.state_history.put_back(told)
    lines = dry.difference()
    if command.apply:
        done = ports.state_history.put_back(told)
        ports.audit_log.append(act_of(command, done.restored, len(lines), ports))
        ports.counts.add("replayed", done.restored)
    rows = done.restored + done.standing + done.left
    return answer(command, rows, {name: number for name, number in asdict(done).items() if number}, lines)


def chosen(command: Replay, ports: AwsPorts) -> list[AnyEnvelope]:
    """In the order they happened; those that change no state by themselves are left out."""
    if command.correlation:
        found = ports.event_log.of_correlation(command.correlation) + ports.event_log.of_subject(command.correlation)
    elif command.start and command.to:
        found = list(ports.event_log.between(command.start, command.to))
    else:
        raise BusinessException("replay_of_what", needs="correlation, or from and to")
    wanted = {event.id: event for event in found if is_wanted(event, command) and consumer_of(event.type)}
    if len(wanted) > command.most:
        raise BusinessException("replay_too_many", events=str(len(wanted)), most=str(command.most))
    return sorted(wanted.values(), key=lambda event: (event.time, event.id))


def is_wanted(event: AnyEnvelope, command: Replay) -> bool:
    since: datetime = command.start or event.time
    until: datetime = command.to or event.time
    return since <= event.time <= until and f"{event.type}.".startswith(f"{command.type or ''}")


def replayed(events: list[AnyEnvelope], ports: AwsPorts) -> Counter[str]:
    """What one event's consumer refuses holds up no other; its own wrapper would have told somebody, and did at the time."""
    outcomes: Counter[str] = Counter()
    for event in events:
        consume: Callable[..., Any] | None = consumer_of(event.type)
        assert consume is not None
        try:
            applied = consume(event, ports)
            outcomes[applied.value if applied else "held"] += 1
        except Fault as fault:
            outcomes[f"refused {fault.code}"] += 1
    return outcomes


def act_of(command: Replay, events: int, lines: int, ports: AwsPorts) -> Act:
    now = ports.clock.now()
    asked = command.model_dump(mode="json", exclude_none=True, include={"source", "start", "to", "type", "correlation"})
    return Act(
        act_id=f"replay:{now.isoformat()}:{command.by}",
        legal_entity_id=ports.policies.current().identity_scope,
        who=command.by,
        what="replay.applied",
        subject=command.correlation or "events",
        why=command.reason,
        at=now,
        before={name: str(value) for name, value in asked.items()},
        after={"events": str(events), "lines": str(lines)},
    )
