"""The routes of what moves money or the books: write-offs, credits, accounting periods, projects.

Each asks what the command line asks, less the name: who acts is the token's subject.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import ConfigDict, Field

from functions.operations import accounting_period, acting, close_project, request_credit, reverse_write_off, write_off
from functions.operations.acting import Said

router = Router()  # type: ignore[no-untyped-call]
AnId = Annotated[str, Path(min_length=1, max_length=200)]


class WrittenOff(write_off.WriteOffAsked):
    model_config = ConfigDict(extra="forbid")


class Credited(request_credit.CreditAsked):
    model_config = ConfigDict(extra="forbid")


class Reversed(Said):
    reason: str = Field(min_length=1)


class PeriodSet(Said):
    """month: "2026-10"."""

    action: Literal["close", "open"]
    legal_entity_id: str = Field(min_length=1)
    month: str = Field(pattern=r"^\d{4}-\d{2}$")


@router.post("/operate/write-offs", summary="Open work is given up; over the threshold it waits for another person")
def post_write_off(said: Annotated[WrittenOff, Body()]) -> dict[str, Any]:
    return write_off.handler.step(write_off.WriteOffWork(**dict(said), by=actor()), acting.ports())


@router.post("/operate/write-offs/<write_off_id>/reverse", summary="What was given up is open work again")
def post_reversal(write_off_id: AnId, said: Annotated[Reversed, Body()]) -> dict[str, Any]:
    command = reverse_write_off.ReverseWriteOff(write_off_id=write_off_id, by=actor(), reason=said.reason)
    return reverse_write_off.handler.step(command, acting.ports())


@router.post("/operate/credits", summary="A posted invoice is credited, whole or in part")
def post_credit(said: Annotated[Credited, Body()]) -> dict[str, Any]:
    command = request_credit.RequestCredit(**dict(said), submitter=actor())
    return request_credit.handler.step(command, acting.ports())


@router.post("/operate/periods", summary="A month of a legal entity's books is closed, or opened again")
def post_period(said: Annotated[PeriodSet, Body()]) -> dict[str, Any]:
    command = accounting_period.AccountingPeriod(**dict(said), by=actor())
    return accounting_period.handler.step(command, acting.ports())


@router.post("/operate/projects/<project_id>/close", summary="Delivery of a project is done")
def post_close(project_id: AnId, said: Annotated[Said, Body()]) -> dict[str, str]:
    return close_project.handler.step(close_project.CloseProject(project_id=project_id, by=actor()), acting.ports())


def actor() -> str:
    return acting.actor(router.current_event)  # type: ignore[arg-type]
