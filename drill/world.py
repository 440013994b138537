"""The platform in memory: queues that redeliver, sagas that retry, a stream that publishes, tasks that wait for a token.

One thing happens after the other, in an order that the seed decides; only in a race does one come between two calls of
another. What is durable in AWS is durable here: messages, executions, the table. What dies is a handler, at any call.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from drill import walker, wiring
from drill.baton import Baton, Paused
from drill.executions import Executions
from drill.fate import Died, Fate
from drill.ports import FaultyPorts
from drill.vendors import KantataAccount, Line, NetSuiteAccount, OneCurrency, SalesforceOrg
from drill.work import Delivery, Elapsed, Work, dead_of, name_of
from functions.connectors.kantata.settings import KantataSettings
from functions.connectors.netsuite.settings import NetSuiteSettings, TaxMode
from functions.connectors.salesforce.settings import SalesforceSettings
from shared.faults import Fault
from shared.runtime.batch import COMMANDS, EVENTS, Message, Patience, settle
from shared.runtime.command_queue import execute_one
from shared.runtime.event_consumer import consume_one
from tests.fakes.ports import FakePorts
from tests.fakes.turns import FakeTurns

EVENT_RECEIVES, COMMAND_RECEIVES = 5, 20
"""As in infra: then the dead-letter queue."""
VISIBLE_AGAIN_S = 60.0
CUT_OFF_S = 30.0
"""The longest a handler lives, as its function's timeout in infra: who stood still past it is not gone on with."""
MEETINGS = ("invoices.seal", "between claims", "psa.post /workspaces", "psa.post /stories", "psa.post /invoices")
"""Where two billing runs of one contract meet, or two deliveries of one command: there they are made to, more often than
elsewhere. Kantata has no key and makes whatever it is asked to make.
"""
MOST_STEPS = 60_000


