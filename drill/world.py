"""The platform in memory: queues that redeliver, sagas that retry, a stream that publishes, tasks that wait for a token.

One thing happens after the other, in an order that the seed decides; only in a race does one come between two calls of
another. What is durable in AWS is durable here: messages, executions, the table. What dies is a handler, at any call.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from drill import walker, wiring
from drill.baton import Baton, Paused
from drill.fate import Died, Fate
from drill.ports import FaultyPorts
from drill.vendors import KantataAccount, Line, NetSuiteAccount, OneCurrency, SalesforceOrg
from functions.connectors.kantata.settings import KantataSettings
from functions.connectors.netsuite.settings import NetSuiteSettings, TaxMode
from functions.connectors.salesforce.settings import SalesforceSettings
from shared.faults import Duplicate, Fault
from shared.runtime.batch import COMMANDS, EVENTS, Message, Patience, settle
from shared.runtime.command_queue import execute_one
from shared.runtime.event_consumer import consume_one
from shared.runtime.process_step import as_answer
from shared.runtime.reading import read_model
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
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Work:
    """What runs now. place: names it. began_s: when. turns: how often each call was made in it. dead: its process died;
    what it still tries on its way out, such as giving something back, does not happen.
    """

    place: str
    attempt: int
    began_s: float
    turns: dict[str, int] = field(default_factory=dict)
    dead: bool = False


@dataclass
class Delivery:
    queue: str
    body: str
    name: str
    receives: int = 1


@dataclass
class Branch:
    """One line of an execution. told: who waits for its end."""

    walk: walker.Walk
    steps: walker.Steps
    told: Callable[[Any, walker.TaskFailed | None], None]
    waits_for: str | None = None


class Elapsed:
    """The clock of the machines, by which what a dead worker held comes free; the business's clock stands still meanwhile."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __deepcopy__(self, _: dict[int, object]) -> Elapsed:
        """A dry copy of the rows keeps the time of this world."""
        return self

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self._world.now_s)


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
        self.executions: dict[tuple[str, str], str] = {}
        self.tokens: dict[str, Branch] = {}
        self.billed_through, self.evenings = at.date(), 0
        self.walks: list[walker.Walk] = []
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
            self._execute(saga, name, payload)
        self._seen["sagas"] = len(fake.sagas.started)
        for token, value in list(fake.tasks.succeeded.items())[self._seen["done"] :]:
            self._answered(token, value, None)
        self._seen["done"] = len(fake.tasks.succeeded)
        for token, (error, cause) in list(fake.tasks.failed.items())[self._seen["failed"] :]:
            self._answered(token, None, walker.TaskFailed(error, cause))
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

    # Sagas.

    def _execute(self, saga: str, name: str, payload: dict[str, Any]) -> None:
        self.executions[saga, name] = "RUNNING"

        def ended(_: Any, failed: walker.TaskFailed | None) -> None:
            self.executions[saga, name] = "FAILED" if failed else "SUCCEEDED"

        walk = walker.Walk.of(saga, name, json.loads(json.dumps(payload)))
        self.walks.append(walk)
        self._begin(walk, ended)

    def _begin(self, walk: walker.Walk, told: Callable[[Any, walker.TaskFailed | None], None]) -> None:
        branch = Branch(walk, walk.steps(), told)
        place = f"{walk.saga}/{walk.name}/{walk.inside}begins"
        self.later(0.1, place, lambda: self._go_on(branch, None, None))

    def _go_on(self, branch: Branch, value: Any, failed: walker.TaskFailed | None) -> None:
        try:
            effect = branch.steps.throw(failed) if failed else branch.steps.send(value)
        except StopIteration as end:
            branch.told(end.value, None)
            return
        except walker.TaskFailed as end:
            branch.told(None, end)
            return
        self._asked(branch, effect)

    def _asked(self, branch: Branch, effect: walker.Effect) -> None:
        if isinstance(effect, walker.Invoke):
            if effect.token:
                self._await(branch, effect.token)
            self.later(0.3, f"{effect.place}~{effect.attempt}", lambda: self._invoked(branch, effect))
        elif isinstance(effect, walker.Send):
            self._await(branch, effect.token)
            name = f"{effect.lane}/{effect.place}~{effect.attempt}"
            self.send(effect.lane, json.dumps(effect.message), self.numbered(name))
            self._may_expire(branch, effect)
        elif isinstance(effect, walker.Start):
            self.later(0.1, f"{effect.saga}/{effect.name} starts", lambda: self._started(branch, effect))
        elif isinstance(effect, walker.Sleep):
            self.later(effect.seconds, effect.place, lambda: self._go_on(branch, None, None))
        else:
            self._together(branch, effect)

    def _started(self, branch: Branch, effect: walker.Start) -> None:
        if self.fake.sagas.start(effect.saga, effect.name, effect.payload):
            self._go_on(branch, {"ExecutionArn": effect.name}, None)
            return
        self._go_on(branch, None, walker.TaskFailed("StepFunctions.ExecutionAlreadyExistsException"))

    def _invoked(self, branch: Branch, effect: walker.Invoke) -> None:
        """One invocation of a step's function; what goes wrong around it has names of Lambda's own."""
        entry = wiring.steps()[effect.step]
        step = wiring.handler_of(entry).step
        trouble = self.hit(f"{effect.place}~{effect.attempt} lambda", LAMBDA, effect.attempt)
        answer: Any = None
        failed: walker.TaskFailed | None = None
        if trouble == "lambda_busy":
            failed = walker.TaskFailed("Lambda.TooManyRequestsException")
        else:
            try:
                act = lambda: invoked(step, effect.payload, self.ports)  # noqa: E731
                answer = json.loads(json.dumps(self.within(effect.place, effect.attempt, act)))
            except Died:
                failed = walker.TaskFailed("Runtime.ExitError")
            except Fault as fault:
                failed = walker.TaskFailed(type(fault).__name__, json.dumps({"errorMessage": str(fault)}))
            if trouble == "lambda_answer_lost":
                failed, answer = walker.TaskFailed("Lambda.SdkClientException"), None
            if trouble == "lambda_timed_out":
                failed, answer = walker.TaskFailed("Sandbox.Timedout"), None
        self.absorb()
        if effect.token:
            if failed and branch.waits_for == effect.token:
                self._forget(effect.token)
                self._go_on(branch, None, failed)
            return
        self._go_on(branch, answer, failed)

    def _await(self, branch: Branch, token: str) -> None:
        branch.waits_for = token
        self.tokens[token] = branch

    def _forget(self, token: str) -> None:
        self.fake.tasks.gone.add(token)
        branch = self.tokens.pop(token, None)
        if branch:
            branch.waits_for = None

    def _may_expire(self, branch: Branch, effect: walker.Send) -> None:
        """The week is over before anybody answered; the message may still be in its queue."""
        if not self.hit(f"{effect.place}~{effect.attempt} waits", ("wait_timed_out",), effect.attempt, 0.5):
            return

        def expire() -> None:
            if branch.waits_for == effect.token:
                self._forget(effect.token)
                self._go_on(branch, None, walker.TaskFailed("States.Timeout"))

        self.later(1.5, f"{effect.place} expires", expire)

    def _answered(self, token: str, value: Any, failed: walker.TaskFailed | None) -> None:
        branch = self.tokens.pop(token, None)
        if branch is not None and branch.waits_for == token:
            branch.waits_for = None
            self.later(0.1, f"{token} answered", lambda: self._go_on(branch, value, failed))

    def _together(self, branch: Branch, effect: walker.Together) -> None:
        results: dict[int, Any] = {}
        failures: list[walker.TaskFailed] = []
        total = len(effect.walks)
        if not total:
            self.later(0.1, f"{branch.walk.place} empty", lambda: self._go_on(branch, [], None))

        def ended(number: int, value: Any, failed: walker.TaskFailed | None) -> None:
            results[number] = value
            if failed:
                failures.append(failed)
            if len(results) == total:
                self._go_on(branch, [results[each] for each in range(total)], failures[0] if failures else None)

        for number, walk in enumerate(effect.walks):
            self._begin(walk, lambda value, failed, nth=number: ended(nth, value, failed))  # type: ignore[misc]


LAMBDA = ("lambda_busy", "lambda_answer_lost", "lambda_timed_out")


def invoked(step: Callable[..., Any], payload: Any, ports: Any) -> Any:
    """As process_step runs it: parsed, and a Duplicate that knows its first result answers that."""
    command = read_model(wiring.input_of(step), json.loads(json.dumps(payload)), "step_input_unreadable")
    try:
        return as_answer(step(command, ports))
    except Duplicate as repeat:
        if repeat.result is None:
            raise
        return dict(repeat.result)


def name_of(body: str) -> str:
    """The event's id, or the command's execution."""
    told = json.loads(body)
    return str(told["detail"]["id"]) if "detail" in told else f"{told['command']}/{told['execution']}"


def dead_of(queue: str) -> str:
    """Where its dead letters lie."""
    return f"{queue}-dlq"
