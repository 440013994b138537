"""The routes of acting. They go through the same operations as the command line does; who acts is the token's subject.

Nobody types a name here: a body that has a field of its own for it is refused.
"""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field

from functions.operations import (
    act_on_exception,
    acting,
    dead_letters,
    discard_dead_letter,
    edit_dead_letter,
    hold_billing,
    redrive,
    show_exception,
)
from functions.operations.acting import Said
from functions.operations.money_routes import router
from shared.domain.hold import HoldLevel
from shared.faults import BusinessException, Fault, Throttled, Transient

app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
AnId = Annotated[str, Path(min_length=1, max_length=200)]
app.include_router(router)


class Acted(Said):
    """given: as `billweave exceptions act` takes it beside: until, group, person, project_id, event_id, text, reason."""

    reason: str = ""
    given: dict[str, str] = Field(default_factory=dict)


class Redriven(Said):
    queue: str = Field(pattern=dead_letters.QUEUE)
    letter_id: str | None = None
    most: int = Field(default=500, ge=1, le=5000)
    dry_run: bool = False
    reason: str = "repaired"


class Discarded(Said):
    reason: str = Field(min_length=3)
    queue: str | None = Field(default=None, pattern=dead_letters.QUEUE)
    dry_run: bool = False


class Edited(Discarded):
    text: str = Field(min_length=2)


class Held(Said):
    level: HoldLevel
    subject_id: str = Field(min_length=1, max_length=200)
    held: bool
    reason: str = Field(min_length=1)


def actor() -> str:
    return acting.actor(app.current_event)


@app.get("/operate/exceptions/<exception_id>", summary="One exception whole, and what each action would do")
def get_exception(exception_id: AnId) -> dict[str, Any]:
    return show_exception.handler.step(show_exception.ShowException(exception_id=exception_id), acting.ports())


@app.post("/operate/exceptions/<exception_id>/<action>", summary="Somebody decides; the saga that waits goes on")
def post_action(exception_id: AnId, action: AnId, said: Annotated[Acted, Body()]) -> dict[str, str]:
    command = act_on_exception.ActOnException(
        exception_id=exception_id, action=action, by=actor(), reason=said.reason, given=said.given
    )
    return act_on_exception.handler.step(command, acting.ports())


@app.get("/operate/dead-letters", summary="What was given up, where, since when")
def get_letters(queue: Annotated[str | None, Query(pattern=dead_letters.QUEUE)] = None) -> dict[str, Any]:
    return dead_letters.handler.step(dead_letters.DeadLettersAsked(queue=queue, by=actor()), acting.ports())


@app.get("/operate/dead-letters/<letter_id>", summary="One letter whole, and what giving it back would do")
def get_letter(letter_id: AnId) -> dict[str, Any]:
    return dead_letters.handler.step(dead_letters.DeadLettersAsked(letter_id=letter_id, by=actor()), acting.ports())


@app.post("/operate/dead-letters", summary="Dead letters go back to their queue")
def post_redrive(said: Annotated[Redriven, Body()]) -> dict[str, Any]:
    return redrive.handler.step(redrive.Redrive(**said.model_dump(), by=actor()), acting.ports())


@app.post("/operate/dead-letters/<letter_id>/edit", summary="A letter is put right against its schema")
def post_edit(letter_id: AnId, said: Annotated[Edited, Body()]) -> dict[str, Any]:
    command = edit_dead_letter.EditDeadLetter(letter_id=letter_id, by=actor(), **said.model_dump())
    return edit_dead_letter.handler.step(command, acting.ports())


@app.post("/operate/dead-letters/<letter_id>/discard", summary="A letter is given up; its bytes are kept")
def post_discard(letter_id: AnId, said: Annotated[Discarded, Body()]) -> dict[str, Any]:
    command = discard_dead_letter.DiscardDeadLetter(letter_id=letter_id, by=actor(), **said.model_dump())
    return discard_dead_letter.handler.step(command, acting.ports())


@app.post("/operate/holds", summary="Nothing of it is invoiced until somebody lets go; or it is let go")
def post_hold(said: Annotated[Held, Body()]) -> dict[str, object]:
    return hold_billing.handler.step(hold_billing.HoldBilling(**said.model_dump(), by=actor()), acting.ports())


@app.exception_handler([BusinessException, Transient, Throttled])  # type: ignore[untyped-decorator]
def refused(fault: Fault) -> Response[str]:
    code, problem = acting.problem(fault)
    return Response(code, "application/problem+json", app._serializer(problem))
