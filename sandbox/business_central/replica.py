"""The replica that GETs with `Data-Access-Intent: ReadOnly` are sent to: the same records, a while ago (notes, A2)."""

from __future__ import annotations

from collections import deque

from sandbox.business_central.book import Book, Change
from sandbox.business_central.clock import Clock
from sandbox.business_central.settings import Settings


class Replica:
    def __init__(self, book: Book, clock: Clock, settings: Settings) -> None:
        self._clock, self._settings = clock, settings
        self._copy = Book(book.store)
        self._coming: deque[tuple[float, Change]] = deque()
        book.listeners.append(self._note)

    def forget(self) -> None:
        """After a reset of the store: everything it holds now is old."""
        self._coming.clear()
        self._copy.load()

    def book(self) -> Book:
        """As it stood `replica_lag_s` ago; to be read only."""
        seen_by = self._clock.now().timestamp() - self._settings.replica_lag_s
        while self._coming and self._coming[0][0] <= seen_by:
            self._copy.follow(self._coming.popleft()[1])
        return self._copy

    def _note(self, changes: list[Change]) -> None:
        now = self._clock.now().timestamp()
        self._coming.extend((now, change) for change in changes)
        self.book()
