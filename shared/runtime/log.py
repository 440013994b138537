"""Structured logs: one line in, one line out per piece of work, with its correlation id. Never a payload."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from shared.adapters.correlation import correlation, cut_off_at
from shared.faults import Fault


@lru_cache(maxsize=1)
def logger() -> Logger:
    """Made on the first call: importing a handler reads no environment."""
    return Logger(utc=True, use_rfc3339=True, location=None)


class Line:
    """What the line out will say. outcome: "done" until told otherwise."""

    def __init__(self) -> None:
        self.outcome = "done"
        self.facts: dict[str, Any] = {}

    def fault(self, fault: Fault) -> None:
        self.outcome = type(fault).__name__
        self.facts |= {"code": fault.code, "facts": fault.facts}


@contextmanager
def invocation(context: object) -> Iterator[None]:
    """Keys that every line of one Lambda call carries, and its end; `context` is AWS's, or None in a test."""
    log = logger()
    log.append_keys(aws_request_id=getattr(context, "aws_request_id", None))
    left_ms = getattr(context, "get_remaining_time_in_millis", None)
    bound = cut_off_at.set(time.monotonic() + left_ms() / 1000 if left_ms else None)
    try:
        yield
    finally:
        cut_off_at.reset(bound)
        log.remove_keys(["aws_request_id"])


@contextmanager
def line(work: str, correlation_id: str | None, **keys: object) -> Iterator[Line]:
    """One piece of work: logs it coming in and going out, however it ends; the exception goes on to the caller."""
    log, out, started = logger(), Line(), time.perf_counter()
    log.set_correlation_id(correlation_id)
    bound = correlation.set(correlation_id)
    log.info("in", extra={"work": work, **keys})
    try:
        yield out
    except Fault as fault:
        out.fault(fault)
        raise
    except BaseException as error:
        out.outcome = type(error).__name__
        out.facts["frames"] = frames(error)
        raise
    finally:
        took = round((time.perf_counter() - started) * 1000, 1)
        log.info("out", extra={"work": work, **keys, "outcome": out.outcome, "took_ms": took, **out.facts})
        correlation.reset(bound)
        log.set_correlation_id(None)


def frames(error: BaseException) -> list[str]:
    """Where it was raised, innermost last; without messages and values, which may quote a payload."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
