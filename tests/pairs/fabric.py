"""The whole fabric in this process: the real handlers and state machines on ports in memory, its connectors at real simulators.

What AWS does between handlers is drill/world.py's, with nothing failing; what it does not know is here: polls, queues of a
connector's own, commands to whichever system has the role. Connectors are found in infra/manifest.py and wired by
themselves, with shared ports in memory and a secret that names the simulator.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from drill import walker, wiring
from drill.executions import Branch, Executions
from drill.fate import Fate
from drill.work import Delivery, dead_of
from drill.world import World
from events import commands
from infra.deployment import Deployment
from infra.manifest import CommandQueue, WorkQueue, of_system
from infra.policies import policies_of
from sandbox.firm.desks import Told
from shared.runtime.batch import Message, Patience, settle
from shared.runtime.command_queue import execute_one
from shared.runtime.queue_worker import work_one
from shared.runtime.settings import Settings
from shared.runtime.wiring import AwsPorts
from tests.fakes.flow import FakeClock
from tests.fakes.ports import FakePorts

PROBED = "BlockProject"
"""The step whose wait ends by itself after a while, to see whether the project can be set up now."""
COMMANDS = {
    each.__name__: each
    for each in vars(commands).values()
    if isinstance(each, type) and issubclass(each, commands.Command) and each is not commands.Command
}


class WallClock(FakeClock):
    """Vendors tell the time, so the fabric goes by the same."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Probed(Executions):
    """probes: who waits at the step that is asked again with every turn, and for which token."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.probes: list[tuple[Branch, str]] = []

    def asked(self, branch: Branch, effect: walker.Effect) -> None:
        if isinstance(effect, walker.Invoke) and effect.step == PROBED and effect.token:
            self.probes.append((branch, effect.token))
        super().asked(branch, effect)


class Fabric(World):
    """roles: of `systems`. deployment: whose settings and policies count."""

    def __init__(self, deployment: Deployment, roles: Mapping[str, str], systems: Mapping[str, Told]) -> None:
        super().__init__(Fate(0), datetime.now(UTC))
        self.fake = FakePorts(clock=WallClock(), policies=policies_of(deployment))
        self.fake.slots.pauses = False
        self.ports, self.dead, self._roles = self.fake, self.fake.dead_letters.dead, roles
        self.of_system = {each: in_memory(each, systems[each], deployment, self.fake) for each in set(roles.values())}
        self.feeds = {f"{each}-poll": tuple(deployment.polls_of(each)) for each in self.of_system}
        self.workers: dict[str, tuple[str, Any]] = {}
        self.commanded: dict[str, tuple[str, Any]] = {}
        for system in self.of_system:
            for entry in of_system(system):
                if isinstance(entry.trigger, WorkQueue):
                    self.workers[entry.trigger.queue] = system, wiring.handler_of(entry)
                if isinstance(entry.trigger, CommandQueue):
                    self.commanded[entry.trigger.queue] = system, wiring.handler_of(entry)
        for queue in (*(each.queue for each in wiring.consumers()), *self.workers, *wiring.lanes()):
            self.dead[dead_of(queue)] = []
        self.asks_again = False
        self.sagas: Probed = Probed(self)

    def turn(self) -> bool:
        """Every feed is read once and all that follows is done. False: nothing was new, and no feed asks for another."""
        before, self.asks_again = self._progress(), False
        for queue, feeds in self.feeds.items():
            for feed in feeds:
                self.send(queue, json.dumps({"feed": feed}), self.numbered(f"{queue}/{feed}"))
        self.drain()
        wiring.operation("sweep_parked").step(self.ports)
        self.drain()
        probes, self.sagas.probes = self.sagas.probes, []
        for branch, token in probes:
            if branch.waits_for == token:
                self.sagas.forget(token)
                self.sagas.go_on(branch, None, walker.TaskFailed("States.Timeout"))
        self.drain()
        return self._progress() != before or self.asks_again

    def _progress(self) -> tuple[int, ...]:
        fake = self.fake
        return len(fake.outbox.events), len(fake.tasks.succeeded), len(fake.tasks.failed), len(fake.sagas.started)

    def absorb(self) -> None:
        """Messages of a connector to itself first: they are neither events nor commands."""
        queues = self.fake.queues
        own, queues.sent = (
            [each for each in queues.sent if each[0] in self.workers],
            [each for each in queues.sent if each[0] not in self.workers],
        )
        for queue, body, delay_s in own:
            self.send(queue, body, self.numbered(queue), delay_s)
        super().absorb()

    def send(self, queue: str, body: str, name: str, delay_s: float = 0.0) -> None:
        """A poll that asks for another one later gets it with the next turn: vendors' clocks are not to be hurried."""
        if queue in self.feeds and delay_s:
            self.asks_again = True
            return
        super().send(queue, body, name, delay_s)

    def _settled(self, delivery: Delivery, receipt: str, command: bool, patience: Patience) -> bool:
        message = Message(delivery.name, receipt, delivery.body, f"arn:{delivery.queue}", delivery.receives)
        work = self._worked if delivery.queue in self.workers else self._commanded if command else self._consumed
        act = lambda: settle(message, lambda told: work(delivery, told), self.ports, patience)  # noqa: E731
        return bool(self.within(delivery.name, delivery.receives, act))

    def _worked(self, delivery: Delivery, message: Message) -> None:
        system, handler = self.workers[delivery.queue]
        work_one(message, wiring.input_of(handler.step), handler.step, self.of_system[system], delivery.queue)

    def _commanded(self, delivery: Delivery, message: Message) -> None:
        """Sagas name the role ("erp-posting"); the queue is the system's."""
        role, _, lane = delivery.queue.partition("-")
        system, handler = self.commanded[f"{self._roles[role]}-{lane}"]
        executes = {name: (model, handler.step) for name, model in COMMANDS.items()}
        execute_one(message, executes, lane, self.of_system[system])


def in_memory(system: str, told: Told, deployment: Deployment, shared: FakePorts) -> Any:
    """The connector's own ports, as its functions get them, with the shared ones in memory."""
    wiring_of = import_module(f"functions.connectors.{system}.wiring")
    own = (each for each in vars(wiring_of).values() if getattr(each, "__module__", "") == wiring_of.__name__)
    [made] = [each for each in own if isinstance(each, type) and issubclass(each, AwsPorts)]
    ports = made(Settings(connection="told", system=system, own=deployment.connectors[system]))
    secret = json.dumps({"base_url": told["base_url"], "credentials": told["credentials"]})
    told_by = SimpleNamespace(get_secret_value=lambda **_: {"SecretString": secret})
    vars(ports).update(vars(shared) | {"clients": SimpleNamespace(secretsmanager=told_by)})
    return ports
