"""What another mapping makes of the same records, beside what was recorded: field by field, nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.domain.difference import Change, changes, fields

Event = Mapping[str, Any]
"""An envelope as JSON: "id", "type", "subject", "data"."""
GONE, NEW = "is not announced any more", "is announced now"


@dataclass(frozen=True, slots=True)
class Difference:
    """field: of the event's data, dotted; "" where the whole event is new or gone, as `now` says. before, now: None where
    nothing is said."""

    type: str
    subject: str
    field: str
    before: str | None
    now: str | None

    def lines(self) -> list[str]:
        """As every dry run tells it."""
        name = f"{self.type} {self.subject}"
        return list(Change(self.field, self.before, self.now).lines(name)) if self.field else [f"{name} {self.now}"]


def compare_mapping(recorded: Sequence[Event], mapped: Sequence[Event]) -> list[Difference]:
    """Both of the same records. Events belong together by id, else by type and subject in their order: a mapping may
    give an event another id.
    """
    left = {event["id"]: event for event in mapped}
    pairs = [(event, left.pop(event["id"], None)) for event in recorded]
    pairs = [(event, now or _alike(event, left)) for event, now in pairs]
    found = [each for event, now in pairs for each in _of(event, now)]
    return found + [Difference(event["type"], event["subject"], "", None, NEW) for event in left.values()]


def _alike(event: Event, left: dict[str, Event]) -> Event | None:
    for event_id, other in left.items():
        if (other["type"], other["subject"]) == (event["type"], event["subject"]):
            return left.pop(event_id)
    return None


def _of(before: Event, now: Event | None) -> Iterator[Difference]:
    kind, subject = str(before["type"]), str(before["subject"])
    if now is None:
        yield Difference(kind, subject, "", None, GONE)
        return
    for each in changes(fields(before["data"]), fields(now["data"])):
        yield Difference(kind, subject, each.field, each.before, each.now)
