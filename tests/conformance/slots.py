"""An account's slots as the governor gives them, for threads, where who finds none waits; and turns at a subject."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fakes.turns import FakeTurns


class ThreadTurns(FakeTurns):
    """Taken by one at a time, as the table's conditional write sees to it."""

    _one = threading.Lock()

    def take(self, subject: str) -> str:
        with self._one:
            return super().take(subject)


class ThreadSlots:
    """leased: (account, lane) of every lease, in the order they were given."""

    def __init__(self, total: int) -> None:
        self._free = threading.Semaphore(total)
        self._mine = threading.local()
        self.leased: list[tuple[str, str]] = []

    @contextmanager
    def lease(self, account: str, lane: str) -> Iterator[None]:
        with self._free:
            self.leased.append((account, lane))
            self._mine.held = self.holding() + 1
            try:
                yield
            finally:
                self._mine.held -= 1

    def holding(self) -> int:
        return int(getattr(self._mine, "held", 0))

    def accounts(self) -> list[object]:
        return []
