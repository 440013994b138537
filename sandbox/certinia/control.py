"""The control API of the Certinia simulator, beside the platform's (sandbox/salesforce_platform/control.py).

What people do with the package's buttons, for which there is no REST; `user` is the part of the user name before the @
(default "billing"), whose permission controls count:
POST /_sim/psa/generate      {"projects"?: [ids] (default: all), "through"?: date, "customer_reference"?, "release"?: bool}
                             answers {"events": [ids]}
POST /_sim/psa/recalculate   {"events": [ids]}
POST /_sim/psa/release       {"events": [ids]}
POST /_sim/psa/clear         {"events": [ids]}
A refusal is 400 {"error"}; then nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.certinia import generation
from sandbox.salesforce_platform.control import OrgControl
from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.ids import to18
from sandbox.salesforce_platform.org import Actor
from sandbox.salesforce_platform.records import Records

_Act = Callable[[dict[str, Any], Actor], list[str]]


class PsaControl(OrgControl):
    def routes(self) -> list[Route]:
        buttons = {"generate": self.generate, "recalculate": self.recalculate, "release": self.release,
                   "clear": self.clear}  # fmt: skip
        pressed = [Route(f"/_sim/psa/{name}", self._button(act), methods=["POST"]) for name, act in buttons.items()]
        return [*super().routes(), *pressed]

    def _button(self, act: _Act) -> Callable[[Request], Any]:
        async def press(request: Request) -> Response:
            body = await request.json()
            actor = self._person(str(body.get("user", "billing")))
            if actor is None:
                return JSONResponse({"error": "user: nobody of that name"}, 400)
            try:
                with self.org.transaction(actor):
                    return JSONResponse({"events": act(body, actor)})
            except ApiError as refusal:
                return JSONResponse({"error": str(refusal)}, 400)

        return press

    def _person(self, name: str) -> Actor | None:
        users = (user for user in self.org.live("User") if user["Username"].split("@")[0] == name)
        return next((Actor(user["Id"]) for user in users), None)

    def generate(self, body: dict[str, Any], actor: Actor) -> list[str]:
        projects = body.get("projects")
        if projects is None:
            projects = [row["Id"] for row in self.org.live("pse__Proj__c")]
        ids = [to18(each) or each for each in projects]
        events = generation.generate(self.org, ids, body.get("through"), body.get("customer_reference"))
        if body.get("release"):
            self.release({"events": events}, actor)
        return events

    def recalculate(self, body: dict[str, Any], actor: Actor) -> list[str]:
        for event in body["events"]:
            generation.recalculate(self.org, event)
        return list(body["events"])

    def clear(self, body: dict[str, Any], actor: Actor) -> list[str]:
        for event in body["events"]:
            generation.clear(self.org, event)
        return list(body["events"])

    def release(self, body: dict[str, Any], actor: Actor) -> list[str]:
        records, sobject = Records(self.org), self.org.schema.objects["pse__Billing_Event__c"]
        for event in body["events"]:
            records.update(actor, sobject, event, {"pse__Is_Released__c": True})
        return list(body["events"])
