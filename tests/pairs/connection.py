"""The fabric at work on a thread of its own, asked as the command line asks a deployment.

Its experience API answers from the ports that functions.experience.routes.ports tells: the test puts the fabric's there.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from cli.settle import DRAFTING, NotSettled
from drill import wiring
from functions.experience import api
from shared.domain.exception import ExceptionStatus
from shared.runtime.process_step import as_answer
from tests.pairs.fabric import Fabric

CONTEXT: Any = SimpleNamespace(aws_request_id="r-1", function_name="api", memory_limit_in_mb=512)
REST_S = 0.1
"""Between two turns, for those who ask."""
LIMIT_S = 30.0


class AtWork:
    """A context: inside it the fabric turns until nobody needs it. What breaks it is raised by whoever asks next."""

    def __init__(self, fabric: Fabric) -> None:
        self.fabric = fabric
        self._mine, self._over = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self.idle_turns = 0
        self._broken: BaseException | None = None

    def __enter__(self) -> AtWork:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _live(self) -> None:
        while not self._over.wait(REST_S):
            try:
                with self._mine:
                    self.idle_turns = 0 if self.fabric.turn() else self.idle_turns + 1
            except BaseException as broken:  # noqa: BLE001 - told to whoever asks next
                self._broken = broken
                return

    def check(self) -> None:
        if self._broken is not None:
            raise self._broken

    def until(self, what: str, holds: Callable[[], bool], limit_s: float, step_s: float = REST_S) -> float:
        """As cli.settle.wait_until, for a world that answers at once."""
        began = time.monotonic()
        while not holds():
            self.check()
            if time.monotonic() - began > LIMIT_S:
                raise NotSettled(f"{what}: not within {LIMIT_S:.0f} s; {self.stuck()}")
            time.sleep(REST_S)
        return time.monotonic() - began

    def stuck(self) -> str:
        """What is in the way, for whoever reads the failure."""
        fake = self.fabric.fake
        troubles = [f"{each.type} {each.subject} {each.facts}" for each in fake.exceptions.list(ExceptionStatus.OPEN)]
        letters = {queue: len(found) for queue, found in self.fabric.dead.items() if found}
        return f"open: {troubles}; dead letters: {letters}; quarantine: {fake.inbox.quarantined}"

    def act(self, operation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """As cli.connection.Connection.act."""
        step = wiring.operation(operation.replace("-", "_")).step
        with self._mine:
            self.check()
            self.idle_turns = 0
            command = wiring.input_of(step).model_validate_json(json.dumps(payload))
            answer: dict[str, Any] = json.loads(json.dumps(as_answer(step(command, self.fabric.ports))))
            self.fabric.drain()
        return answer

    def read(self, path: str, **query: str | None) -> dict[str, Any]:
        return self._asked("GET", path, {name: value for name, value in query.items() if value is not None}, None)

    def ask(self, path: str, question: Mapping[str, Any]) -> dict[str, Any]:
        return self._asked("POST", path, {}, json.dumps(question))

    def _asked(self, method: str, path: str, query: Mapping[str, str], body: str | None) -> dict[str, Any]:
        event = {
            "version": "2.0",
            "routeKey": "ANY /{proxy+}",
            "rawPath": path,
            "rawQueryString": "&".join(f"{name}={value}" for name, value in query.items()),
            "headers": {"accept": "application/json", "content-type": "application/json"},
            "queryStringParameters": query or None,
            "requestContext": {"http": {"method": method, "path": path}, "stage": "$default", "requestId": "r-1"},
            "body": body,
            "isBase64Encoded": False,
        }
        with self._mine:
            self.check()
            answer = api.handler(event, CONTEXT)
        assert answer["statusCode"] == 200, answer
        found: dict[str, Any] = json.loads(answer["body"])
        return found


class QuietTurns:
    """As cli.settle.Quiet: turns in which nothing was new."""

    def __init__(self, at_work: AtWork) -> None:
        self._at_work = at_work

    def wait(self, what: str, limit_s: float, quiet_s: float = 0.0) -> float:
        self._at_work.idle_turns = 0
        return self._at_work.until(what, lambda: self._at_work.idle_turns >= 2, limit_s)

    def running(self, *sagas: str) -> int:
        """Drafting is over when the call that started it is answered: everything that can be done is done by then."""
        self._at_work.check()
        wanted = {saga.replace("-", "_") for saga in sagas or (DRAFTING,)}
        states = self._at_work.fabric.sagas.states.items()
        return sum(1 for (saga, _), state in list(states) if saga in wanted and state == "RUNNING")
