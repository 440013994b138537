"""Faults planted through `/_sim/faults` and the ASGI layer that lets them happen.

A fault: {"action", "method"?, "path"? (regex, searched), "times"? (default 1, 0 = until removed),
"skip"? (let that many matching calls pass first), ...parameters of the action}. Actions every simulator has:

- throttle: the vendor's own over-the-limit answer; optional "retry_after" seconds (sent only if given)
- status: {"status": 503, "body"?: text, "content_type"?}: that answer, nothing done
- slow: {"seconds": 2.5}: answered late
- commit_then_drop: the call is carried out, the connection is cut with no answer
- drop: the connection is cut, nothing done
- expire_token: all access tokens die now, then the call goes on (and is refused)

A simulator may add its own actions; an action nobody knows is refused when planted.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMMON_ACTIONS = frozenset({"throttle", "status", "slow", "commit_then_drop", "drop", "expire_token"})


@dataclass
class Fault:
    fault_id: int
    action: str
    method: str | None = None
    path: str | None = None
    times: int = 1
    skip: int = 0
    hits: int = 0
    params: dict[str, Any] = field(default_factory=dict)

    def matches(self, method: str, path: str) -> bool:
        spent = self.times and self.hits >= self.times
        wanted = (self.method in (None, method)) and (self.path is None or re.search(self.path, path))
        return bool(wanted) and not spent

    def as_json(self) -> dict[str, Any]:
        known = {k: getattr(self, k) for k in ("fault_id", "action", "method", "path", "times", "skip", "hits")}
        return known | self.params


class FaultPlan:
    """The planted faults of one simulator. Not durable: a restarted simulator is a healthy one."""

    def __init__(self, extra_actions: frozenset[str] = frozenset()) -> None:
        self.actions = COMMON_ACTIONS | extra_actions
        self._ids = itertools.count(1)
        self.faults: list[Fault] = []

    def plant(self, spec: dict[str, Any]) -> Fault:
        """Raises ValueError, naming the key, for an unknown action or a path that is no regex."""
        spec = dict(spec)
        action = str(spec.pop("action", ""))
        if action not in self.actions:
            raise ValueError(f"action: {action!r} is not one of {sorted(self.actions)}")
        try:
            re.compile(spec.get("path") or "")
        except re.error as exc:
            raise ValueError(f"path: not a regular expression: {exc}") from exc
        named = {k: spec.pop(k) for k in ("method", "path", "times", "skip") if k in spec}
        fault = Fault(next(self._ids), action, params=spec, **named)
        self.faults.append(fault)
        return fault

    def clear(self) -> None:
        self.faults.clear()

    def take(self, method: str, path: str, actions: frozenset[str] = COMMON_ACTIONS) -> Fault | None:
        """The first planted fault of these actions that this call sets off; counts it."""
        for fault in self.faults:
            if fault.action in actions and fault.matches(method, path):
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.hits += 1
                return fault
        return None


@dataclass
class Traffic:
    """What went through: shown under `/_sim/traffic`."""

    in_flight: int = 0
    most_in_flight: int = 0
    throttled: int = 0
    calls: dict[str, int] = field(default_factory=dict)


@dataclass
class Limits:
    """`concurrency`: calls answered at once, others get the vendor's throttle answer (None: no limit).
    `call_ms`: a floor under the time of every call, so that saturation can be measured."""

    concurrency: int | None = None
    call_ms: int = 0


class FaultLayer:
    """Outermost ASGI layer: limits, faults and traffic for every path but `/_sim/`."""

    def __init__(
        self,
        app: ASGIApp,
        plan: FaultPlan,
        limits: Limits,
        traffic: Traffic,
        throttled: Callable[[Fault | None], Response],
        expire_tokens: Callable[[], None],
        ungoverned: frozenset[str] = frozenset(),
    ) -> None:
        """`ungoverned`: paths the concurrency limit does not count (a token endpoint)."""
        self._app, self._plan, self._limits, self._traffic = app, plan, limits, traffic
        self._throttled, self._expire_tokens, self._ungoverned = throttled, expire_tokens, ungoverned

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_sim/"):
            await self._app(scope, receive, send)
            return
        traffic = self._traffic
        key = f"{scope['method']} {scope['path']}"
        traffic.calls[key] = traffic.calls.get(key, 0) + 1
        if scope["path"] in self._ungoverned:
            await self._answer(scope, receive, send)
            return
        over = self._limits.concurrency is not None and traffic.in_flight >= self._limits.concurrency
        if over:
            traffic.throttled += 1
            await self._throttled(None)(scope, receive, send)
            return
        traffic.in_flight += 1
        traffic.most_in_flight = max(traffic.most_in_flight, traffic.in_flight)
        try:
            if self._limits.call_ms:
                await asyncio.sleep(self._limits.call_ms / 1000)
            await self._answer(scope, receive, send)
        finally:
            traffic.in_flight -= 1

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._plan.take(scope["method"], scope["path"])
        match fault.action if fault else None:
            case "throttle":
                self._traffic.throttled += 1
                await self._throttled(fault)(scope, receive, send)
            case "status":
                assert fault is not None
                body, kind = str(fault.params.get("body", "")), fault.params.get("content_type", "text/html")
                answer = PlainTextResponse(body, int(fault.params.get("status", 503)), media_type=str(kind))
                await answer(scope, receive, send)
            case "drop":
                _cut(receive)
            case "commit_then_drop":
                await self._app(scope, receive, _swallow)
                _cut(receive)
            case "slow":
                assert fault is not None
                await asyncio.sleep(float(fault.params.get("seconds", 1)))
                await self._app(scope, receive, send)
            case "expire_token":
                self._expire_tokens()
                await self._app(scope, receive, send)
            case _:
                await self._app(scope, receive, send)


async def _swallow(message: Message) -> None:
    """The answer nobody will read."""


def _cut(receive: Receive) -> None:
    """Ends the connection with no answer. uvicorn's `receive` is a method of the object that holds the transport."""
    receive.__self__.transport.abort()  # type: ignore[attr-defined]
