"""Outbound messages: a workflow rule, its notifications, and the worker that repeats them until they are acknowledged.

A notification is durable with the change that set it off, and keeps its id however often it is sent; what it says is
read when it is sent. Never in the way of the API call. Source: vendors/salesforce.md, section 6.3.
"""

from __future__ import annotations

import asyncio
import functools
import time
from dataclasses import asdict, replace
from typing import Any

import httpx

from sandbox.kit.faults import Fault, FaultPlan
from sandbox.salesforce_platform import soap
from sandbox.salesforce_platform.ids import make_id
from sandbox.salesforce_platform.org import Change, Org, Transaction
from sandbox.salesforce_platform.outbound_rules import Notification, Rule, Tally, rule_of
from sandbox.salesforce_platform.sessions import Sessions

_ANY_DELIVERY = {"duplicate": "outbound_duplicate", "reorder": "outbound_reorder"}
FAULTS = frozenset(
    {*_ANY_DELIVERY, "outbound_duplicate", "outbound_reorder", "outbound_wrong_org", "outbound_lose_ack"}
) | {"outbound_drop"}
MOST = 100


class Outbound:
    def __init__(self, org: Org, sessions: Sessions, plan: FaultPlan, org_id: str, base_url: str) -> None:
        self._org, self._sessions, self._plan = org, sessions, plan
        self._org_id, self._base_url = org_id, base_url
        self._wake = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._clients: dict[bool, httpx.AsyncClient] = {}
        org.listeners.append(self._changed)
        self.load()

    def load(self) -> None:
        store = self._org.store
        self.rules = {one["id"]: rule_of(one) for one in store.all("sim:outbound")}
        self.pending = {one["id"]: Notification(**one) for one in store.all("sim:notification")}
        self.tallies = {each: Tally() for each in self.rules}

    def add(self, spec: dict[str, Any]) -> Rule:
        """Raises ValueError, naming what is wrong."""
        sobject = self._org.schema.find(str(spec.get("object", "")))
        if sobject is None or not str(spec.get("url", "")).startswith("http"):
            raise ValueError("url and a known object are needed")
        when = spec.get("when") or []
        pairs = [(one["field"], one["equals"]) for one in (when if isinstance(when, list) else [when])]
        unknown = [n for n in [*spec.get("fields", []), *(p[0] for p in pairs)] if n not in sobject.fields]
        if unknown:
            raise ValueError(f"no such fields on {sobject.name}: {unknown}")
        made = dict(spec) | {"id": "", "object": sobject.name, "when": pairs}
        made.setdefault("fields", [])
        made["id"] = _unused(self._org, "04k")
        try:
            rule = rule_of(made)
        except TypeError as exc:
            raise ValueError(str(exc)) from exc
        self._org.store.put("sim:outbound", rule.id, asdict(rule))
        self.rules[rule.id], self.tallies[rule.id] = rule, Tally()
        return rule

    def redirect(self, rule_id: str, url: str) -> None:
        """What waits goes to the new address too. Raises KeyError for an unknown rule."""
        rule = self.rules[rule_id] = replace(self.rules[rule_id], url=url)
        self._org.store.put("sim:outbound", rule.id, asdict(rule))

    def remove(self, rule_id: str) -> None:
        self._org.store.delete("sim:outbound", rule_id)
        self.rules.pop(rule_id, None)
        for one in [one for one in self.pending.values() if one.rule == rule_id]:
            self._settle(one)

    def retry_now(self) -> None:
        for one in self.pending.values():
            one.due_at = 0.0
        self._wake.set()

    def shown(self) -> list[dict[str, Any]]:
        found = []
        for rule in self.rules.values():
            tally = self.tallies[rule.id]
            counts = {"delivered": tally.delivered, "attempts": tally.attempts, "refused": tally.refused}
            waiting = sum(one.rule == rule.id for one in self.pending.values())
            found.append(asdict(rule) | counts | {"pending": waiting, "last_error": tally.last_error})
        return found

    def _changed(self, tx: Transaction, changes: list[Change]) -> None:
        for change in changes:
            for rule in self.rules.values():
                if rule.object != change.sobject.name or rule.met(change.before) or not rule.met(change.after):
                    continue
                if self._username(tx.actor.user_id) not in rule.skip_users:
                    self._notify(tx, rule, change.record_id)

    def _notify(self, tx: Transaction, rule: Rule, record_id: str) -> None:
        now = time.time()
        one = Notification(self._org.new_id("04l"), rule.id, record_id, now, now)
        self._org.store.put("sim:notification", one.id, asdict(one))

        def enqueue() -> None:
            self.pending[one.id] = one
            self._wake.set()

        tx.after_commit.append(enqueue)

    def _username(self, user_id: str) -> str:
        return str((self._org.get("User", user_id) or {}).get("Username", ""))

    async def run(self) -> None:
        """Until cancelled. A rule whose endpoint hangs holds up no other rule."""
        while True:
            self._wake.clear()
            now = time.time()
            for rule in list(self.rules.values()):
                due = [one for one in self.pending.values() if one.rule == rule.id and one.due_at <= now][:MOST]
                if due and rule.id not in self._busy:
                    task = asyncio.create_task(self._deliver(rule, due))
                    self._busy[rule.id] = task
                    task.add_done_callback(functools.partial(self._free, rule.id))
            later = [one.due_at for one in self.pending.values() if one.rule not in self._busy]
            wait = min(max(0.005, min(later) - now), 60.0) if later else 60.0
            try:
                await asyncio.wait_for(self._wake.wait(), wait)
            except TimeoutError:
                pass

    def _free(self, rule_id: str, _: asyncio.Task[None]) -> None:
        self._busy.pop(rule_id, None)
        self._wake.set()

    async def _deliver(self, rule: Rule, batch: list[Notification]) -> None:
        fault = self._plan.take("OUTBOUND", f"/{rule.object}/{rule.name}", FAULTS)
        action = _ANY_DELIVERY.get(fault.action, fault.action) if fault else ""
        if action == "outbound_drop":
            for one in batch:
                self._bury(one)
            return
        if action == "outbound_reorder" and fault is not None and "seconds" in fault.params:
            held = time.time() + float(fault.params["seconds"])
            for one in batch:
                one.due_at = held
            return
        if action == "outbound_reorder":
            batch = batch[::-1]
        good = await self._send(rule, batch, fault)
        copies = int(fault.params.get("copies", 1)) if fault and action == "outbound_duplicate" else 0
        for _ in range(copies):
            await self._send(rule, batch, None)
        for one in batch:
            if good and action != "outbound_lose_ack":
                self._tally(rule).delivered += 1
                self._settle(one)
            else:
                self._postpone(rule, one)

    async def _send(self, rule: Rule, batch: list[Notification], fault: Fault | None) -> bool:
        """Whether the whole batch was acknowledged."""
        text = self._text(rule, batch, fault)
        if text is None:
            return True  # all its records are gone: nothing left to say
        tally = self._tally(rule)
        tally.attempts += 1
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        try:
            client = self._client(rule.verify_tls)
            answer = await client.post(rule.url, content=text.encode(), headers=headers, timeout=rule.timeout_s)
        except (httpx.HTTPError, OSError) as exc:
            tally.refused, tally.last_error = tally.refused + 1, f"{type(exc).__name__}: {exc}"
            return False
        good = answer.status_code == 200 and soap.acknowledged(answer.content)
        if not good:
            tally.refused, tally.last_error = tally.refused + 1, f"HTTP {answer.status_code}, no Ack true"
        return good

    def _client(self, verify: bool) -> httpx.AsyncClient:
        """Kept: making one reads all authorities, which holds up every call for tens of milliseconds."""
        if verify not in self._clients:
            once = httpx.Limits(max_keepalive_connections=0)
            self._clients[verify] = httpx.AsyncClient(verify=verify, limits=once, trust_env=False, timeout=60)
        return self._clients[verify]

    def _tally(self, rule: Rule) -> Tally:
        """Of a rule that may have gone, by a reset, while its message was on the way."""
        return self.tallies.get(rule.id) or Tally()

    def _text(self, rule: Rule, batch: list[Notification], fault: Fault | None) -> str | None:
        sobject = self._org.schema.objects[rule.object]
        columns = [sobject.fields[name] for name in rule.fields if name != "Id"]
        rows = [(one.id, self._org.get(rule.object, one.record_id)) for one in batch]
        worked_out = [one for one in columns if one.formula]
        whole = [(each, row | {one.name: self._org.value(sobject, one, row) for one in worked_out}) for each, row in
                 rows if row is not None]  # fmt: skip
        said = [(each, soap.sobject_element(sobject, columns, row)) for each, row in whole]
        if not said:
            return None
        wrong = fault is not None and fault.action == "outbound_wrong_org"
        org_id = str(fault.params.get("org_id", "00D000000000001EAA")) if fault and wrong else self._org_id
        session = self._sessions.begin(next(iter(self._org.tables["User"].rows)), "") if rule.send_session_id else None
        return soap.envelope(org_id, rule.id, session.token if session else None, self._base_url, said)

    def _postpone(self, rule: Rule, one: Notification) -> None:
        one.attempts += 1
        one.due_at = time.time() + min(rule.longest_retry_s, rule.first_retry_s * 2 ** (one.attempts - 1))
        if one.due_at - one.made_at > rule.give_up_s:
            self._bury(one)
        elif one.id in self.pending:
            self._org.store.put("sim:notification", one.id, asdict(one))

    def _bury(self, one: Notification) -> None:
        """Given up: kept where people can look at it."""
        self._org.store.put("sim:dead_notification", one.id, asdict(one))
        self._settle(one)

    def _settle(self, one: Notification) -> None:
        self._org.store.delete("sim:notification", one.id)
        self.pending.pop(one.id, None)


def _unused(org: Org, prefix: str) -> str:
    """An id outside any change of records; the counter is saved with it."""
    return make_id(prefix, org.store.next_number(f"sim:{prefix}"))
