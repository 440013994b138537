"""Start the embedded AWS with one correction, in this process: `python -m sandbox.estate.launcher`.

The emulator's local executor names every exception `Runtime.HandlerError`, and so no Retry or Catch of a state machine
would ever match one by name. The class name is taken from the traceback in the worker's log instead, as AWS does, and
a worker that died becomes `Runtime.ExitError`. Only for the one release this was tried with: another is refused.
Port, host and the rest come from the emulator's own environment variables; see emulator.py.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

TRIED_WITH = "1.5.33"
EXCEPTION_LINE = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?([A-Za-z_]\w*)(?::|$)")

Execute = Callable[..., dict[str, Any]]


class UntriedEmulator(Exception):
    """The installed emulator is not the release the correction was written for."""


def exception_name(log: str) -> str | None:
    """The class name of the last exception in the last traceback of a worker's log; None if there is no traceback."""
    before, marker, last = log.rpartition("Traceback (most recent call last):")
    if not marker:
        return None
    found = None
    for line in last.splitlines():
        if line[:1].strip() and (hit := EXCEPTION_LINE.match(line)):
            found = hit[1]
    return found


def corrected(execute: Execute) -> Execute:
    """`execute` answers {"body", "error"?, "log"?}; a failed one gets the error type AWS would report."""

    def warm(*args: Any, **kwargs: Any) -> dict[str, Any]:
        answer = execute(*args, **kwargs)
        body = answer.get("body")
        if answer.get("error") and isinstance(body, dict) and body.get("errorType") == "Runtime.HandlerError":
            if body.get("errorMessage") == "Worker process died":
                body["errorType"] = "Runtime.ExitError"
            else:
                body["errorType"] = exception_name(answer.get("log") or "") or "Runtime.HandlerError"
        return answer

    return warm


def correct(installed: str) -> None:
    """Raises UntriedEmulator unless `installed` is the release this was tried with."""
    if installed != TRIED_WITH:
        raise UntriedEmulator(
            f"ministack {installed} is installed, the correction was tried with {TRIED_WITH}: "
            "run tests/estate against the new one, then change TRIED_WITH"
        )
    from ministack.services import lambda_svc

    lambda_svc._execute_function_warm = corrected(lambda_svc._execute_function_warm)


def main() -> None:
    correct(version("ministack"))
    from ministack.app import main as serve

    sys.argv = ["ministack"]
    serve()


if __name__ == "__main__":
    main()
