"""One REST call and its answer, the same whether it came over HTTP or inside a composite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.org import Actor


@dataclass(frozen=True)
class Call:
    """`path`: decoded segments after `/services/data/v66.0/`. `body`: parsed JSON or None. Header names in lower case."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    actor: Actor

    @property
    def base(self) -> str:
        return f"/services/data/v{self.actor.version}"

    @property
    def release(self) -> int:
        return int(self.actor.version.split(".")[0])

    @property
    def allow_duplicates(self) -> bool:
        return "allowsave=true" in self.headers.get("sforce-duplicate-rule-header", "").replace(" ", "").lower()

    def document(self) -> dict[str, Any]:
        """The body as an object. Raises JSON_PARSER_ERROR."""
        if not isinstance(self.body, dict):
            raise ApiError(400, "JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has no "
                           "entity body or it is not an object.")  # fmt: skip
        return self.body


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_to(error: ApiError) -> Answer:
    return Answer(error.status, error.extra["urls"] if error.status == 300 else error.body())


def method_not_allowed(method: str, allowed: str) -> ApiError:
    return ApiError(405, "METHOD_NOT_ALLOWED", f"HTTP Method '{method}' not allowed. Allowed are {allowed}")
