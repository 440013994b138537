"""The routes of the experience API: what may be asked is what is routed here."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from functions.experience import audit, decisions, exceptions, invoices, issued, projects, status, trace
from shared.faults import BusinessException, Fault, Throttled, Transient
from shared.ports.ports import Ports
from shared.runtime.wiring import AwsPorts

app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
AnId = Annotated[str, Path(min_length=1, max_length=200)]
_UNKNOWN = ("invoice_unknown", "id_unknown", "line_unknown")


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
    code = 404 if fault.code in _UNKNOWN else 409 if isinstance(fault, BusinessException) else 503
    problem = {**fault.facts, "title": fault.code, "status": code}
    return Response(code, "application/problem+json", app._serializer(problem))
