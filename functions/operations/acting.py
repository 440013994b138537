"""What every route of acting shares: the ports, whom the token says, and bodies that name nobody."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from shared.faults import BusinessException, Fault
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

CLAIM = "sub"
"""Of the token: who acts, where the deployment names no other claim (`api.actor_claim`)."""

_UNKNOWN = (
    "contract_unknown",
    "exception_unknown",
    "invoice_unknown",
    "legal_entity_unknown",
    "letter_unknown",
    "line_unknown",
    "project_unknown",
    "queue_unknown",
    "write_off_unknown",
)
_FORBIDDEN = ("actor_unknown", "actor_not_owner", "approver_is_submitter", "approver_is_service")


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


@cache
def ports() -> AwsPorts:
    return AwsPorts.from_env()


def actor(event: APIGatewayProxyEventV2) -> str:
    """Raises BusinessException("actor_unknown") for a token that names nobody."""
    claim = str(ports().settings.own.get("actor_claim", CLAIM))
    claims = event.raw_event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {})
    who = str(claims.get(claim) or "").strip()
    if not who:
        raise BusinessException("actor_unknown", claim=claim)
    return who


def problem(fault: Fault) -> tuple[int, dict[str, object]]:
    """The status, and what is told (RFC 9457)."""
    code = 404 if fault.code in _UNKNOWN else 403 if fault.code in _FORBIDDEN else 409
    code = code if isinstance(fault, BusinessException) else 503
    return code, {**fault.facts, "title": fault.code, "status": code}
