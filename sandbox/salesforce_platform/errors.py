"""How Salesforce says no: an HTTP status and a JSON array of {"message", "errorCode", "fields"?}."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """One refusal. `extra` holds members that only some codes carry (`duplicateResult`)."""

    def __init__(self, status: int, code: str, message: str, fields: Sequence[str] | None = None, **extra: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.fields = list(fields) if fields is not None else None
        self.extra = extra

    def body(self) -> list[dict[str, Any]]:
        """The body of a plain REST answer."""
        one: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        if self.fields is not None:
            one["fields"] = self.fields
        return [one | self.extra]

    def in_collection(self) -> dict[str, Any]:
        """The same refusal as a collection, tree or DML result tells it: `statusCode`, not `errorCode`."""
        return {"statusCode": self.code, "message": self.message, "fields": self.fields or []}


def not_found(message: str = "The requested resource does not exist") -> ApiError:
    return ApiError(404, "NOT_FOUND", message)


def entity_deleted() -> ApiError:
    return ApiError(404, "ENTITY_IS_DELETED", "entity is deleted")


def no_such_column(name: str, entity: str) -> ApiError:
    return ApiError(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {entity}")
