"""Business events as CloudEvents to a webhook: at least once, in no order, keys only.

An event is durable with the change that it tells; it is sent until the endpoint says 2xx. Source: vendor notes, section 9.
"""

from __future__ import annotations

import asyncio
import base64
import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from sandbox.kit.faults import FaultPlan
from sandbox.kit.store import Store
from sandbox.sap_s4hana.book import Change
from sandbox.sap_s4hana.clock import Clock
from sandbox.sap_s4hana.faults import EVENTS
from sandbox.sap_s4hana.settings import Settings

ORIGIN = "eventmesh.sandbox.example"
_KINDS = {
    "A_BusinessPartner": ("businesspartner.v1.BusinessPartner", "BusinessPartner", ("Created", "Changed")),
    "A_SalesOrder": ("salesorder.v1.SalesOrder", "SalesOrder", ("Created", "Changed")),
    "A_BillingDocument": ("billingdocument.v1.BillingDocument", "BillingDocument", ("Created",)),
}
"""Table -> (type, key, what is told of it)."""
_HOOKS, _WAITING = "sim:webhook", "sim:event"
_FIRST_S, _LONGEST_S, _PATIENCE_S = 1.0, 300.0, 10.0


class HandshakeRefused(ValueError):
    """The endpoint did not agree to be called."""


@dataclass
class Hook:
    """`types`: prefixes of event types, empty for all. Either user and password, or a bearer token."""

    id: str
    url: str
    username: str = ""
    password: str = ""
    token: str = ""
    types: tuple[str, ...] = ()

    def headers(self) -> dict[str, str]:
        found = {"content-type": "application/cloudevents+json", "webhook-request-origin": ORIGIN}
        if self.token:
            return found | {"authorization": f"Bearer {self.token}"}
        if self.username:
            pair = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
            return found | {"authorization": f"Basic {pair}"}
        return found


@dataclass
class Waiting:
    id: str
    hook: str
    event: dict[str, Any]
    due_at: float
    attempts: int = 0


class Events:
    def __init__(self, store: Store, clock: Clock, settings: Settings, plan: FaultPlan) -> None:
        self._store, self._clock, self._settings, self._plan = store, clock, settings, plan
        self._wake = asyncio.Event()
        self._client: httpx.AsyncClient | None = None
        self.delivered = self.refused = 0
        self.last_error = ""
        self.load()

    def load(self) -> None:
        self.hooks = {one["id"]: Hook(**(one | {"types": tuple(one["types"])})) for one in self._store.all(_HOOKS)}
        self.waiting = {one["id"]: Waiting(**one) for one in self._store.all(_WAITING)}

    async def add(self, spec: dict[str, Any]) -> Hook:
        """Raises HandshakeRefused, or ValueError for what cannot be read."""
        if not str(spec.get("url", "")).startswith("http"):
            raise ValueError("url is needed")
        unknown = set(spec) - {"url", "username", "password", "token", "types", "handshake"}
        if unknown:
            raise ValueError(f"unknown: {sorted(unknown)}")
        shake = spec.pop("handshake", True)
        hook = Hook(uuid.uuid4().hex, **(spec | {"types": tuple(spec.get("types", ()))}))
        if shake:
            await self._handshake(hook)
        self._store.put(_HOOKS, hook.id, asdict(hook))
        self.hooks[hook.id] = hook
        return hook

    def remove(self, hook_id: str) -> None:
        self._store.delete(_HOOKS, hook_id)
        self.hooks.pop(hook_id, None)
        for one in [one for one in self.waiting.values() if one.hook == hook_id]:
            self._settle(one)

    def note(self, changes: list[Change]) -> None:
        """Inside the unit: what is to be told is committed with what happened."""
        if not self.hooks:
            return
        for about in _told(changes):
            for hook in self.hooks.values():
                if not hook.types or about[0].startswith(hook.types):
                    self._enqueue(hook, *about)

    def _enqueue(self, hook: Hook, kind: str, data: dict[str, str]) -> None:
        now = self._clock.now()
        event = {
            "specversion": "1.0",
            "type": kind,
            "source": "/default/sap.s4.beh/S4SANDBOX",
            "id": str(uuid.uuid4()),
            "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "datacontenttype": "application/json",
            "data": data,
        }
        one = Waiting(uuid.uuid4().hex, hook.id, event, time.time() + self._settings.event_delay_s)
        self._store.put(_WAITING, one.id, asdict(one))
        self.waiting[one.id] = one
        self._wake.set()

    def retry_now(self) -> None:
        for one in self.waiting.values():
            one.due_at = 0.0
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._wake.clear()
            now = time.time()
            for one in [one for one in self.waiting.values() if one.due_at <= now]:
                await self._deliver(one)
            later = [one.due_at for one in self.waiting.values()]
            wait = min(max(0.005, min(later) - time.time()), 60.0) if later else 60.0
            try:
                await asyncio.wait_for(self._wake.wait(), wait)
            except TimeoutError:
                pass

    async def _deliver(self, one: Waiting) -> None:
        hook = self.hooks.get(one.hook)
        fault = self._plan.take("EVENT", str(one.event["type"]), EVENTS)
        action = fault.action if fault else ""
        if hook is None or action == "event_drop":
            self._settle(one)
            return
        if fault is not None and action == "event_reorder":
            one.due_at = time.time() + float(fault.params.get("seconds", 1))
            return
        copies = 1 + (int(fault.params.get("copies", 1)) if fault and action == "event_duplicate" else 0)
        good = [await self._send(hook, one.event) for _ in range(copies)]
        if any(good):
            self.delivered += 1
            self._settle(one)
        else:
            one.attempts += 1
            one.due_at = time.time() + min(_LONGEST_S, _FIRST_S * 2 ** (one.attempts - 1))

    async def _send(self, hook: Hook, event: dict[str, Any]) -> bool:
        try:
            answer = await self._http().post(hook.url, json=event, headers=hook.headers(), timeout=_PATIENCE_S)
        except (httpx.HTTPError, OSError) as exc:
            self.refused, self.last_error = self.refused + 1, f"{type(exc).__name__}: {exc}"
            return False
        if not answer.is_success:
            self.refused, self.last_error = self.refused + 1, f"HTTP {answer.status_code}"
        return answer.is_success

    async def _handshake(self, hook: Hook) -> None:
        try:
            answer = await self._http().options(hook.url, headers=hook.headers(), timeout=_PATIENCE_S)
        except (httpx.HTTPError, OSError) as exc:
            raise HandshakeRefused(f"{type(exc).__name__}: {exc}") from exc
        if not answer.is_success or answer.headers.get("webhook-allowed-origin") not in (ORIGIN, "*"):
            raise HandshakeRefused(f"HTTP {answer.status_code} without WebHook-Allowed-Origin for {ORIGIN}")

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(verify=False, trust_env=False)
        return self._client

    def _settle(self, one: Waiting) -> None:
        self._store.delete(_WAITING, one.id)
        self.waiting.pop(one.id, None)


def _told(changes: list[Change]) -> list[tuple[str, dict[str, str]]]:
    """One event per row and unit, however often the unit wrote it."""
    found: dict[tuple[str, str], str] = {}
    for change in changes:
        if change.table not in _KINDS or change.after is None:
            continue
        _, key, verbs = _KINDS[change.table]
        verb = "Created" if change.before is None else "Changed"
        number = str(change.after[key])
        if verb in verbs:
            found.setdefault((change.table, number), verb)
    return [
        (f"sap.s4.beh.{_KINDS[table][0]}.{verb}.v1", {_KINDS[table][1]: number})
        for (table, number), verb in found.items()
    ]
