"""Minutes as they are billed: of one entry, and of one person's day as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.terms import RoundTo, TimeRounding


def round_minutes(minutes: int, rounding: TimeRounding) -> int:
    """To the contract's unit; nearest: half a unit goes up. minutes: worked, not negative.

    Source: docs/billing.md, "Rounding of time".
    """
    unit = rounding.minutes
    down = minutes // unit * unit
    rest = minutes - down
    if rounding.to is RoundTo.DOWN or rest == 0:
        return down
    if rounding.to is RoundTo.NEAREST and 2 * rest < unit:
        return down
    return down + unit


def share_of_day(worked: Mapping[str, int], rounding: TimeRounding) -> dict[str, int]:
    """By source: the minutes to add to (or take from) each so that the day as a whole is rounded.

    worked: minutes worked by source, none negative. In proportion to them, cut toward zero; minutes left over go to the
    largest remainders, ties by source id. It follows from the day's entries alone: no order of arrival shows in it, and
    the shares sum to the day's rounded total less what was worked.
    """
    total = sum(worked.values())
    difference = round_minutes(total, rounding) - total if total else 0
    sign, size = (1, difference) if difference >= 0 else (-1, -difference)
    whole = {source: size * minutes // total if total else 0 for source, minutes in worked.items()}
    left = size - sum(whole.values())
    order = sorted(worked, key=lambda source: (-(size * worked[source] % total) if total else 0, source))
    for source in order[:left]:
        whole[source] += 1
    return {source: sign * minutes for source, minutes in whole.items()}
