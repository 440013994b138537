"""The five ways work stops. Raise exactly these; what differs goes into `code`.

Step Functions matches the concrete class name in Retry and Catch, so a subclass would slip past both.
Every code has an owner in docs/faults.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class Fault(Exception):
    """Why work stopped: a stable snake_case code and loggable ids, never payloads or secrets."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def __str__(self) -> str:
        """JSON, because this text is all that a state machine's Catch learns of a fault besides its class name."""
        return json.dumps({"code": self.code, "facts": self.facts})


class Transient(Fault):
    """The same call may work later: back off, retry, then the dead-letter queue."""


class Throttled(Fault):
    """The same call works after `retry_after_s` seconds. Waiting is no alarm."""

    def __init__(self, code: str, retry_after_s: int = 1, **facts: str) -> None:
        super().__init__(code, **facts)
        self.retry_after_s = retry_after_s


class BusinessException(Fault):
    """The data says no: an exception with an owner, no retry."""


class Duplicate(Fault):
    """Already done: the first result stands and the repeat is counted.

    result: of the first time, where a saga waits for it: a map ready for JSON, or the JSON text of one.
    """

    def __init__(self, code: str, result: Mapping[str, Any] | str | None = None, **facts: str) -> None:
        super().__init__(code, **facts)
        self.result: Mapping[str, Any] | None = json.loads(result) if isinstance(result, str) else result


class Poison(Fault):
    """Cannot be understood: the raw bytes go to quarantine and somebody is paged."""
