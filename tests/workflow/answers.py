"""What a step, a system or a person answers when a saga asks: scripted, in the order it is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Says:
    """The answer, as JSON."""

    value: Any


@dataclass(frozen=True)
class Raises:
    """A fault of ours by its class name, the message as our faults write it: {"code", "facts"}."""

    error: str
    code: str = "out_of_order"

    @property
    def message(self) -> str:
        return json.dumps({"code": self.code, "facts": {}})


@dataclass(frozen=True)
class Dies:
    """The worker process ends in the middle."""


@dataclass(frozen=True)
class Silent:
    """Asked, and no answer comes: the test gives one by the token, or the clock runs out."""


Answer = Says | Raises | Dies | Silent

RETRY = Says({"action": "retry", "by": "a controller"})
CANCEL = Says({"action": "cancel", "by": "a controller"})
TIMES_OUT = Raises("States.Timeout")
"""Said by the failure of the task: the embedded AWS would wait the week."""


def refuses(code: str) -> Raises:
    """The data says no."""
    return Raises("BusinessException", code)
