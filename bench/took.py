"""How long a piece of work took, and what it came to."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """Over all invoices; two ways of reckoning them must agree to the cent."""

    invoices: int
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True, order=True)
class Took:
    """On the clock, and of the processor: what neighbours on the machine take is only in the first."""

    cpu_seconds: float
    seconds: float


def timed(work: Callable[[], Sums], rounds: int) -> tuple[Took, Sums]:
    """The best of so many rounds."""
    times = []
    for _ in range(rounds):
        gc.collect()
        began, began_cpu = time.perf_counter(), time.process_time()
        found = work()
        times.append(Took(time.process_time() - began_cpu, time.perf_counter() - began))
    return min(times), found