class World:
    def __init__(self, fate: Fate, at: datetime, fake: FakePorts | None = None) -> None:
        """fake: what keeps the state, if not plain ports in memory."""
        self.fate, self.fake = fate, fake or FakePorts()
        self.fake.clock.at = at
        self.fake.turns = FakeTurns(Elapsed(self), CUT_OFF_S)
        self._heap: list[tuple[float, float, int, Callable[[], None] | Paused]] = []
        self._numbers, self.now_s, self.ran = count(), 0.0, 0
        self._works: list[Work] = []
        self.baton = Baton()
        self._names: dict[str, int] = {}
        self.sagas = Executions(self)
        self.billed_through, self.evenings = at.date(), 0
        self.dead = self.fake.dead_letters.dead
        self._seen = dict.fromkeys(("events", "bus", "sagas", "done", "failed"), 0)
        self._streamed: set[str] = set()
        self.erp = NetSuiteAccount(Line("erp", self))
        self.psa = KantataAccount(Line("psa", self))
        self.crm = SalesforceOrg(Line("crm", self))
        self.ports: Any = FaultyPorts(
            self.fake,
            self,
            netsuite=self.erp,
            currencies=OneCurrency(),
            erp=NetSuiteSettings(subsidiaries={"US": "1"}, items={"default": "1"}, tax_mode=TaxMode.NONE),
            kantata=self.psa,
            psa=KantataSettings(),
            client=self.crm,
            own=SalesforceSettings.model_validate({}),
        )
        for consumer in wiring.consumers():
            self.dead[dead_of(consumer.queue)] = []
        for lane in wiring.lanes():
            self.dead[dead_of(lane)] = []

    # What a call hears of its fate.

    def fault(self, call: str, kinds: tuple[str, ...]) -> str | None:
        work = self._works[-1]
        turn = work.turns[call] = work.turns.get(call, 0) + 1
        kind = self.fate.decide(f"{work.place}~{work.attempt}|{call}#{turn}", kinds, work.attempt)
        work.dead = kind is not None and kind.startswith("dies")
        return kind

    def overtaken(self, call: str) -> None:
        """In a race this work may stand still here, while other work goes on, and be gone on with later.

        Raises Died for work whose process is dead.
        """
        if not self._works:
            return
        work = self._works[-1]
        if work.dead:
            raise Died(call)
        if not (self.fate.races and self.baton.held):
            return
        turn = work.turns[f"race {call}"] = work.turns.get(f"race {call}", 0) + 1
        where = f"{work.place}~{work.attempt}|{call}#{turn} race"
        times = 10.0 if call in MEETINGS else 2.0
        by = self.fate.decide(where, ("paused", "paused_long"), work.attempt, times)
        if by is None:
            return
        works, self._works = self._works, []
        paused = Paused()
        self.later(0.3 if by == "paused" else 2.0, where, paused)
        self.baton.pause(paused)
        self._works = works
        if self.now_s - work.began_s > CUT_OFF_S:
            work.dead = True
            raise Died(call)

    def hit(self, place: str, kinds: tuple[str, ...], attempt: int = 1, times: float = 1.0) -> str | None:
        return self.fate.decide(f"{place}~{attempt}", kinds, attempt, times)

    # Time and order.

    def later(self, seconds: float, place: str, act: Callable[[], None] | Paused) -> None:
        due = self.now_s + seconds * (0.5 + self.fate.spread(place))
        heapq.heappush(self._heap, (due, self.fate.spread(f"tie {place}"), next(self._numbers), act))

    def run_next(self) -> None:
        due, _, _, act = heapq.heappop(self._heap)
        self.now_s, self.ran = max(self.now_s, due), self.ran + 1
        if self.ran > MOST_STEPS:
            raise AssertionError(f"not quiet after {MOST_STEPS} steps")
        self.fake.clock.at += timedelta(milliseconds=1)
        if isinstance(act, Paused):
            self.baton.resume(act)
        elif self.fate.races:
            self.baton.run(act)
        else:
            act()
        self.absorb()

    def has_work(self) -> bool:
        self.absorb()
        return bool(self._heap)

    def drain(self) -> None:
        self.absorb()
        while self._heap:
            self.run_next()

    def within(self, place: str, attempt: int, act: Callable[[], Any]) -> Any:
        self._works.append(Work(place, attempt, self.now_s))
        try:
            return act()
        finally:
            self._works.pop()

    def numbered(self, name: str) -> str:
        """The first of a name is called so, the second `name+2`: redriven, sent twice."""
        self._names[name] = nth = self._names.get(name, 0) + 1
        return name if nth == 1 else f"{name}+{nth}"

    # What AWS does by itself with what was written.

    def absorb(self) -> None:
        fake = self.fake
        for event_id in list(fake.outbox.events)[self._seen["events"] :]:
            self._stream(event_id)
        self._seen["events"] = len(fake.outbox.events)
        for event in fake.publisher.bus[self._seen["bus"] :]:
            self.deliver(event)
        self._seen["bus"] = len(fake.publisher.bus)
        for (saga, name), payload in list(fake.sagas.started.items())[self._seen["sagas"] :]:
            self.sagas.begin(saga, name, payload)
        self._seen["sagas"] = len(fake.sagas.started)
        for token, value in list(fake.tasks.succeeded.items())[self._seen["done"] :]:
            self.sagas.answered(token, value, None)
        self._seen["done"] = len(fake.tasks.succeeded)
        for token, (error, cause) in list(fake.tasks.failed.items())[self._seen["failed"] :]:
            self.sagas.answered(token, None, walker.TaskFailed(error, cause))
        self._seen["failed"] = len(fake.tasks.failed)
        sent, fake.queues.sent = fake.queues.sent, []
        for queue, body, delay in sent:
            self.send(queue, body, self.numbered(f"{queue}/{name_of(body)}"), delay)

    def _stream(self, event_id: str, attempt: int = 1) -> None:
        place = f"stream/{event_id}"
        if attempt == 1 and self.hit(place, ("stream_record_lost",), times=0.5):
            return  # the sweeper's
        self.later(0.2 if attempt == 1 else 5.0, f"{place}~{attempt}", lambda: self._publish(event_id, attempt))

    def _publish(self, event_id: str, attempt: int) -> None:
        step = wiring.operation("publish_outbox").step
        if not self.attempted(f"stream/{event_id}", attempt, lambda: step([{"event_id": event_id}], self.ports)):
            self._stream(event_id, attempt + 1)

    def attempted(self, place: str, attempt: int, act: Callable[[], Any]) -> bool:
        """Whether it came to its end."""
        try:
            self.within(place, attempt, act)
            return True
        except (Died, Fault):
            return False

    def deliver(self, event: dict[str, Any]) -> None:
        """The bus: to every queue whose rule takes this type. At least once, in no order."""
        body = json.dumps({"detail-type": event["type"], "detail": event})
        for consumer in wiring.consumers():
            if event["type"].startswith(consumer.types):
                self.send(consumer.queue, body, self.numbered(f"{consumer.queue}/{name_of(body)}"))

    def send(self, queue: str, body: str, name: str, delay_s: float = 0.0) -> None:
        often = 8.0 if self.fate.races and queue in wiring.lanes() else 2.0
        copies = 1 + (self.hit(name, ("delivered_twice",), times=often) is not None)
        for copy in range(copies):
            delivery = Delivery(queue, body, f"{name}/{copy}")
            late = 600.0 if self.hit(delivery.name, ("late",), times=2.0) else 0.0
            self.later(1.0 + delay_s + late, delivery.name, lambda each=delivery: self.receive(each))  # type: ignore[misc]

    def receive(self, delivery: Delivery) -> None:
        command = delivery.queue in wiring.lanes()
        patience, most = (COMMANDS, COMMAND_RECEIVES) if command else (EVENTS, EVENT_RECEIVES)
        receipt = f"{delivery.name}~{delivery.receives}"
        if self._settled(delivery, receipt, command, patience):
            if not self.hit(f"{delivery.name} acknowledged", ("delivered_again",), delivery.receives):
                return
        delivery.receives += 1
        if delivery.receives > most:
            self.fake.dead_letters.put(dead_of(delivery.queue), delivery.body)
            return
        wait = float(self.fake.inbox.delayed.pop(receipt, VISIBLE_AGAIN_S))
        self.later(wait, receipt, lambda: self.receive(delivery))

    def _settled(self, delivery: Delivery, receipt: str, command: bool, patience: Patience) -> bool:
        """A message under a bad star fails however often it comes: until its dead letter is given back."""
        message = Message(delivery.name, receipt, delivery.body, f"arn:{delivery.queue}", delivery.receives)
        if self.fate.decide(f"{delivery.name} bad star", ("fails_to_the_dlq",), 1, 0.15):
            return False
        one = self._commanded if command else self._consumed
        try:
            place = delivery.name
            act = lambda: settle(message, lambda told: one(delivery, told), self.ports, patience)  # noqa: E731
            return bool(self.within(place, delivery.receives, act))
        except Died:
            return False

    def _consumed(self, delivery: Delivery, message: Message) -> None:
        [consumer] = [each for each in wiring.consumers() if each.queue == delivery.queue]
        consume_one(message, consumer.models, consumer.handler.step, self.ports, delivery.queue)

    def _commanded(self, delivery: Delivery, message: Message) -> None:
        execute_one(message, wiring.lanes()[delivery.queue], delivery.queue, self.ports)
