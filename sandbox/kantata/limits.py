"""Rate limits: calls per minute of one token, over all and per endpoint; the vendor publishes no numbers."""

from __future__ import annotations

import time
from collections import defaultdict, deque

from starlette.responses import Response

from sandbox.kantata.errors import too_many
from sandbox.kantata.settings import Settings

WINDOW_S = 60.0


class RateLimits:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def refuse(self, token: str, resource: str) -> Response | None:
        """The 429, when this call is one too many; a refused call does not count."""
        limits = {
            "": self._settings.rate_limit_per_minute,
            resource: self._settings.endpoint_limits_per_minute.get(resource, 0),
        }
        now = time.monotonic()
        windows = [(self._calls[(token, name)], limit) for name, limit in limits.items() if limit]
        for calls, limit in windows:
            while calls and calls[0] <= now - WINDOW_S:
                calls.popleft()
            if len(calls) >= limit:
                return throttled(self._settings.retry_after_s)
        for calls, _ in windows:
            calls.append(now)
        return None


def throttled(retry_after_s: float) -> Response:
    """429; Retry-After only when there is something to say, since the vendor documents none."""
    answer = too_many().response()
    if retry_after_s:
        answer.headers["retry-after"] = f"{retry_after_s:g}"
    return answer
