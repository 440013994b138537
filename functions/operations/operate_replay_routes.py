"""The route of replays; who asks is the token's subject."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import ConfigDict, Field

from functions.operations import acting, replay
from shared.faults import BusinessException, Fault, Throttled, Transient

app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
AT_ONCE = 500
"""Events of one replay: the answer must come within half a minute."""


class Replayed(replay.ReplayAsked):
    model_config = ConfigDict(extra="forbid")

    most: int = Field(default=AT_ONCE, ge=1, le=AT_ONCE)


@app.post("/operate/replays", summary="Stored events go through their consumers again; dry unless applied")
def post_replay(said: Annotated[Replayed, Body()]) -> dict[str, Any]:
    command = replay.Replay(**dict(said), by=acting.actor(app.current_event))
    return replay.handler.step(command, acting.ports())


@app.exception_handler([BusinessException, Transient, Throttled])  # type: ignore[untyped-decorator]
def refused(fault: Fault) -> Response[str]:
    code, problem = acting.problem(fault)
    return Response(code, "application/problem+json", app._serializer(problem))
