"""One call as the service sees it, whether it came by itself or inside a batch, and its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from sandbox.business_central.errors import bad_request

TYPE = "application/json; odata.metadata=minimal; odata.streaming=true"


@dataclass
class Call:
    """`path`: under `api/v2.0/`. `root`: absolute address of `api/v2.0`. `headers`: names in lower case.

    `content`: bytes of the body, or what a batch already read.
    """

    method: str
    path: str
    root: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: Any = b""

    @property
    def body(self) -> Any:
        """Raises Refused 400 for what is no JSON."""
        if not isinstance(self.content, bytes):
            return self.content
        if not self.content:
            return {}
        try:
            return json.loads(self.content, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError) as exc:
            raise bad_request("unreadable", text="it is not JSON") from exc

    def prefers(self, name: str) -> str | None:
        """The value of one preference of the Prefer header; None when it is not there."""
        for part in self.headers.get("prefer", "").split(","):
            key, _, value = part.strip().partition("=")
            if key.lower() == name:
                return value.strip('"')
        return None


def _no_number(text: str) -> Decimal:
    raise ValueError(text)


@dataclass
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        headers = {"OData-Version": "4.0"} | self.headers
        if self.body is None:
            return Response(b"", self.status, headers)
        if isinstance(self.body, str):
            headers = {"Content-Type": "text/plain; charset=utf-8"} | headers
            return Response(self.body, self.status, headers)
        text = json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
        return Response(text.encode("utf-8", "surrogatepass"), self.status, headers, TYPE)
