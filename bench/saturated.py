"""Share of an account's ceiling: of the calls that its slots allow in a time, how many were calls that invoices needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.quantiles import quantile


@dataclass(frozen=True)
class Look:
    """at: monotonic seconds. calls: that the invoices written so far needed. waiting: invoices still to be posted."""

    at: float
    calls: int
    waiting: int
    in_flight: int


@dataclass(frozen=True)
class Ceiling:
    """slots: calls at once. per_s: requests that the account takes in a second, where its vendor counts them."""

    slots: int
    call_ms: int
    per_s: float | None = None

    @property
    def calls_per_s(self) -> float:
        """Of both limits the lower."""
        by_slots = 1000 * self.slots / self.call_ms
        return by_slots if self.per_s is None else min(by_slots, self.per_s)


def share(looks: Sequence[Look], ceiling: Ceiling, calls_each: int) -> dict[str, Any]:
    """Of the longest time that more invoices waited than there are slots. calls_each: that one invoice needs."""
    first, last = _saturated(looks, ceiling.slots)
    seconds, calls = last.at - first.at, last.calls - first.calls
    inside = [look for look in looks if first.at <= look.at <= last.at]
    return {
        "share": round(calls / (ceiling.calls_per_s * seconds), 3) if seconds else 0.0,
        "saturated_s": round(seconds, 1),
        "calls_in_it": calls,
        "invoices_per_s": round(calls / calls_each / seconds, 2) if seconds else 0.0,
        "waiting_p50": quantile([look.waiting for look in inside], 0.5),
        "in_flight_mean": round(sum(look.in_flight for look in inside) / len(inside), 2),
    }


def _saturated(looks: Sequence[Look], slots: int) -> tuple[Look, Look]:
    best, start = (looks[0], looks[0]), None
    for look in looks:
        start = (start or look) if look.waiting > slots else None
        if start and look.at - start.at > best[1].at - best[0].at:
            best = (start, look)
    return best
