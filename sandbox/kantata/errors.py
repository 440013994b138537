"""Refusals in the vendor's two body forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """An answer other than success: HTTP status and `{"type","message","field"?}` entries."""

    def __init__(self, status: int, errors: Iterable[dict[str, str]]) -> None:
        self.status, self.errors = status, list(errors)
        super().__init__(f"{status} {self.errors}")

    def response(self, *, legacy: bool = False) -> Response:
        """`legacy`: the form of old endpoints, one text under `error_message`."""
        body: dict[str, Any] = {"errors": self.errors}
        if legacy:
            body = {"error_message": "; ".join(error["message"] for error in self.errors)}
        return JSONResponse(body, self.status)


def invalid(field: str, message: str) -> ApiError:
    return ApiError(422, [{"type": "validation", "message": message, "field": field}])


def bad_request(message: str) -> ApiError:
    return ApiError(400, [{"type": "system", "message": message}])


def forbidden(message: str = "You do not have permission to perform this action") -> ApiError:
    return ApiError(403, [{"type": "system", "message": message}])


def not_found() -> ApiError:
    return ApiError(404, [{"type": "system", "message": "not found"}])


def unauthorized() -> ApiError:
    return ApiError(401, [{"type": "oauth", "message": "Invalid OAuth 2 Request"}])


def too_many() -> ApiError:
    return ApiError(429, [{"type": "system", "message": "Rate limit exceeded"}])
