"""What every HTTP edge of the org shares: bodies, the instance a caller came to, the answer to a dead token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.jsontext import dumps


def json_answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(dumps(body), status, dict(headers or {}), "application/json;charset=UTF-8")


def refused(error: ApiError) -> Response:
    if error.status == 300:
        return json_answer(error.extra["urls"], 300)
    headers = {"WWW-Authenticate": "Token"} if error.status == 401 else {}
    return json_answer(error.body(), error.status, headers)


def unauthorized() -> Response:
    return refused(ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid"))


def instance_url(request: Request, base_url: str, my_domain: str) -> str:
    """Where the caller goes on: My Domain for one who came to a Salesforce host, else the address it came to."""
    host = request.headers.get("host", "")
    if host.split(":")[0].endswith(".salesforce.com"):
        return f"https://{my_domain}.my.salesforce.com"
    return base_url.replace("http://", "https://", 1) if request.url.scheme == "https" else base_url
