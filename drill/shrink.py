"""The shortest list of faults that still fails, by taking them away (delta debugging, Zeller and Hildebrandt 2002)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shortest(faults: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """A list from which no single fault can be taken without the failure going too; `faults` where nothing helps.

    fails: whether the run fails with these alone. Asked about n^2 times at worst, about n log n as a rule.
    """
    left, parts = list(faults), 2
    while len(left) > 1:
        size = max(1, len(left) // parts)
        chunks = [left[start : start + size] for start in range(0, len(left), size)]
        rest = _first(([each for other in chunks if other is not chunk for each in other] for chunk in chunks), fails)
        if rest is not None:
            left, parts = rest, max(2, parts - 1)
        elif size == 1:
            break
        else:
            parts = min(len(left), parts * 2)
    return left


def _first(candidates: object, fails: Callable[[Sequence[T]], bool]) -> list[T] | None:
    return next((each for each in candidates if fails(each)), None)  # type: ignore[attr-defined]
