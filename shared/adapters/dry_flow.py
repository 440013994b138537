"""What a dry run says to others: nothing reaches anybody, and every answer is the one that goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.ports.flow import Counts, Documents


class DryDocuments:
    def __init__(self, under: Documents) -> None:
        self._under = under
        self._own: dict[str, bytes] = {}

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        self._own[key] = body

    def get(self, key: str) -> bytes:
        return self._own[key] if key in self._own else self._under.get(key)

    def keys(self, prefix: str) -> Iterator[str]:
        mine = {key for key in self._own if key.startswith(prefix)}
        yield from sorted(mine.union(self._under.keys(prefix)))


class DryQueues:
    def send(self, queue: str, bodies: Sequence[str], *, delay_s: int = 0) -> None:
        """Nobody gets it."""


class DrySagas:
    def start(self, saga: str, name: str, payload: Mapping[str, Any]) -> bool:
        return True


class DryTasks:
    def succeed(self, token: str, output: Mapping[str, Any]) -> bool:
        return True

    def fail(self, token: str, error: str, cause: str) -> bool:
        return True


class DryCounts:
    def __init__(self, under: Counts) -> None:
        self._under = under

    def add(self, name: str, amount: int = 1, **dimensions: str) -> None:
        """A dry run is no happening: it is not counted."""

    def read(self) -> dict[str, int]:
        return self._under.read()
