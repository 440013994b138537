"""The functions a filter may call: name -> (types of the arguments, type of the result, what it does)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from sandbox.kit.odata.literals import BOOLEAN, DATE, DECIMAL, INSTANT, INTEGER, STRING


class Function(NamedTuple):
    takes: tuple[str, ...]
    gives: str
    work: Callable[..., Any]


def _part(name: str) -> Callable[[datetime | str], Decimal]:
    def part(moment: datetime | str) -> Decimal:
        if isinstance(moment, datetime):
            return Decimal(getattr(moment, name))
        return Decimal(moment[{"year": slice(0, 4), "month": slice(5, 7), "day": slice(8, 10)}[name]])

    return part


def _rounded(mode: str) -> Callable[[Decimal], Decimal]:
    return lambda value: value.to_integral_value(rounding=mode)


_TEXT2 = (STRING, STRING)
FUNCTIONS: dict[str, Function] = {
    "contains": Function(_TEXT2, BOOLEAN, lambda text, part: part in text),
    "substringof": Function(_TEXT2, BOOLEAN, lambda part, text: part in text),
    "startswith": Function(_TEXT2, BOOLEAN, lambda text, part: text.startswith(part)),
    "endswith": Function(_TEXT2, BOOLEAN, lambda text, part: text.endswith(part)),
    "indexof": Function(_TEXT2, INTEGER, lambda text, part: Decimal(text.find(part))),
    "concat": Function(_TEXT2, STRING, lambda left, right: left + right),
    "length": Function((STRING,), INTEGER, lambda text: Decimal(len(text))),
    "tolower": Function((STRING,), STRING, str.lower),
    "toupper": Function((STRING,), STRING, str.upper),
    "trim": Function((STRING,), STRING, str.strip),
    "substring": Function((STRING, INTEGER), STRING, lambda text, start, *size: _substring(text, start, *size)),
    "replace": Function((STRING, STRING, STRING), STRING, lambda text, old, new: text.replace(old, new)),
    "year": Function((INSTANT,), INTEGER, _part("year")),
    "month": Function((INSTANT,), INTEGER, _part("month")),
    "day": Function((INSTANT,), INTEGER, _part("day")),
    "hour": Function((INSTANT,), INTEGER, _part("hour")),
    "minute": Function((INSTANT,), INTEGER, _part("minute")),
    "second": Function((INSTANT,), INTEGER, _part("second")),
    "date": Function((INSTANT,), DATE, lambda moment: moment.date().isoformat()),
    "round": Function((DECIMAL,), DECIMAL, _rounded(ROUND_HALF_UP)),
    "floor": Function((DECIMAL,), DECIMAL, _rounded(ROUND_FLOOR)),
    "ceiling": Function((DECIMAL,), DECIMAL, _rounded(ROUND_CEILING)),
}


def _substring(text: str, start: Decimal, size: Decimal | None = None) -> str:
    begin = int(start)
    return text[begin:] if size is None else text[begin : begin + int(size)]
