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


@dataclass(frozen=True, slots=True)
class BillingException:
    """exception_id is derived from (type, subject), so the same trouble raised twice is one record.

    facts: ids and words for the person who acts. task_token: of the saga that waits for the resolution, if one does;
    never shown or logged. due_at: when the owner's clock runs out.
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
