"""Event relays: change events from the org to an EventBridge bus, at least once, in no promised order.

RUN sends; PAUSE keeps the position; STOP forgets it, so that RUN then starts with new events only. Waiting events are
durable with the change they tell of. Source: vendors/salesforce.md, section 6.1.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from sandbox.kit.faults import FaultPlan
from sandbox.salesforce_platform import change_events, relay_status
from sandbox.salesforce_platform.change_events import Event
from sandbox.salesforce_platform.ids import make_id
from sandbox.salesforce_platform.jsontext import dumps, loads
from sandbox.salesforce_platform.org import Change, Org, Transaction

_ANY_DELIVERY = {"duplicate": "event_duplicate", "reorder": "event_reorder"}
FAULTS = frozenset({*_ANY_DELIVERY, "event_duplicate", "event_reorder", "event_gap", "event_extra_ids"}) | {
    "event_wrong_org",
    "event_drop",
}
STATES = ("RUN", "PAUSE", "STOP")
_MOST = 10
_RETRY_S = 0.5


@dataclass
class Relay:
    """`channel`: the 0YL id in the source name."""

    id: str
    channel: str
    endpoint_url: str | None
    region: str
    access_key: str
    secret_key: str
    bus: str
    objects: tuple[str, ...]
    state: str = "RUN"
    sent: int = 0
    last_error: str = ""


@dataclass
class Waiting:
    """One event of one relay; `not_before`: seconds since 1970."""

    id: str
    relay: str
    made_at: float
    event: Event
    not_before: float = 0.0


class Relays:
    def __init__(self, org: Org, plan: FaultPlan, org_id: str) -> None:
        self._org, self._plan, self._org_id = org, plan, org_id
        self._wake = asyncio.Event()
        self._clients: dict[str, Any] = {}
        org.listeners.append(self._changed)
        self.load()

    def load(self) -> None:
        store = self._org.store
        self.relays = {one["id"]: Relay(**{**one, "objects": tuple(one["objects"])}) for one in store.all("sim:relay")}
        kept = [one | {"event": loads(one["event"].encode())} for one in store.all("sim:relay_event")]
        self.waiting = {one["id"]: Waiting(**one) for one in kept}
        self._clients.clear()

    def source(self, relay: Relay, org_id: str | None = None) -> str:
        return f"aws.partner/salesforce.com/{org_id or self._org_id}/{relay.channel}"

    def add(self, spec: dict[str, Any]) -> Relay:
        """Raises ValueError, naming what is wrong."""
        objects = tuple(spec.get("objects") or ("Opportunity", "Account", "Contract"))
        unknown = [name for name in objects if name not in self._org.schema.objects]
        state = str(spec.get("state", "RUN"))
        if not str(spec.get("endpoint_url") or "http").startswith("http"):
            raise ValueError(f"endpoint_url: {spec['endpoint_url']!r} is no URL")
        if unknown or state not in STATES:
            raise ValueError(f"objects {unknown} are unknown, or state {state!r} is not one of {STATES}")
        number = self._org.store.next_number("sim:0YL")
        key = str(spec.get("access_key", "test"))
        relay = Relay(
            make_id("7k2", number), make_id("0YL", number), spec.get("endpoint_url"),
            str(spec.get("region", "us-east-1")), key, str(spec.get("secret_key", key)), str(spec["bus"]), objects,
            state,
        )  # fmt: skip
        self.relays[relay.id] = relay
        self._keep(relay)
        return relay

    def remove(self, relay_id: str) -> None:
        self.set_state(relay_id, "STOP")
        self._org.store.delete("sim:relay", relay_id)
        self.relays.pop(relay_id, None)

    def set_state(self, relay_id: str, state: str) -> Relay:
        """Raises ValueError for an unknown state, KeyError for an unknown relay."""
        if state not in STATES:
            raise ValueError(f"state: {state!r} is not one of {STATES}")
        relay = self.relays[relay_id]
        relay.state = state
        if state == "STOP":
            for one in [one for one in self.waiting.values() if one.relay == relay_id]:
                self._forget(one)
        self._keep(relay)
        self._wake.set()
        return relay

    def shown(self) -> list[dict[str, Any]]:
        found = []
        for relay in self.relays.values():
            public = {name: value for name, value in asdict(relay).items() if name != "secret_key"}
            waiting = sum(one.relay == relay.id for one in self.waiting.values())
            found.append(public | {"source": self.source(relay), "waiting": waiting})
        return found

    def _keep(self, relay: Relay) -> None:
        self._org.store.put("sim:relay", relay.id, asdict(relay))
        relay_status.publish(self._org, relay, self.source(relay))

    def _forget(self, one: Waiting) -> None:
        self._org.store.delete("sim:relay_event", one.id)
        self.waiting.pop(one.id, None)

    def _changed(self, tx: Transaction, changes: list[Change]) -> None:
        listening = [relay for relay in self.relays.values() if relay.state != "STOP"]
        wanted = frozenset(name for relay in listening for name in relay.objects)
        events = change_events.captured(self._org, tx, changes, wanted) if wanted else []
        for event in events:
            for relay in listening:
                if event["entity"] in relay.objects:
                    self._enqueue(tx, relay, event)

    def _enqueue(self, tx: Transaction, relay: Relay, event: Event) -> None:
        number = self._org.next_number("relay_event")
        one = Waiting(f"{number:012d}", relay.id, time.time(), event)
        self._org.store.put("sim:relay_event", one.id, asdict(one) | {"event": dumps(event)})

        def enqueue() -> None:
            self.waiting[one.id] = one
            self._wake.set()

        tx.after_commit.append(enqueue)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._wake.clear()
            trouble = False
            for relay in list(self.relays.values()):
                self._expire(relay)
                if relay.state == "RUN":
                    trouble = not await self._drain(relay) or trouble
            now = time.time()
            held = [one.not_before - now for one in self.waiting.values() if one.not_before > now]
            wait = _RETRY_S if trouble else max(0.005, min(held)) if held else 60.0
            try:
                await asyncio.wait_for(self._wake.wait(), min(wait, 60.0))
            except TimeoutError:
                pass

    def _expire(self, relay: Relay) -> None:
        """Events older than the retention are gone, however long the pause."""
        oldest = time.time() - self._org.settings.event_retention_s
        for one in [one for one in self.waiting.values() if one.relay == relay.id and one.made_at < oldest]:
            self._forget(one)

    async def _drain(self, relay: Relay) -> bool:
        """Sends all that is due; False when the bus would not take it."""
        while relay.state == "RUN":
            now = time.time()
            due = [one for one in self.waiting.values() if one.relay == relay.id and one.not_before <= now][:_MOST]
            if not due:
                return True
            entries = [entry for one in due for entry in self._faulted(relay, one)]
            for start in range(0, len(entries), _MOST):
                taken = await asyncio.to_thread(self._put, relay, entries[start : start + _MOST])
                if not taken and relay.id in self.relays:
                    relay_status.publish(self._org, relay, self.source(relay))
                    return False
            if relay.id not in self.relays:
                return True  # removed, or the org was reset, while the bus was answering
            relay.last_error = ""
            relay_status.publish(self._org, relay, self.source(relay), relayed=bool(entries))
            with self._org.store.transaction():
                for one in due:
                    if one.not_before <= now:
                        self._forget(one)
        return True

    def _faulted(self, relay: Relay, one: Waiting) -> list[dict[str, Any]]:
        """An entry for each time the event is sent now: once, unless a fault says otherwise."""
        header = one.event["detail"]["payload"]["ChangeEventHeader"]
        fault = self._plan.take("EVENT", f"/{one.event['entity']}/{header['changeType']}", FAULTS)
        params = fault.params if fault else {}
        match _ANY_DELIVERY.get(fault.action, fault.action) if fault else "":
            case "event_drop":
                return []
            case "event_reorder":
                one.not_before = time.time() + float(params.get("seconds", 1.0))
                return []
            case "event_duplicate":
                return [self._entry(relay, one.event)] * (1 + int(params.get("copies", 1)))
            case "event_gap":
                return [self._entry(relay, change_events.gap(one.event, params.get("type")))]
            case "event_extra_ids":
                return [self._entry(relay, change_events.with_ids(one.event, list(params.get("ids", ()))))]
            case "event_wrong_org":
                return [self._entry(relay, one.event, str(params.get("org_id", "00D000000000001EAA")))]
        return [self._entry(relay, one.event)]

    def _entry(self, relay: Relay, event: Event, org_id: str | None = None) -> dict[str, Any]:
        return {
            "Source": self.source(relay, org_id),
            "DetailType": change_events.detail_type(event["entity"]),
            "Detail": dumps(event["detail"]),
            "EventBusName": relay.bus,
            "Time": datetime.fromisoformat(event["commit_at"].replace("Z", "+00:00")),
            "Resources": [],
        }

    def _put(self, relay: Relay, entries: list[dict[str, Any]]) -> bool:
        client = self._clients.get(relay.id) or self._connect(relay)
        try:
            answer = client.put_events(Entries=entries)
        except (ClientError, BotoCoreError) as exc:
            relay.last_error = f"{type(exc).__name__}: {exc}"
            return False
        if answer.get("FailedEntryCount"):
            relay.last_error = str([one for one in answer["Entries"] if one.get("ErrorCode")])
            return False
        relay.sent += len(entries)
        return True

    def _connect(self, relay: Relay) -> Any:
        made = boto3.client(
            "events", endpoint_url=relay.endpoint_url, region_name=relay.region, aws_access_key_id=relay.access_key,
            aws_secret_access_key=relay.secret_key,
            config=Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2}),
        )  # fmt: skip
        self._clients[relay.id] = made
        return made
