"""Webhook subscriptions: made and renewed by a handshake, gone after three days. Source: notes, A5."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from sandbox.business_central.call import Answer, Call
from sandbox.business_central.clock import Clock, instant_text
from sandbox.business_central.errors import Refused, bad_request
from sandbox.business_central.paths import segments
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.settings import Settings
from sandbox.kit.store import Record, Store

KIND = "_subscriptions"
_TIMEOUT_S = 5.0
_OPEN = ("notificationUrl", "resource", "clientState")
_SHOWN = ("subscriptionId", "notificationUrl", "resource", "timestamp", "userId", "lastModifiedDateTime", "clientState",
          "expirationDateTime", "systemCreatedAt", "systemCreatedBy", "systemModifiedAt", "systemModifiedBy")  # fmt: skip


class Subscriptions:
    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store, self._clock, self._settings = store, clock, settings
        self._rows: dict[str, Record] | None = None

    def all(self) -> list[Record]:
        """Those that have not run out; the others are dropped."""
        if self._rows is None:
            self._rows = {row["subscriptionId"]: row for row in self._store.all(KIND)}
        now = instant_text(self._clock.now())
        for row in [row for row in self._rows.values() if row["expirationDateTime"] <= now]:
            self.remove(row["subscriptionId"])
        return list(self._rows.values())

    def forget(self) -> None:
        self._rows = None

    def remove(self, subscription_id: str) -> None:
        if self._rows is not None:
            self._rows.pop(subscription_id, None)
        self._store.delete(KIND, subscription_id)

    async def answer(self, call: Call) -> Answer:
        """Raises Refused."""
        key = segments(call.path)[0].key
        if key is None:
            if call.method == "GET":
                context = f"{call.root}/$metadata#subscriptions"
                return Answer(200, {"@odata.context": context, "value": [_shown(row) for row in self.all()]})
            if call.method == "POST":
                return await self._create(call)
            raise Refused(405, "BadRequest_MethodNotAllowed", "method", method=call.method, name="subscriptions")
        row = next((row for row in self.all() if row["subscriptionId"] == key), None)
        if row is None:
            raise Refused(404, "BadRequest_NotFound", "subscription_unknown", id=key)
        if call.method == "GET":
            return self._whole(call, 200, row)
        wanted = call.headers.get("if-match", "").strip()
        if not wanted:
            raise Refused(400, "BadRequest_InvalidToken", "token_missing")
        if wanted not in ("*", _etag(row)):
            raise Refused(self._settings.stale_status, "Request_EntityChanged", "changed")
        if call.method == "DELETE":
            self.remove(key)
            return Answer(204)
        return await self._renew(call, row)

    async def _create(self, call: Call) -> Answer:
        values = _given(call.body)
        company, kind = self._resource(str(values.get("resource", "")))
        url = str(values.get("notificationUrl", ""))
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise bad_request("url_needed", code="Application_DialogException")
        rows = self.all()
        if len(rows) >= self._settings.most_subscriptions:
            most = self._settings.most_subscriptions
            raise bad_request("most_subscriptions", code="Application_DialogException", most=most)
        if any(row["notificationUrl"] == url and (row["company"], row["kind"]) == (company, kind) for row in rows):
            raise bad_request("subscription_exists", code="Internal_EntityWithSameKeyExists")
        await self._shake_hands(url)
        now, user = instant_text(self._clock.now()), str(uuid.UUID(int=1))
        row: Record = {
            "subscriptionId": uuid.uuid4().hex,
            "userId": user,
            "systemCreatedAt": now,
            "systemCreatedBy": user,
        }
        row |= (
            {"clientState": ""} | values | {"company": company, "kind": kind, "timestamp": 0, "systemModifiedBy": user}
        )
        return self._whole(call, 201, self._keep(row))

    async def _renew(self, call: Call, row: Record) -> Answer:
        values = _given(call.body)
        if "resource" in values and self._resource(str(values["resource"])) != (row["company"], row["kind"]):
            raise bad_request("read_only", code="BadRequest_InvalidOperation", name="resource")
        await self._shake_hands(str(values.get("notificationUrl", row["notificationUrl"])))
        return self._whole(call, 200, self._keep(row | values))

    def _keep(self, row: Record) -> Record:
        now = self._clock.now()
        life = timedelta(days=self._settings.subscription_days)
        kept = row | {"expirationDateTime": instant_text(now + life), "timestamp": row["timestamp"] + 1}
        kept |= {"lastModifiedDateTime": instant_text(now), "systemModifiedAt": instant_text(now)}
        self.all()
        assert self._rows is not None
        self._rows[kept["subscriptionId"]] = kept
        self._store.put(KIND, kept["subscriptionId"], kept)
        return kept

    def _resource(self, text: str) -> tuple[str, str]:
        """(company, set) of `/api/v2.0/companies(<id>)/salesInvoices`, absolute or not. Raises Refused."""
        path = urlsplit(text).path.strip("/").removeprefix("v2.0/").partition("api/v2.0/")[2] or text
        try:
            found = segments(path)
        except Refused as exc:
            raise bad_request("resource_unknown", code="Application_DialogException", name=text) from exc
        if len(found) == 2 and found[0].name == "companies" and found[1].key is None:
            entity, company = ENTITIES.get(found[1].name), found[0].key or ""
            if entity and entity.webhooks and self._store.get("companies", company):
                return company, entity.set_name
        raise bad_request("resource_unknown", code="Application_DialogException", name=text)

    async def _shake_hands(self, url: str) -> None:
        """Raises Refused when the address does not give back the token, exactly and alone."""
        token = secrets.token_hex(16)
        address = str(httpx.URL(url).copy_merge_params({"validationToken": token}))
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, verify=False) as client:
                answer = await client.request(self._settings.handshake_method, address)
        except httpx.HTTPError as exc:
            raise _no_handshake(type(exc).__name__) from exc
        if answer.status_code != 200:
            raise _no_handshake(f"HTTP {answer.status_code}")
        if answer.text != token:
            raise _no_handshake("the body is not the validation token")

    def _whole(self, call: Call, status: int, row: Record) -> Answer:
        context = f"{call.root}/$metadata#subscriptions/$entity"
        return Answer(status, {"@odata.context": context} | _shown(row))


def expires(row: Record) -> datetime:
    return datetime.fromisoformat(row["expirationDateTime"])


def _no_handshake(text: str) -> Refused:
    return bad_request("handshake", code="Application_DialogException", text=text)


def _etag(row: Record) -> str:
    return f'W/"Jz{row["subscriptionId"][:8]}{row["timestamp"]}"'


def _shown(row: Record) -> dict[str, Any]:
    return {"@odata.etag": _etag(row)} | {name: row[name] for name in _SHOWN}


def _given(body: object) -> dict[str, str]:
    """Raises Refused 400 for what a subscription does not take."""
    if not isinstance(body, dict):
        raise bad_request("unreadable", text="an object is due")
    values: dict[str, str] = {}
    for name, value in body.items():
        if name not in _SHOWN:
            raise bad_request("unknown_property", name=name, type="subscriptions")
        if name in _OPEN:
            values[name] = str(value or "")
    if len(values.get("clientState", "")) > 2048:
        facts = {"length": len(values["clientState"]), "most": 2048, "value": "..."}
        raise bad_request("too_long", code="Application_StringExceededLength", **facts)
    return values
