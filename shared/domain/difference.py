"""What of a record is said otherwise than before, field by field: for dry runs, replays and mappings compared alike."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """field: dotted, lists by place: "lines[0].net.amount". before, now: as text; None where nothing is said."""

    field: str
    before: str | None
    now: str | None

    def lines(self, name: str) -> Iterator[str]:
        """ "- WIP#1 ITEM value.amount: 100.00" for what goes, "+ ..." for what comes."""
        if self.before is not None:
            yield f"- {name} {self.field}: {self.before}"
        if self.now is not None:
            yield f"+ {name} {self.field}: {self.now}"


def changes(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> list[Change]:
    """Both flat, as `fields` makes them. A field that is null says as little as one that is not there."""
    was, is_ = before or {}, now or {}
    return [
        Change(field, _shown(was.get(field)), _shown(is_.get(field)))
        for field in sorted(was.keys() | is_.keys())
        if was.get(field) != is_.get(field)
    ]


def lines(name: str, found: Iterable[Change]) -> list[str]:
    return [line for change in found for line in change.lines(name)]


def fields(value: Any, *, unseen: Collection[str] = ()) -> dict[str, Any]:
    """Dotted field -> value, for all that lies in a record, sorted. unseen: keys that are left out, wherever they stand."""
    return dict(sorted(_flat("", value, unseen), key=lambda each: each[0]))


def text(value: Any) -> str:
    return str(value) if isinstance(value, str | Decimal) else json.dumps(value, ensure_ascii=False)


def _shown(value: Any) -> str | None:
    return None if value is None else text(value)


def _flat(place: str, value: Any, unseen: Collection[str]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name not in unseen:
                yield from _flat(f"{place}.{name}" if place else str(name), part, unseen)
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from _flat(f"{place}[{number}]", part, unseen)
    else:
        yield place, value
