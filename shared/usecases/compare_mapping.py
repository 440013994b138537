"""What another mapping makes of the same records, beside what was recorded: field by field, nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Event = Mapping[str, Any]
"""An envelope as JSON: "id", "type", "subject", "data"."""
GONE, NEW = "is not announced any more", "is announced now"


@dataclass(frozen=True, slots=True)
class Difference:
    """field: of the event's data, dotted; "" where the whole event is new or gone, as `now` says."""

    type: str
    subject: str
    field: str
    before: str
    now: str

    def __str__(self) -> str:
        if not self.field:
            return f"{self.type} {self.subject} {self.now}"
        return f"{self.type} {self.subject}: {self.field} {self.before} -> {self.now}"


def compare_mapping(recorded: Sequence[Event], mapped: Sequence[Event]) -> list[Difference]:
    """Both of the same records. Events belong together by id, else by type and subject in their order: a mapping may
    give an event another id.
    """
    left = {event["id"]: event for event in mapped}
    pairs = [(event, left.pop(event["id"], None)) for event in recorded]
    pairs = [(event, now or _alike(event, left)) for event, now in pairs]
    found = [each for event, now in pairs for each in _of(event, now)]
    return found + [Difference(event["type"], event["subject"], "", "", NEW) for event in left.values()]


def _alike(event: Event, left: dict[str, Event]) -> Event | None:
    for event_id, other in left.items():
        if (other["type"], other["subject"]) == (event["type"], event["subject"]):
            return left.pop(event_id)
    return None


def _of(before: Event, now: Event | None) -> Iterator[Difference]:
    kind, subject = str(before["type"]), str(before["subject"])
    if now is None:
        yield Difference(kind, subject, "", "", GONE)
        return
    old, new = dict(_fields(before["data"])), dict(_fields(now["data"]))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield Difference(kind, subject, name, _shown(old.get(name)), _shown(new.get(name)))


def _fields(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _fields(part, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from _fields(part, f"{place}[{number}]")
    elif value is not None:
        yield place, value


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)
