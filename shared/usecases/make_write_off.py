"""A write-off as it is recorded: by whom, why, and whether another person has to approve it first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.contract import Contract
from shared.domain.identity import derived_id
from shared.domain.money import Money
from shared.domain.policies import ApprovalDocument, Policies
from shared.domain.source import SourceRecord
from shared.domain.write_off import GivenUp, WriteOff, WriteOffLine, WriteOffStatus
from shared.faults import BusinessException
from shared.usecases.decide_approval import decide_approval, is_service


@dataclass(frozen=True, slots=True)
class Asked:
    """request_id: of the one who asks; the same one is the same write-off. reason: one of the policies'."""

    request_id: str
    reason: str
    note: str
    submitter: str
    at: datetime


def write_off_id(legal_entity_id: str, request_id: str, part: int = 1) -> str:
    return derived_id("write_off", legal_entity_id, request_id, str(part))


def make_write_off(
    asked: Asked,
    lines: Sequence[WriteOffLine],
    contract: Contract,
    policies: Policies,
    *,
    part: int = 1,
    of: Money | None = None,
    selection: tuple[str, ...] = (),
) -> WriteOff:
    """RECORDED below the policy's threshold, by the submitter's own decision; else REQUESTED.

    of: the value of the whole request, where this record is a part of it: the threshold asks about that.
    Raises BusinessException("write_off_reason" | "submitter_is_service").
    Source: docs/billing.md, "Write-offs".
    """
    if asked.reason not in policies.write_off_reasons:
        raise BusinessException("write_off_reason", reason=asked.reason, known=", ".join(policies.write_off_reasons))
    if is_service(policies, asked.submitter):
        raise BusinessException("submitter_is_service", submitter=asked.submitter)
    value = sum((line.written_off for line in lines), Money.zero(contract.currency))
    decision = decide_approval(policies, ApprovalDocument.WRITE_OFF, of or value, contract)
    return WriteOff(
        write_off_id=write_off_id(contract.legal_entity_id, asked.request_id, part),
        request_id=asked.request_id,
        legal_entity_id=contract.legal_entity_id,
        customer_id=contract.customer_id,
        contract_id=contract.contract_id,
        lines=tuple(lines),
        value=value,
        reason=asked.reason,
        note=asked.note,
        submitter=asked.submitter,
        submitted_at=asked.at,
        status=WriteOffStatus.REQUESTED if decision.needed else WriteOffStatus.RECORDED,
        rule=decision.rule,
        approver=None if decision.needed else asked.submitter,
        approved_at=None if decision.needed else asked.at,
        asked=selection,
    )


def gives_up(write_off: WriteOff, sources: Sequence[SourceRecord]) -> tuple[SourceRecord, ...]:
    """The sources, each with what this write-off takes of it."""
    taken: dict[str, Money] = {}
    for line in write_off.lines:
        before = taken.get(line.source_id, Money.zero(line.written_off.currency))
        taken[line.source_id] = before + line.written_off
    return tuple(
        replace(source, given_up=(*source.given_up, GivenUp(write_off.write_off_id, taken[source.source_id])))
        for source in sources
    )
