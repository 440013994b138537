"""An open route that a vendor calls: raw bytes in, a status out. Nothing about the body is believed here."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shared.faults import BusinessException, Duplicate, Fault, Poison, Throttled
from shared.runtime.batch import count
from shared.runtime.handler import Handler, Wired, work_name
from shared.runtime.log import Line, frames, invocation, line
from shared.runtime.needs import QueuePorts

P = TypeVar("P", bound=QueuePorts)


@dataclass(frozen=True, slots=True)
class EdgeRequest:
    """headers: names in lower case. body: the bytes as the vendor sent and signed them. path: may hold a secret."""

    method: str
    path: str = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    source_ip: str = ""


@dataclass(frozen=True, slots=True)
class EdgeAnswer:
    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    """Why it was refused, for the count; never sent."""


Answer = Callable[[EdgeRequest, P], EdgeAnswer]


def http_edge(*, wire: Callable[[], P], limit_bytes: int = 1_000_000) -> Callable[[Answer[P]], Handler[Answer[P]]]:
    """An HTTP API (payload 2.0) route. Over `limit_bytes`: 413, before the step sees anything.

    A fault answers by its kind (Poison 400, BusinessException 403, Throttled 429, Transient and a bug 503, Duplicate
    200) with no word about why; the step may answer any other status itself. Every answer over 399 is counted as
    "edge_refused" by status and code.
    """

    def decorate(step: Answer[P]) -> Handler[Answer[P]]:
        wired, work = Wired(wire), work_name(step)

        def run(event: Any, context: Any) -> dict[str, Any]:
            ports = wired()
            request_id = str(event.get("requestContext", {}).get("requestId", ""))
            with invocation(context), line(work, request_id) as out:
                answer = answered(event, step, ports, limit_bytes, out)
                out.facts |= {"status": answer.status, "refused": answer.code}
                if answer.status >= 400:
                    count(ports, "edge_refused", edge=work, status=str(answer.status), code=answer.code or "unnamed")
                return as_response(answer)

        return Handler(step, run)

    return decorate


def answered(event: Any, step: Answer[P], ports: P, limit_bytes: int, out: Line) -> EdgeAnswer:
    try:
        request = read_request(event)
        if len(request.body) > limit_bytes:
            return EdgeAnswer(413, code="body_too_large")
        return step(request, ports)
    except Fault as fault:
        out.fault(fault)
        return fault_answer(fault)
    except Exception as error:  # a bug: the vendor is asked to come again, and told nothing
        out.outcome, out.facts = type(error).__name__, {"frames": frames(error)}
        return EdgeAnswer(503, code="unexpected")


def fault_answer(fault: Fault) -> EdgeAnswer:
    if isinstance(fault, Throttled):
        return EdgeAnswer(429, headers={"Retry-After": str(fault.retry_after_s)}, code=fault.code)
    statuses: dict[type[Fault], int] = {Poison: 400, BusinessException: 403, Duplicate: 200}
    return EdgeAnswer(statuses.get(type(fault), 503), code=fault.code)


def read_request(event: Any) -> EdgeRequest:
    http = event["requestContext"]["http"]
    return EdgeRequest(
        method=http["method"],
        path=event.get("rawPath", ""),
        parameters=event.get("pathParameters") or {},
        query=event.get("queryStringParameters") or {},
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        body=body_bytes(event),
        source_ip=http.get("sourceIp", ""),
    )


def body_bytes(event: Any) -> bytes:
    """Exactly what was sent, so that a signature over it can be checked."""
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise Poison("body_unreadable") from None


def as_response(answer: EdgeAnswer) -> dict[str, Any]:
    headers = {"Content-Type": answer.content_type, "Cache-Control": "no-store", **answer.headers}
    return {"statusCode": answer.status, "headers": headers, "body": answer.body}
