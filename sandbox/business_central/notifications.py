"""Notifications: collected for a while after the first change, merged per record, sent by address, tried again.

What is to be sent is kept with the change itself, so nothing is forgotten by a restart. `held`, `copies` and `backwards`
are for tests: deliveries wait, come more than once, or with their elements in reverse.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx

from sandbox.business_central.book import Change
from sandbox.business_central.clock import Clock, instant_text
from sandbox.business_central.settings import Settings
from sandbox.business_central.subscriptions import Subscriptions
from sandbox.kit.store import Record, Store

KIND = "_notifications"
_TIMEOUT_S = 15.0
_TICK_S = 0.05


class Notifications:
    def __init__(self, store: Store, clock: Clock, settings: Settings, subscriptions: Subscriptions) -> None:
        self._store, self._clock, self._settings = store, clock, settings
        self._subscriptions = subscriptions
        self._pending: dict[str, Record] | None = None
        self.held, self.copies, self.backwards = False, 1, False
        self.sent: list[dict[str, Any]] = []

    def forget(self) -> None:
        self._pending = None
        self.held, self.copies, self.backwards = False, 1, False
        self.sent.clear()

    def note(self, changes: list[Change]) -> None:
        """Called inside the transaction of the changes."""
        rows = self._subscriptions.all()
        if not rows:
            return
        for change in changes:
            if _unmodified(change):
                continue
            record = change.after or change.before
            assert record is not None
            for row in rows:
                if (row["company"], row["kind"]) == (record["_company"], change.kind):
                    self._add(row["subscriptionId"], change, record)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            if self._waiting() and not self.held:
                await self.send_due()

    async def send_due(self, *, at_once: bool = False) -> int:
        """Sends what has waited long enough, or everything; answers how many requests it took."""
        now = self._clock.now()
        first: dict[str, str] = {}
        for row in self._waiting().values():
            first[row["subscription"]] = min(first.get(row["subscription"], row["send_at"]), row["send_at"])
        ready = {key for key, at in first.items() if at_once or datetime.fromisoformat(at) <= now}
        by_url: dict[str, list[Record]] = defaultdict(list)
        urls = {row["subscriptionId"]: row["notificationUrl"] for row in self._subscriptions.all()}
        for row in list(self._waiting().values()):
            if row["subscription"] not in urls:
                self._drop([row])
            elif row["subscription"] in ready:
                by_url[urls[row["subscription"]]].append(row)
        for url, rows in by_url.items():
            await self._deliver(url, rows)
        return len(by_url)

    def _waiting(self) -> dict[str, Record]:
        if self._pending is None:
            self._pending = {row["id"]: row for row in self._store.all(KIND)}
        return self._pending

    def _add(self, subscription: str, change: Change, record: Record) -> None:
        """One row per record: created and then deleted is nothing, created and changed is created."""
        key, waiting = f"{subscription}/{record['id']}", self._waiting()
        before = waiting.get(key)
        kind = "created" if change.before is None else "deleted" if change.after is None else "updated"
        if before is not None:
            if kind == "deleted" and before["change"] == "created":
                self._drop([before])
                return
            kind = before["change"] if kind == "updated" else kind
        now = self._clock.now()
        row = {
            "id": key,
            "subscription": subscription,
            "resource": f"api/v2.0/companies({record['_company']})/{change.kind}({record['id']})",
            "set": f"/api/v2.0/companies({record['_company']})/{change.kind}",
            "change": kind,
            "modified": record.get("lastModifiedDateTime") or instant_text(now),
            "since": before["since"] if before else instant_text(now),
            "send_at": before["send_at"]
            if before
            else instant_text(now + timedelta(seconds=self._settings.notification_delay_s)),
        }
        waiting[key] = row
        self._store.put(KIND, key, row)

    def _drop(self, rows: list[Record]) -> None:
        with self._store.transaction():
            for row in rows:
                if self._waiting().get(row["id"]) is row:
                    del self._waiting()[row["id"]]
                    self._store.delete(KIND, row["id"])

    async def _deliver(self, url: str, rows: list[Record]) -> None:
        elements = self._elements(rows)
        body = {"value": list(reversed(elements)) if self.backwards else elements}
        status = 0
        for _ in range(max(1, self.copies)):
            try:
                async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, verify=False) as client:
                    status = (await client.post(url, json=body)).status_code
            except httpx.HTTPError:
                status = 0
            self.sent.append({"url": url, "status": status, "body": body})
        del self.sent[:-200]
        if 200 <= status < 300:
            self._drop(rows)
        elif status in (0, 408, 429) or status >= 500:
            self._later(rows)
        else:
            for subscription in {row["subscription"] for row in rows}:
                self._subscriptions.remove(subscription)
            self._drop(rows)

    def _later(self, rows: list[Record]) -> None:
        """Tried again for a day and a half, then forgotten."""
        now = self._clock.now()
        give_up = instant_text(now - timedelta(seconds=self._settings.give_up_s))
        self._drop([row for row in rows if row["since"] < give_up])
        again = instant_text(now + timedelta(seconds=self._settings.retry_s))
        with self._store.transaction():
            for row in rows:
                if self._waiting().get(row["id"]) is row:
                    kept = row | {"send_at": again}
                    self._waiting()[row["id"]] = kept
                    self._store.put(KIND, row["id"], kept)

    def _elements(self, rows: list[Record]) -> list[dict[str, str]]:
        """One per record, or one for a whole set where too much changed."""
        known = {row["subscriptionId"]: row for row in self._subscriptions.all()}
        by_subscription: dict[str, list[Record]] = defaultdict(list)
        for row in rows:
            by_subscription[row["subscription"]].append(row)
        elements = []
        for key, own in by_subscription.items():
            if len(own) > self._settings.collection_over:
                since = min(row["since"] for row in own)
                resource = f"{own[0]['set']}?$filter={quote(f'lastDateTimeModified gt {since}', safe=':$')}"
                own = [own[-1] | {"resource": resource, "change": "collection"}]
            elements += [_element(known[key], row) for row in own]
        return elements


def _unmodified(change: Change) -> bool:
    """A figure beside the record moved, such as a balance: nobody changed the record itself."""
    if change.before is None or change.after is None:
        return False
    return bool(change.before.get("lastModifiedDateTime") == change.after.get("lastModifiedDateTime"))


def _element(subscription: Record, row: Record) -> dict[str, str]:
    return {
        "subscriptionId": subscription["subscriptionId"],
        "clientState": subscription["clientState"],
        "expirationDateTime": subscription["expirationDateTime"],
        "resource": row["resource"],
        "changeType": row["change"],
        "lastModifiedDateTime": row["modified"],
    }
