"""Limits per user (notes, A6): requests in a sliding window, few in process, some waiting, and how long.

The kit's own limit stands before it: `concurrency` connections at once (100), others get 429.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sandbox.business_central.clock import Clock
from sandbox.business_central.errors import Refused
from sandbox.business_central.settings import Settings

CONNECTIONS = 100


class Governor:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._arrivals: deque[float] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._in_process = 0
        self.call_ms = 0
        self.throttled = 0

    def forget(self) -> None:
        self._arrivals.clear()
        self.call_ms = self.throttled = 0

    @asynccontextmanager
    async def admitted(self) -> AsyncIterator[None]:
        """Raises Refused 429 over a limit, 503 after waiting too long."""
        self._count()
        await self._enter()
        try:
            if self.call_ms:
                await asyncio.sleep(self.call_ms / 1000)
            yield
        finally:
            self._leave()

    def _count(self) -> None:
        most, now = self._settings.requests_per_window, self._clock.now().timestamp()
        while self._arrivals and self._arrivals[0] <= now - self._settings.window_s:
            self._arrivals.popleft()
        if most and len(self._arrivals) >= most:
            self.throttled += 1
            raise too_many(len(self._arrivals) + 1, most)
        self._arrivals.append(now)

    async def _enter(self) -> None:
        if self._in_process < self._settings.in_process and not self._waiting:
            self._in_process += 1
            return
        if len(self._waiting) >= self._settings.queued:
            self.throttled += 1
            raise too_many(len(self._waiting) + self._in_process + 1, self._settings.queued + self._in_process)
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait_for(turn, self._settings.queue_s)
        except TimeoutError as exc:
            raise Refused(503, "Internal_ServerError", "unavailable") from exc
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)

    def _leave(self) -> None:
        """Hands the place to the next who still waits."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._in_process -= 1


def too_many(actual: int, most: int) -> Refused:
    return Refused(429, "Application_TooManyRequests", "too_many_requests", actual=actual, most=most)
