"""How many API calls the org may make in 24 hours, and has made.

Source: vendors/salesforce.md, section 7.
"""

from __future__ import annotations

import time
from typing import Any

from sandbox.kit.store import Store
from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.settings import Settings

_HOUR, _DAY = 3600, 24
_SAVE_EVERY = 25


class Usage:
    """Calls per hour of the last 24. Saved now and then: after a crash a few calls may be forgotten."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self.load()

    def load(self) -> None:
        self._hours: dict[str, int] = dict(self._store.get("sim:usage", "usage") or {})
        self._unsaved = 0

    def count(self) -> None:
        """One call. Raises REQUEST_LIMIT_EXCEEDED (403, no Retry-After) once the day's calls are used."""
        if self.used() >= self._settings.daily_api_limit:
            raise ApiError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        hour = str(int(time.time() // _HOUR))
        self._hours[hour] = self._hours.get(hour, 0) + 1
        self._unsaved += 1
        if self._unsaved >= _SAVE_EVERY:
            self._store.put("sim:usage", "usage", self._hours)
            self._unsaved = 0

    def used(self) -> int:
        oldest = int(time.time() // _HOUR) - _DAY
        if self._hours and int(next(iter(self._hours))) <= oldest:
            self._hours = {hour: calls for hour, calls in self._hours.items() if int(hour) > oldest}
        return sum(self._hours.values())

    def header(self) -> dict[str, str]:
        return {"Sforce-Limit-Info": f"api-usage={self.used()}/{self._settings.daily_api_limit}"}

    def limits(self) -> dict[str, Any]:
        most = self._settings.daily_api_limit
        return {
            "DailyApiRequests": {"Max": most, "Remaining": max(0, most - self.used())},
            "DailyAsyncApexExecutions": {"Max": 250_000, "Remaining": 250_000},
            "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
            "DailyStreamingApiEvents": {"Max": 1_000_000, "Remaining": 1_000_000},
            "DataStorageMB": {"Max": 10_240, "Remaining": 10_000},
            "HourlyPublishedPlatformEvents": {"Max": 250_000, "Remaining": 250_000},
        }
