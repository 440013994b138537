"""How things move, in memory; what was done can be read off the public attributes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from events.envelope import AnyEnvelope
from shared.domain.dead_letter import DeadLetter
from shared.domain.policies import Policies
from shared.domain.source import Parked
from shared.faults import BusinessException, Poison
from shared.ports.flow import Recorded, Relayed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class FakeClock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def pass_(self, **duration: float) -> None:
        self.at += timedelta(**duration)


Events = Sequence[AnyEnvelope]


class FakeOutbox:
    """events: by id, in the order they were written; published: ids the publisher would have marked."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.events: dict[str, AnyEnvelope] = {}
        self.written_at: dict[str, datetime] = {}
        self.published: set[str] = set()

    def add(self, events: Events) -> Recorded:
        new = 0
        for event in events:
            if event.id not in self.events:
                self.events[event.id] = event
                self.written_at[event.id] = self._clock.now()
                new += 1
        return Recorded(new, len(events) - new)

    def record(self, events: Sequence[AnyEnvelope]) -> Recorded:
        return self.add(events)

    def unpublished(self, older_than: timedelta) -> Iterator[dict[str, Any]]:
        before = self._clock.now() - older_than
        for event_id, event in self.events.items():
            if event_id not in self.published and self.written_at[event_id] <= before:
                yield event.as_json()

    def of_type(self, event_type: str) -> list[AnyEnvelope]:
        """event_type: "invoice.posted" or "invoice.posted.v1"."""
        return [event for event in self.events.values() if f"{event.type}.".startswith(f"{event_type}.")]


class FakePublisher:
    """bus: events in the order they went out. relay takes what DynamoDB's stream would show: {"event_id": ...}."""

    def __init__(self, outbox: FakeOutbox) -> None:
        self._outbox = outbox
        self.bus: list[dict[str, Any]] = []

    def relay(self, records: Sequence[Mapping[str, Any]]) -> Relayed:
        return self._publish([record["event_id"] for record in records])

    def sweep(self, older_than: timedelta) -> Relayed:
        return self._publish([event["id"] for event in self._outbox.unpublished(older_than)])

    def send_again(self, envelope: str) -> None:
        try:
            event = json.loads(envelope)
            event["id"], event["type"], event["subject"]
        except (ValueError, TypeError, KeyError):
            raise Poison("event_unpublishable", why="event_no_envelope") from None
        self.bus.append(event)

    def _publish(self, event_ids: list[str]) -> Relayed:
        self.bus += [self._outbox.events[event_id].as_json() for event_id in event_ids]
        self._outbox.published |= set(event_ids)
        return Relayed(published=len(event_ids))


class FakeEventLog:
    def __init__(self, outbox: FakeOutbox) -> None:
        self._outbox = outbox

    def of_subject(self, subject: str) -> list[AnyEnvelope]:
        return self._sorted(event for event in self._outbox.events.values() if event.subject == subject)

    def of_correlation(self, correlation_id: str) -> list[AnyEnvelope]:
        return self._sorted(event for event in self._outbox.events.values() if event.correlationid == correlation_id)

    def between(self, start: datetime, to: datetime) -> list[AnyEnvelope]:
        return self._sorted(event for event in self._outbox.events.values() if start <= event.time <= to)

    def _sorted(self, events: Any) -> list[AnyEnvelope]:
        return sorted(events, key=lambda event: (event.time, event.id))


class FakeParking:
    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Parked] = {}
        self.parkings = 0

    def park(self, parked: Parked) -> None:
        self.parkings += 1
        at = NOON + timedelta(microseconds=self.parkings)
        self.rows[parked.waiting_for, parked.event_id] = replace(parked, parked_at=at)

    def waiting_for(self, waiting_for: str) -> list[Parked]:
        found = [parked for parked in self.rows.values() if parked.waiting_for == waiting_for]
        return sorted(found, key=lambda parked: str(parked.parked_at))

    def all(self) -> Iterator[Parked]:
        yield from list(self.rows.values())

    def unpark(self, parked: Parked) -> None:
        key = parked.waiting_for, parked.event_id
        if key in self.rows and parked.parked_at in (None, self.rows[key].parked_at):
            del self.rows[key]


