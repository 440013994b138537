"""The control API of an org, beside the kit's (sandbox/kit/control.py).

GET/POST /_sim/settings       see settings.py; POST takes any of its names
GET/POST /_sim/schema         objects and fields; POST takes the shape of schema.json and adds to it, durably
POST /_sim/locks              {"id", "seconds"}: somebody else holds this row; 0 lets go
POST /_sim/touch              {"object", "id"}: a system change, which moves SystemModstamp only
GET/POST /_sim/outbound-messages   rules and what became of them; POST {"url", "object", "when": {"field", "equals"} or a
                              list, "fields": [...], "name"?, "skip_users"?: [usernames], "send_session_id"?,
                              "first_retry_s"?, "longest_retry_s"?, "give_up_s"?, "timeout_s"?, "verify_tls"?}
POST /_sim/outbound-messages/<id>  {"url"}: what waits goes there too;  DELETE removes the rule
POST /_sim/outbound-messages/retry-now
GET/POST /_sim/event-relay    relays; POST {"endpoint_url", "region", "access_key", "secret_key"?, "bus", "objects"?,
                              "state"?: "RUN"} answers id and source
POST /_sim/event-relay/<id>   {"state": "RUN" | "PAUSE" | "STOP"};  DELETE removes the relay
Kinds of /_sim/state worth a look: the objects, sim:notification, sim:dead_notification, sim:relay_event.

Faults of deliveries are planted like the others: path is `/<Object>/<rule name>` with method OUTBOUND for
outbound_duplicate ("copies"), outbound_reorder ("seconds": hold the batch; without: turn it round), outbound_wrong_org
("org_id"), outbound_lose_ack, outbound_drop; and `/<Object>/<CREATE|UPDATE|DELETE>` with method EVENT for
event_duplicate ("copies"), event_reorder ("seconds"), event_gap ("type"), event_extra_ids ("ids"), event_wrong_org
("org_id"), event_drop.
Faults beside the kit's: {"action": "error", "code", "message"?, "http_status"?, "fields"?}: that refusal, nothing done;
throttle takes "kind": "concurrent" or "daily".
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.kit.control import Control
from sandbox.kit.faults import FaultPlan, Limits, Traffic
from sandbox.salesforce_platform.control_deliveries import DeliveryControl
from sandbox.salesforce_platform.ids import to18
from sandbox.salesforce_platform.org import Actor, Org
from sandbox.salesforce_platform.outbound import Outbound
from sandbox.salesforce_platform.relay import Relays


class OrgControl(Control):
    """`restart` reloads memory from the emptied store and seeds it."""

    def __init__(
        self,
        system: str,
        org: Org,
        outbound: Outbound,
        relays: Relays,
        faults: tuple[FaultPlan, Limits, Traffic],
        restart: Callable[[], None],
    ) -> None:
        super().__init__(system, org.store, *faults)
        self.org, self._outbound, self._relays, self._restart = org, outbound, relays, restart

    def routes(self) -> list[Route]:
        return [
            *super().routes(),
            Route("/_sim/settings", self.settings, methods=["GET", "POST"]),
            Route("/_sim/schema", self.schema, methods=["GET", "POST"]),
            Route("/_sim/locks", self.locks, methods=["POST"]),
            Route("/_sim/touch", self.touch, methods=["POST"]),
            *DeliveryControl(self._outbound, self._relays).routes(),
        ]

    async def reset(self, request: Request) -> Response:
        answer = await super().reset(request)
        self._restart()
        return answer

    async def settings(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                self.org.settings.change(await request.json())
            except ValueError as exc:
                return JSONResponse({"error": str(exc)}, 400)
            self.org.settings.save(self.org.store)
        return JSONResponse(asdict(self.org.settings))

    async def schema(self, request: Request) -> Response:
        if request.method == "POST":
            wanted = await request.json()
            try:
                self.org.schema.extend(wanted)
            except (ValueError, KeyError, TypeError, AttributeError) as exc:
                return JSONResponse({"error": str(exc)}, 400)
            self.org.schema_grew()
            self.org.store.put("sim:schema", f"{self.org.store.next_number('sim:schema'):06d}", {"added": wanted})
        names = {name: sorted(one.fields) for name, one in self.org.schema.objects.items()}
        return JSONResponse({"objects": names})

    async def locks(self, request: Request) -> Response:
        body = await request.json()
        record_id = to18(body["id"])
        if record_id is None:
            return JSONResponse({"error": f"id: {body['id']!r} is no record id"}, 400)
        self.org.locks[record_id] = time.monotonic() + float(body.get("seconds", 1))
        return JSONResponse({})

    async def touch(self, request: Request) -> Response:
        body = await request.json()
        row = self.org.get(body["object"], to18(body["id"]) or "")
        if row is None:
            return JSONResponse({"error": "no such record"}, 404)
        with self.org.transaction(first_administrator(self.org)) as tx:
            self.org.write(body["object"], row | {"SystemModstamp": tx.now})
        return JSONResponse({})


def first_administrator(org: Org) -> Actor:
    """The first administrator, for what no caller does."""
    users: list[Any] = list(org.tables["User"].rows)
    return Actor(users[1])
