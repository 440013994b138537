"""A Lambda handler: callable by Lambda, wired on its first call, with the undecorated step as the seam for tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Generic, TypeVar

Step = TypeVar("Step", bound=Callable[..., Any])
P = TypeVar("P")


class Handler(Generic[Step]):
    """step: the function as written, `handler.step(model, ports)`."""

    def __init__(self, step: Step, run: Callable[[Any, Any], Any]) -> None:
        self.step, self._run = step, run
        update_wrapper(self, step)

    def __call__(self, event: Any, context: Any) -> Any:
        return self._run(event, context)


class Wired(Generic[P]):
    """The ports, made by `wire` when first needed and kept for the life of the process."""

    def __init__(self, wire: Callable[[], P]) -> None:
        self._wire = wire
        self._ports: P | None = None

    def __call__(self) -> P:
        if self._ports is None:
            self._ports = self._wire()
        return self._ports


def work_name(step: Callable[..., Any]) -> str:
    """What logs call it: the file's name says more than "handler"."""
    module = step.__module__.removeprefix("functions.")
    return module if step.__name__ == "handler" else f"{module}.{step.__name__}"
