"""Business Central's error body. Source: notes, A7, and the documentation's page of error codes."""

from __future__ import annotations

import uuid

from starlette.responses import JSONResponse, Response

from sandbox.business_central.messages import text_of


class Refused(Exception):
    """A refused call: HTTP status, the vendor's code, and which message with what in it (messages.py)."""

    def __init__(self, status: int, code: str, message: str, /, **facts: object) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.facts = status, code, message, facts

    def body(self, language: str) -> dict[str, object]:
        text = f"{text_of(self.message, language, self.facts)}  CorrelationId:  {uuid.uuid4()}."
        return {"error": {"code": self.code, "message": text}}

    def response(self, language: str) -> Response:
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else None
        return JSONResponse(self.body(language), self.status, headers)


def bad_request(message: str, /, code: str = "BadRequest", **facts: object) -> Refused:
    return Refused(400, code, message, **facts)


def rule(message: str, /, **facts: object) -> Refused:
    """What the application's own rules say: only the text tells which."""
    return Refused(400, "Application_DialogException", message, **facts)


def no_relation(field: str, table: str, value: object, related: str) -> Refused:
    facts = {"field": field, "table": table, "value": value, "related": related}
    return Refused(400, "Internal_InvalidTableRelation", "no_relation", **facts)


def not_found(message: str = "record_not_found", /, **facts: object) -> Refused:
    return Refused(404, "BadRequest_ResourceNotFound" if message == "segment_unknown" else "Internal_RecordNotFound",
                   message, **facts)  # fmt: skip
