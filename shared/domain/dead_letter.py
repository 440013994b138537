"""What was given up: a message after all its tries, an event the bus could not deliver, bytes that nobody could read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message where it lies.

    letter_id: stays when it is given back and comes again; an edited one has a new id, linked to the old by a Correction.
    place: the queue it lies in, by its name in the deployment: "time-dlq", "quarantine". body: raw, as it came. sent_at:
    when it was first put on a queue, UTC. receives: how often it was taken, looking included. told: its attributes:
    `origin` and `code` of what is in quarantine, ERROR_CODE and the like of what the bus could not deliver.
    """

    letter_id: str
    place: str
    body: str = field(repr=False)
    sent_at: datetime
    receives: int = 0
    told: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """One edit: what was there and what stands in its place. old_id, new_id: of letters or exceptions; either finds it.

    old_key, new_key: documents that hold both bodies whole. at: UTC.
    """

    correction_id: str
    old_id: str
    new_id: str
    old_key: str
    new_key: str
    by: str
    why: str
    at: datetime
