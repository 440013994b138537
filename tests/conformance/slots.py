"""An account's slots as the governor gives them, for threads: who finds none waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


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
