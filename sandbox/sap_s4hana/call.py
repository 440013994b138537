"""One OData call as data, so that a batch can carry many; and its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from sandbox.sap_s4hana.errors import bad_payload
from sandbox.sap_s4hana.schema import Service


@dataclass
class Call:
    """`path`: below the service's root, decoded. `root`: the service's address as the caller reached it. Header names are
    in small letters."""

    method: str
    service: Service
    path: str
    root: str
    user: str
    query: dict[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def version(self) -> int:
        return self.service.version

    def wants_json(self) -> bool:
        """V4 always; V2 only if asked for."""
        asked = self.query.get("$format", "")
        if self.version == 4 or asked:
            return asked in ("", "json")
        return "json" in self.headers.get("accept", "")

    def json(self) -> dict[str, Any]:
        """The body as an object; fractions are Decimal. Raises SapError 400."""
        try:
            body = json.loads(self.body, parse_float=Decimal)
        except ValueError as exc:
            raise bad_payload(f"Error while parsing the request body: {exc}") from exc
        if not isinstance(body, dict):
            raise bad_payload("The request body must be a JSON object")
        return body


@dataclass
class Answer:
    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


JSON_TYPES = {2: "application/json;charset=utf-8", 4: "application/json;odata.metadata=minimal;charset=utf-8"}


def parameters(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True))


def _number(value: object) -> object:
    """Decimal as a JSON number: of at most 15 digits, whose shortest text a float gives back exactly."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"cannot send {value!r}")


def json_text(body: object) -> str:
    return json.dumps(body, default=_number, ensure_ascii=False)
