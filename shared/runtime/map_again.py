"""What vendors sent is mapped again, after a mapping was repaired: what it says now beside what was announced, line by line.

Applied, each record that says something else is announced once more, one step after the version that was wrong and before
any the source will ever make: consumers take it as they take a correction. Twice is once, for then both say the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from events.envelope import AnyEnvelope
from shared.domain.audit import Act
from shared.domain.difference import Change, changes, fields, lines
from shared.domain.identity import derived_id
from shared.faults import BusinessException, Poison
from shared.ports.ports import Ports

TOLD = 500
REPAIRS = 500
"""A source's version is its change time in microseconds; so many repairs of one version have room after it."""

Mapper = Callable[[Mapping[str, Any], Mapping[str, Any], Any], Iterable[AnyEnvelope]]
"""A row, what was kept beside it (heard.py) and the connector's ports -> its events. As connector.yaml names them."""


class MapAgain(BaseModel):
    """feed: of the connector's registration. start, to: of when the records changed. subject: one record alone."""

    feed: str = Field(pattern=r"^[a-z_]{1,40}$")
    start: AwareDatetime | None = None
    to: AwareDatetime | None = None
    type: str | None = None
    subject: str | None = None
    apply: bool = False
    by: str = Field(default="operator", min_length=1)
    reason: str = "mapping repaired"


@dataclass(frozen=True)
class Repair:
    """now: what it would announce. before: what was announced last of it; None where nothing was."""

    now: AnyEnvelope
    before: AnyEnvelope | None

    @property
    def lines(self) -> list[str]:
        return lines(f"{self.now.type} {self.now.subject}", said_otherwise(self.before, self.now))


def mapped_again(system: str, mappers: Mapping[str, Mapper], command: MapAgain, ports: Ports) -> dict[str, Any]:
    """outcomes: how many records say the same, say something else, are newer than what was kept, cannot be read.

    Raises BusinessException("feed_not_kept").
    """
    if command.feed not in mappers:
        raise BusinessException("feed_not_kept", system=system, feed=command.feed, kept=", ".join(sorted(mappers)))
    outcomes = dict.fromkeys(("same", "repaired", "stale", "unreadable"), 0)
    repairs = []
    for event in newest(mapped(system, mappers[command.feed], command, ports, outcomes)):
        before = last_of(event, ports)
        if before is not None and before.sequence >= event.sequence + REPAIRS:
            outcomes["stale"] += 1
        elif before is not None and not said_otherwise(before, event):
            outcomes["same"] += 1
        else:
            outcomes["repaired"] += 1
            repairs.append(Repair(after(before, event), before))
    lines = [line for repair in repairs for line in repair.lines]
    if command.apply and repairs:
        ports.audit_log.append(act_of(system, command, repairs, ports))
        ports.outbox.record([repair.now for repair in repairs])
    records = sum(outcomes.values())
    told = {"applied": command.apply, "events": records, "lines": len(lines), "difference": lines[:TOLD]}
    return told | {"outcomes": {name: number for name, number in outcomes.items() if number}}


def mapped(
    system: str, mapper: Mapper, command: MapAgain, ports: Ports, outcomes: dict[str, int]
) -> Iterator[AnyEnvelope]:
    for key in ports.documents.keys(f"raw/{system}/{command.feed}/"):
        payload = json.loads(ports.documents.get(key), parse_float=_exact)
        for row in payload["rows"]:
            try:
                yield from (event for event in mapper(row, payload["beside"], ports) if is_meant(event, command))
            except (Poison, BusinessException):
                outcomes["unreadable"] += 1


def is_meant(event: AnyEnvelope, command: MapAgain) -> bool:
    since, until = command.start or event.time, command.to or event.time
    of_type = f"{event.type}.".startswith(command.type or "")
    return since <= event.time <= until and of_type and command.subject in (None, event.subject)


def newest(events: Iterable[AnyEnvelope]) -> list[AnyEnvelope]:
    """Per record: a payload is kept for each of its versions."""
    found: dict[tuple[str, str], AnyEnvelope] = {}
    for event in events:
        key = event.type, event.subject
        if key not in found or found[key].sequence < event.sequence:
            found[key] = event
    return [found[key] for key in sorted(found)]


def last_of(event: AnyEnvelope, ports: Ports) -> AnyEnvelope | None:
    same = [each for each in ports.event_log.of_subject(event.subject) if each.type == event.type]
    return max(same, key=lambda each: each.sequence, default=None)


def after(before: AnyEnvelope | None, event: AnyEnvelope) -> AnyEnvelope:
    if before is None:
        return event
    sequence = max(before.sequence, event.sequence) + 1
    changed = {
        "id": derived_id("event", event.type.rpartition(".")[0], event.subject, str(sequence)),
        "sequence": sequence,
        "causationid": before.id,
        "correlationid": before.correlationid,
    }
    return event.model_copy(update=changed)


def said_otherwise(before: AnyEnvelope | None, now: AnyEnvelope) -> list[Change]:
    return changes(fields(before.as_json()["data"]) if before else None, fields(now.as_json()["data"]))


def act_of(system: str, command: MapAgain, repairs: list[Repair], ports: Ports) -> Act:
    now = ports.clock.now()
    asked = command.model_dump(mode="json", exclude_none=True, include={"feed", "start", "to", "type", "subject"})
    return Act(
        act_id=f"map_again:{system}:{now.isoformat()}:{command.by}",
        legal_entity_id=ports.policies.current().identity_scope,
        who=command.by,
        what="replay.mapped_again",
        subject=command.subject or f"{system}:{command.feed}",
        why=command.reason,
        at=now,
        before={name: str(value) for name, value in asked.items()},
        after={"repaired": str(len(repairs))},
    )


def _exact(text: str) -> object:
    from decimal import Decimal

    return Decimal(text)
