"""What we know of one source record (a time entry, an expense, a milestone): its last version and the item it made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.identity import ExternalRef
from shared.domain.money import Money
from shared.domain.write_off import GivenUp


class Applied(StrEnum):
    """What a delivery did. Only NEW changed anything; the others are counted."""

    NEW = "new"
    DUPLICATE = "duplicate"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """sequence: the version last applied. wip_id: the item that stands for it now, None once withdrawn.

    value: what it is worth now (zero once withdrawn): the independent side of the conservation check.
    """

    source_id: str
    ref: ExternalRef
    sequence: int
    contract_id: str
    project_id: str
    legal_entity_id: str
    wip_id: str | None
    value: Money
    revision: int = 0
    """How often this version was priced anew, by a changed rate; 0 with every new version of the source."""
    given_up: tuple[GivenUp, ...] = ()
    """What write-offs have taken of it: a later version must not bring that back."""

    def without(self, write_off_id: str) -> SourceRecord:
        """As it is once that write-off is taken back."""
        return replace(self, given_up=tuple(each for each in self.given_up if each.write_off_id != write_off_id))


@dataclass(frozen=True, slots=True)
class Parked:
    """A delivery that waits for something: it is sent to `queue` again once that is there.

    parked_at: when this was parked, told by the repository; the same delivery parked again is another parking.
    """

    waiting_for: str
    event_id: str
    queue: str
    body: str
    reason: str
    exception_id: str | None
    parked_at: datetime | None = field(default=None, compare=False)
