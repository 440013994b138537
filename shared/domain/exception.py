"""Exception: what cannot go on, in business words, with an owner and a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ExceptionStatus(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class OwnerGroup(StrEnum):
    FINANCE_OPERATIONS = "finance_operations"
    DELIVERY = "delivery"
    MASTER_DATA = "master_data"
    INTEGRATION = "integration"


class Severity(StrEnum):
    """How bad it is to let it lie: LOW costs nothing now, CRITICAL stops billing altogether."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def next_worse(self) -> Severity:
        worse = list(Severity)
        return worse[min(worse.index(self) + 1, len(worse) - 1)]


class What(StrEnum):
    RAISED = "raised"
    RENEWED = "renewed"
    ACTED = "acted"
    ESCALATED = "escalated"
    WOKEN = "woken"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of an exception's history. by: a person, or "billweave". words: the step that was tried, what was done."""

    at: datetime
    what: What
    by: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class BillingException:
    """exception_id is derived from (type, subject), so the same trouble raised twice is one record.

    facts: ids and words for the person who acts. task_token: of the saga that waits for the resolution, if one does;
    never shown or logged. due_at: when the owner's clock runs out. owner_person: who of the group has it, if somebody was
    named. snoozed_until: its clock rests. escalated_at: the clock ran out then, and severity went up. history: the newest
    happenings, oldest first; earlier lives of the same trouble included.
    """

    exception_id: str
    type: str
    subject: str
    owner: OwnerGroup
    status: ExceptionStatus
    legal_entity_id: str
    correlation_id: str
    message: str
    raised_at: datetime
    due_at: datetime
    actions: tuple[str, ...] = ("retry",)
    facts: dict[str, str] = field(default_factory=dict)
    task_token: str | None = field(default=None, repr=False)
    resolved_at: datetime | None = None
    resolution: str | None = None
    severity: Severity = Severity.NORMAL
    owner_person: str | None = None
    snoozed_until: datetime | None = None
    escalated_at: datetime | None = None
    history: tuple[Happening, ...] = ()
