"""Quantiles by the nearest rank: a value that was measured, never one in between."""

from __future__ import annotations

import math
from collections.abc import Sequence


def quantile(values: Sequence[float], share: float) -> float:
    """share: 0.5 is the median, 0.99 the value that one in a hundred exceeds."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
