"""NetSuite's error body. Source: notes, section 9 (shape, codes; content type and `type` URL are not confirmed)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from starlette.responses import Response

ERROR_TYPE = "application/vnd.oracle.resource+json; type=error; charset=UTF-8"
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    500: "Internal Server Error",
}


@dataclass(frozen=True)
class Detail:
    """`where` is one of the o:error... pointers with its value: {"o:errorPath": "item.items[0].item"}."""

    text: str
    code: str
    where: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, str]:
        return {"detail": self.text, "o:errorCode": self.code, **self.where}


class NetSuiteError(Exception):
    """A refused call: HTTP status and one or more details."""

    def __init__(self, status: int, *details: Detail, title: str | None = None, headers: dict[str, str] | None = None):
        super().__init__("; ".join(detail.text for detail in details))
        self.status, self.details, self.title, self.headers = status, details, title, headers or {}


def invalid_content(text: str, path: str) -> NetSuiteError:
    return NetSuiteError(400, Detail(text, "INVALID_CONTENT", {"o:errorPath": path}))


def user_error(text: str) -> NetSuiteError:
    """What NetSuite's own business rules say: only a sentence, no code to decide by and no path."""
    return NetSuiteError(400, Detail(f"Error while accessing a resource. {text}", "USER_ERROR"))


def no_such_record(
    text: str = "The record instance does not exist. Provide a valid record instance ID.",
) -> NetSuiteError:
    return NetSuiteError(404, Detail(text, "NONEXISTENT_ID"))


def type_url(status: int) -> str:
    section = f"15.6.{status - 499}" if status >= 500 else f"15.5.{status - 399}"
    return f"https://www.rfc-editor.org/rfc/rfc9110.html#section-{section}"


def error_body(status: int, details: tuple[Detail, ...], title: str | None = None) -> dict[str, object]:
    return {
        "type": type_url(status),
        "title": title or _TITLES.get(status, "Bad Request"),
        "status": status,
        "o:errorDetails": [detail.as_json() for detail in details],
    }


def error_response(error: NetSuiteError) -> Response:
    body = json.dumps(error_body(error.status, error.details, error.title))
    headers = {"Content-Type": ERROR_TYPE, **error.headers}
    if error.status == 401 and "WWW-Authenticate" not in headers:
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return Response(body, error.status, headers)


def busy_body() -> dict[str, object]:
    """The documented 429 body, misleading title and top-level code included."""
    details = Detail(
        "Concurrent request limit exceeded. Request blocked.",
        "CONCURRENCY_LIMIT_EXCEEDED",
    )
    return {
        "type": "https://www.rfc-editor.org/rfc/rfc6585.html#section-4",
        "title": "Bad Request",
        "status": 429,
        "o:errorCode": "USER_ERROR",
        "o:errorDetails": [details.as_json()],
    }
