"""Requests of a vendor's records, counted at its simulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.vendor import Vendor


@dataclass
class Counted:
    """Of one record: how many there were, and the requests for them by method and path."""

    record: str
    things: int
    calls: dict[str, int]
    tokens: int


@dataclass
class Counter:
    """At one simulator."""

    vendor: Vendor
    connector: Any
    found: list[Counted] = field(default_factory=list)

    @contextmanager
    def of(self, record: str, things: int) -> Iterator[None]:
        """What is asked inside is asked for so many of the record; more of the same record adds up."""
        self.vendor.control.post("/traffic/reset", {})
        yield
        traffic = self.vendor.control.get("/traffic")
        tokens = {call: n for call, n in traffic["calls"].items() if self._is_token(call)}
        asked = {call: n for call, n in traffic["calls"].items() if call not in tokens}
        self.found.append(Counted(record, things, asked, sum(tokens.values())))

    def _is_token(self, call: str) -> bool:
        token = self.connector.token
        method, _, path = call.partition(" ")
        return token is not None and method == token.method and token.path in path
