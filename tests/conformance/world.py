"""A connector on its vendor, with the shared ports in memory: what every promise is tried in, whatever the role."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from pydantic import BaseModel

from events.envelope import AnyEnvelope
from infra.registered import registered
from shared.adapters.connection import Connection
from shared.faults import Duplicate, Throttled, Transient
from shared.runtime.command_queue import turn_at
from tests.conformance.orders import Orders
from tests.conformance.promised import Connector, Shown
from tests.conformance.slots import ThreadSlots
from tests.conformance.vendor import Vendor
from tests.conformance.wire import Wire
from tests.fakes.ports import FakePorts
from tests.fakes.turns import FakeTurns

MOST_PAGES = 80
TRIES = 8
PAUSE_S = 0.03
"""Between two tries, growing: a queue hides a message for longer, but nobody here has other work."""


class OurClock:
    """It runs, because the vendor's does; skew_s: by how much it is off."""

    def __init__(self, skew_s: int) -> None:
        self._skew = timedelta(seconds=skew_s)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._skew


class World:
    """orders: number -> one command of a record; the same number is the same command."""

    records: tuple[str, ...]

    def __init__(self, connector: Connector, vendor: Vendor) -> None:
        self.connector, self.vendor = connector, vendor
        self.system = connector.system
        self.registration = registered()[self.system]
        self.orders = Orders(vendor.run)
        self.wire = Wire()
        self.things: dict[str, list[str]] = {}
        self.ports = self.opened()

    def opened(
        self,
        credentials: Mapping[str, Any] | None = None,
        *,
        skew_s: int = 0,
        full_pages: bool = False,
        **settings: Any,
    ) -> Any:
        """The connector's ports, as another process would have them: no token yet, nothing remembered."""
        own = self._settings({} if full_pages else self.connector.small_pages, settings)
        ports: Any = FakePorts(clock=OurClock(skew_s))  # type: ignore[arg-type]
        ports.slots, ports.turns = ThreadSlots(own.slots), FakeTurns(ports.clock)
        self.wire.holding = lambda: ports.slots.holding() > 0
        connection = Connection(self.vendor.base_url, credentials or self.vendor.credentials)
        self.connector.dress(ports, connection, own, self.wire)
        return ports

    def _settings(self, pages: Mapping[str, Any], changes: Mapping[str, Any]) -> Any:
        module = importlib.import_module(f"functions.connectors.{self.system}.settings")
        model: type[BaseModel] = getattr(module, self.registration.mapping.settings)
        return model.model_validate({**self.vendor.settings, **pages, **changes})

    @property
    def feeds(self) -> tuple[str, ...]:
        """Those that people can be made to act for."""
        return tuple(feed for feed in self.registration.feeds if self.act_of(feed))

    def act_of(self, feed: str) -> str:
        if feed in self.connector.acts:
            return self.connector.acts[feed]
        announced = self.registration.feeds[feed].announces
        return next((ACTS[event] for event in announced if event in ACTS), "")

    def happen(self, feed: str, count: int = 1) -> list[str]:
        """People do so many things, each of which the feed tells of; what `Connector.vanish` is told of them."""
        done = [self._act(self.act_of(feed)) for _ in range(count)]
        self.things.setdefault(feed, []).extend(done)
        return done

    def _act(self, act: str) -> str:
        raise NotImplementedError

    def pull(self, feed: str, ports: Any = None) -> int | None:
        """One page; in how many seconds there is more, None if there is none now."""
        ports = ports or self.ports
        poll = importlib.import_module(f"functions.connectors.{self.system}.poll")
        before = len(ports.queues.sent)
        poll.handler.step(poll.Poll(feed=feed), ports)
        asked = [delay for queue, _, delay in ports.queues.sent[before:] if queue == f"{self.system}-poll"]
        self.connector.arrived(ports)
        return asked[0] if asked else None

    def drain(self, feed: str, ports: Any = None) -> int:
        """Pages until there is none left now; one due later is waited for, because a vendor's seconds are real."""
        pages = 1
        while (due := self.pull(feed, ports)) is not None:
            pages += 1
            assert pages < MOST_PAGES, f"the pages of {feed} do not end"
            time.sleep(0.25 if due else 0)
        return pages

    def told(self, feed: str, ports: Any = None) -> list[AnyEnvelope]:
        """Events of the feed's types."""
        types = self.registration.feeds[feed].announces
        events = (ports or self.ports).outbox.events.values()
        return [event for event in events if event.type.rpartition(".v")[0] in types]

    def expected(self, feed: str, things: int) -> int:
        return things * self.connector.events_each.get(feed, 1)

    def command(self, record: str, number: int, ports: Any, **changes: Any) -> Any:
        """Of the role; what it stands on is there already: `ready`."""
        raise NotImplementedError

    def ready(self, record: str, number: int, ports: Any) -> None:
        """What a command of this record needs at the vendor and in the fabric."""

    def execute(self, record: str, number: int, ports: Any = None, **changes: Any) -> Any:
        """Once, as the lane does: in its turn at the subject. A Duplicate answers with the first result."""
        ports = ports or self.ports
        command = self.command(record, number, ports, **changes)
        try:
            with turn_at(f"{self.system} {command.subject}", ports):
                return self.step_of(type(command).__name__)(command, ports)
        except Duplicate as repeat:
            return result_of(command)(**(repeat.result or {}))

    def step_of(self, command: str) -> Callable[[Any, Any], Any]:
        lane = next(name for name, lane in self.registration.lanes.items() if command in lane.commands)
        step: Callable[[Any, Any], Any] = getattr(commands_of(self.system), lane).step
        return step

    def done(self, record: str, number: int, ports: Any = None, **changes: Any) -> Any:
        """As the queue does: again after Transient and Throttled."""
        for attempt in range(TRIES):
            try:
                return self.execute(record, number, ports, **changes)
            except (Transient, Throttled):
                time.sleep(PAUSE_S * attempt)
        raise AssertionError(f"{record} {number} is not done after {TRIES} tries")

    def standing(self, record: str, number: int) -> list[Shown]:
        """What stands at the vendor of `record` number `number`, asked past the connector."""
        our_id, name = self.our_id(record, number), self.name_of(record, number)
        if self.vendor.live:
            return self.connector.standing_live(self.opened(), record, our_id, name)
        return self.connector.standing(self.vendor, record, our_id, name)

    def our_id(self, record: str, number: int) -> str:
        return self.orders.id_of(record, number)

    def name_of(self, record: str, number: int) -> str:
        return self.orders.name(number)


ACTS = {
    "time.approved": "time",
    "expense.approved": "expense",
    "milestone.completed": "milestone",
    "billing.hold_placed": "hold",
    "rate_card.changed": "rates",
    "invoice.paid": "payment",
    "contract.signed": "deal",
}
"""What people do so that a system announces it."""


@cache
def commands_of(system: str) -> Any:
    return importlib.import_module(f"functions.connectors.{system}.commands")


def result_of(command: Any) -> Any:
    from events.schemas import result_of as model_of

    return model_of(type(command).__name__)