@dataclass
class FakeTasks:
    """gone: tokens that nobody waits for any more."""

    succeeded: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: dict[str, tuple[str, str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def succeed(self, token: str, output: Mapping[str, Any]) -> bool:
        return self._use(token) and self.succeeded.setdefault(token, dict(output)) is not None

    def fail(self, token: str, error: str, cause: str) -> bool:
        return self._use(token) and self.failed.setdefault(token, (error, cause)) is not None

    def _use(self, token: str) -> bool:
        if token in self.gone:
            return False
        self.gone.add(token)
        return True


@dataclass
class FakeSagas:
    """started: (saga, name) -> payload."""

    started: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def start(self, saga: str, name: str, payload: Mapping[str, Any]) -> bool:
        if (saga, name) in self.started:
            return False
        self.started[saga, name] = dict(payload)
        return True


@dataclass
class FakeQueues:
    sent: list[tuple[str, str, int]] = field(default_factory=list)
    """(queue, body, delay)"""

    def send(self, queue: str, bodies: Sequence[str], *, delay_s: int = 0) -> None:
        self.sent += [(queue, body, delay_s) for body in bodies]

    def bodies(self, queue: str) -> list[str]:
        return [body for name, body, _ in self.sent if name == queue]


@dataclass
class FakeInbox:
    delayed: dict[str, int] = field(default_factory=dict)
    """Receipt -> seconds."""
    quarantined: list[tuple[str, str, str]] = field(default_factory=list)
    """(body, origin, code)"""

    sent_anew: list[tuple[str, str, int, str]] = field(default_factory=list)
    """(queue arn, body, seconds, group)"""

    def send_anew(self, queue_arn: str, body: str, seconds: int, *, group: str) -> None:
        self.sent_anew.append((queue_arn, body, seconds, group))

    def delay(self, queue_arn: str, receipt: str, seconds: int) -> None:
        self.delayed[receipt] = seconds

    def quarantine(self, body: str, *, origin: str, code: str) -> None:
        self.quarantined.append((body, origin, code))


@dataclass
class FakeDocuments:
    bodies: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        self.bodies[key] = body

    def get(self, key: str) -> bytes:
        if key not in self.bodies:
            raise BusinessException("document_missing", key=key)
        return self.bodies[key]

    def keys(self, prefix: str) -> Iterator[str]:
        yield from sorted(key for key in self.bodies if key.startswith(prefix))


class FakeRawPayloads:
    def __init__(self, documents: FakeDocuments) -> None:
        self._documents = documents

    def keep(self, system: str, kind: str, body: bytes) -> str:
        key = f"raw/{system}/{kind}/{hashlib.sha256(body).hexdigest()}"
        self._documents.put(key, body, "application/octet-stream")
        return key


@dataclass
class FakeDeadLetters:
    """dead: letters by place; every place there is has a key. A queue is known by its place."""

    queues: FakeQueues
    dead: dict[str, list[DeadLetter]] = field(default_factory=dict)

    def put(self, place: str, *bodies: str, sent_at: datetime = NOON, **told: str) -> None:
        """As if a queue had given them up."""
        letters = self.dead.setdefault(place, [])
        for body in bodies:
            letters.append(DeadLetter(f"letter-{len(letters) + 1}", place, body, sent_at, 5, told))

    def places(self) -> tuple[str, ...]:
        return tuple(sorted(self.dead))

    def origin(self, letter: DeadLetter) -> str | None:
        return letter.told.get("origin") or None

    def waiting(self, place: str) -> int:
        return len(self._of(place))

    def walk(self, place: str, most: int, done: Callable[[DeadLetter], bool]) -> int:
        gone = [letter for letter in self._of(place)[:most] if done(letter)]
        self.dead[place] = [letter for letter in self.dead[place] if letter not in gone]
        return len(gone)

    def send(self, queue: str, letter: DeadLetter) -> None:
        if queue in self.dead:
            self.dead[queue].append(replace(letter, place=queue))
        elif f"{queue}-dlq" in self.dead:
            self.queues.send(queue, [letter.body])
        else:
            raise BusinessException("queue_unknown", queue=queue)

    def _of(self, place: str) -> list[DeadLetter]:
        if place not in self.dead:
            raise BusinessException("queue_unknown", queue=place)
        return self.dead[place]


@dataclass
class FakeCursors:
    cursors: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def read(self, feed: str) -> Mapping[str, Any]:
        return self.cursors.get(feed, {})

    def write(self, feed: str, cursor: Mapping[str, Any], *, expected: Mapping[str, Any]) -> bool:
        if self.read(feed) != expected:
            return False
        self.cursors[feed] = dict(cursor)
        return True


@dataclass
class FakeCounts:
    totals: dict[str, int] = field(default_factory=dict)
    added: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)

    def add(self, name: str, amount: int = 1, **dimensions: str) -> None:
        self.totals[name] = self.totals.get(name, 0) + amount
        self.added.append((name, amount, dimensions))

    def read(self) -> dict[str, int]:
        return dict(self.totals)


@dataclass
class FakePolicyBook:
    policies: Policies

    def current(self) -> Policies:
        return self.policies
