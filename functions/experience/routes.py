"""The routes of the experience API: what may be asked is what is routed here."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import BaseModel

from events.contract_amended.v1 import AmendmentPaper
from functions.experience import (
    audit,
    decisions,
    eligibility,
    exceptions,
    invoices,
    issued,
    projects,
    rates,
    status,
    trace,
)
from functions.experience import invoice_status as statuses
from functions.experience import preview as previews
from functions.experience import what_if as changes
from functions.experience.answers import Eligibility, InvoiceStatusAnswer, Preview, Problem, RateAnswer, WhatIf
from shared.faults import BusinessException, Fault, Throttled, Transient
from shared.ports.ports import Ports
from shared.runtime.wiring import AwsPorts

app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
AnId = Annotated[str, Path(min_length=1, max_length=200)]
_UNKNOWN = ("invoice_unknown", "id_unknown", "line_unknown", "contract_unknown", "project_unknown")
_UNFIT = ("amendment_unfit",)
_PROBLEM = {"application/problem+json": {"model": Problem}}
_REFUSALS: dict[int, Any] = {
    404: {"description": "Nobody knows this id", "content": _PROBLEM},
    409: {"description": "The business says no; `title` is our code", "content": _PROBLEM},
    503: {"description": "Try again", "content": _PROBLEM},
}
_UNFIT_PAPER = {422: {"description": "The paper does not fit; `at` is the place in it", "content": _PROBLEM}}


def told(model: type[BaseModel], also: dict[int, Any] | None = None) -> dict[int, Any]:
    """What the document says a route answers."""
    return {
        200: {"description": "Told", "content": {"application/json": {"model": model}}},
        **_REFUSALS,
        **(also or {}),
    }


@cache
def ports() -> Ports:
    return AwsPorts.from_env()


@app.get("/status")
def get_status() -> dict[str, Any]:
    return status.status(ports())


@app.get("/invoices")
def get_invoices(
    legal_entity: Annotated[str | None, Query()] = None, status: Annotated[str | None, Query()] = None
) -> dict[str, Any]:
    return {"invoices": invoices.invoices(ports(), legal_entity=legal_entity, status=status)}


@app.get("/invoices/<any_id>")
def get_invoice(any_id: AnId) -> dict[str, Any]:
    return invoices.invoice(ports(), any_id)


@app.get("/invoices/<any_id>/explain")
def get_explanation(any_id: AnId, line: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    return invoices.explain(ports(), any_id, line)


@app.get("/invoices/<any_id>/issued")
def get_issued(any_id: AnId) -> dict[str, Any]:
    return issued.issued(ports(), any_id)


@app.get("/invoices/<any_id>/status", summary="Where one invoice stands", responses=told(InvoiceStatusAnswer))
def get_invoice_status(any_id: AnId) -> InvoiceStatusAnswer:
    return statuses.invoice_status(ports(), any_id)


@app.get(
    "/contracts/<any_id>/preview",
    summary="What a billing run would bill, and why not the rest",
    responses=told(Preview),
)
def get_preview(any_id: AnId, through: Annotated[date, Query()]) -> Preview:
    return Preview.model_validate(previews.preview(ports(), any_id, through))


@app.post(
    "/contracts/<contract_id>/what-if",
    summary="What an amendment would do; nothing is written",
    responses=told(WhatIf, _UNFIT_PAPER),
)
def post_what_if(contract_id: AnId, paper: Annotated[AmendmentPaper, Body()]) -> WhatIf:
    """The paper is read once more as it was written: a field that nobody knows is a fault here."""
    return changes.what_if(ports(), contract_id, app.current_event.json_body)


@app.get("/contracts/<any_id>/rate", summary="What an hour of such work costs", responses=told(RateAnswer))
def get_rate(
    any_id: AnId,
    worked_on: Annotated[date, Query()],
    role: Annotated[str | None, Query()] = None,
    person: Annotated[str | None, Query()] = None,
    task: Annotated[str | None, Query()] = None,
    known_at: Annotated[datetime | None, Query()] = None,
) -> RateAnswer:
    return rates.rate(ports(), any_id, worked_on=worked_on, role=role, person=person, task=task, known_at=known_at)


@app.get(
    "/eligibility/<any_id>",
    summary="Whether an item, entry or project is billable, and why not",
    responses=told(Eligibility),
)
def get_eligibility(any_id: AnId, through: Annotated[date | None, Query()] = None) -> Eligibility:
    return eligibility.eligibility(ports(), any_id, through)


@app.get("/exceptions")
def get_exceptions(status: Annotated[str | None, Query(pattern="^(open|resolved)$")] = None) -> dict[str, Any]:
    return {"exceptions": exceptions.exceptions(ports(), status=status)}


@app.get("/projects")
def get_projects(status: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    return {"projects": projects.projects(ports(), status=status)}


@app.get("/trace/<any_id>")
def get_trace(any_id: AnId) -> dict[str, Any]:
    return trace.trace(ports(), any_id)


@app.get("/audit")
def get_audit(legal_entity: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    return audit.audit(ports(), legal_entity=legal_entity)


@app.get("/write-offs")
def get_write_offs(legal_entity: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    return {"write_offs": decisions.write_offs(ports(), legal_entity=legal_entity)}


@app.get("/holds")
def get_holds() -> dict[str, Any]:
    return {"holds": decisions.holds(ports())}


@app.get("/audit-log")
def get_audit_log(legal_entity: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    return decisions.audit_log(ports(), legal_entity=legal_entity)


@app.exception_handler([BusinessException, Transient, Throttled])  # type: ignore[untyped-decorator]
def refused(fault: Fault) -> Response[str]:
    code = 404 if fault.code in _UNKNOWN else 422 if fault.code in _UNFIT else 409
    code = code if isinstance(fault, BusinessException) else 503
    problem = {**fault.facts, "title": fault.code, "status": code}
    return Response(code, "application/problem+json", app._serializer(problem))
