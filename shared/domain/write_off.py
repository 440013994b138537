"""Write-off: value of open work given up, whole or in part, with reason, submitter and approver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.money import Money

CLAIM = "writeoff:"


def claim_of(write_off_id: str) -> str:
    """What stands as `claimed_by` on the items it took."""
    return f"{CLAIM}{write_off_id}"


def write_off_of(claimed_by: str | None) -> str | None:
    """The write-off that has an item; None if it is open or an invoice has it."""
    return claimed_by.removeprefix(CLAIM) if claimed_by and claimed_by.startswith(CLAIM) else None


class WriteOffStatus(StrEnum):
    """REQUESTED: over the threshold, its work is taken and waits for an approver. REFUSED, REVERSED: its work is open
    again once released.
    """

    REQUESTED = "requested"
    RECORDED = "recorded"
    REFUSED = "refused"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class WriteOffLine:
    """One item. rate_card_value: what it was valued at; written_off: what of it is given up, all of it if `whole`."""

    wip_id: str
    source_id: str
    project_id: str
    description: str
    rate_card_value: Money
    written_off: Money
    whole: bool


@dataclass(frozen=True, slots=True)
class WriteOff:
    """One decision about open work of one contract. request_id: who repeats it gets this record again.

    value: sum of what the lines give up, when recorded; a correction of the work changes what is claimed, not this.
    approver: the submitter himself below the policy's threshold, else another person; None while REQUESTED.
    """

    write_off_id: str
    request_id: str
    legal_entity_id: str
    customer_id: str
    contract_id: str
    lines: tuple[WriteOffLine, ...]
    value: Money
    reason: str
    note: str
    submitter: str
    submitted_at: datetime
    status: WriteOffStatus
    rule: str
    """The approval rule that decided."""
    approver: str | None = None
    approved_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None
    asked: tuple[str, ...] = ()
    """The whole selection, on the first part of a request that takes several records."""

    @property
    def claim(self) -> str:
        return claim_of(self.write_off_id)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """How much of one source's value a write-off gives up now."""

    write_off_id: str
    value: Money
