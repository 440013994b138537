"""The control API of the Salesforce simulator, beside the platform's (sandbox/salesforce_platform/control.py).

POST /_sim/stages             {"name", "probability", "closed", "won", "category"?}: one more opportunity stage
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.salesforce.stages import stage_row
from sandbox.salesforce_platform.control import OrgControl, first_administrator


class SalesforceControl(OrgControl):
    def routes(self) -> list[Route]:
        return [*super().routes(), Route("/_sim/stages", self.stages, methods=["POST"])]

    async def stages(self, request: Request) -> Response:
        body = await request.json()
        order = len(self.org.tables["OpportunityStage"].rows) + 1
        with self.org.transaction(first_administrator(self.org)) as tx:
            stage_row(
                self.org, tx.actor.user_id, body["name"], int(body.get("probability", 0)), bool(body.get("closed")),
                bool(body.get("won")), str(body.get("category", "Pipeline")), order,
            )  # fmt: skip
        return JSONResponse({}, 201)
