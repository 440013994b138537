"""What happens to a write-off after it was asked for: the approver is told, decides; somebody takes it back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from events.envelope import AnyEnvelope
from events.write_off_changed.v1 import WriteOffChanged
from functions.processes.from_events import as_amount
from shared.domain.audit import Act
from shared.domain.write_off import WriteOff, WriteOffStatus
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.trouble import raise_trouble
from shared.usecases.decide_approval import check_approver

APPROVAL_DUE = "write_off_approval_due"


def tell_approver(write_off: WriteOff, ports: Ports) -> None:
    """One open exception per write-off that waits, however often it is told."""
    if write_off.status is not WriteOffStatus.REQUESTED:
        return
    raise_trouble(
        ports,
        APPROVAL_DUE,
        write_off.write_off_id,
        legal_entity_id=write_off.legal_entity_id,
        correlation_id=write_off.contract_id,
        facts={
            "value": f"{write_off.value.amount:f}",
            "currency": write_off.value.currency,
            "reason": write_off.reason,
            "submitter": write_off.submitter,
            "contract_id": write_off.contract_id,
        },
    )


def decide(write_off_id: str, approved: bool, by: str, ports: Ports) -> WriteOff:
    """Raises BusinessException("approver_is_submitter" | "approver_is_service" | "write_off_state"). May be repeated."""
    write_off = ports.write_offs.get(write_off_id)
    now = ports.clock.now()
    if approved:
        check_approver(ports.policies.current(), by, write_off.submitter)
        recorded = {"status": WriteOffStatus.RECORDED, "approver": by, "approved_at": now}
        return _move(write_off, recorded, by, write_off.reason, ports)
    refused = {"status": WriteOffStatus.REFUSED, "ended_by": by, "ended_at": now, "ended_why": "refused"}
    ended = _move(write_off, refused, by, "refused", ports)
    ports.write_offs.release(write_off_id)
    return ended


def reverse(write_off_id: str, by: str, why: str, ports: Ports) -> WriteOff:
    """The work is open again. The end is written first: a crash in between leaves it held, never billed twice."""
    write_off = ports.write_offs.get(write_off_id)
    now = ports.clock.now()
    reversed_ = {"status": WriteOffStatus.REVERSED, "ended_by": by, "ended_at": now, "ended_why": why}
    ended = _move(write_off, reversed_, by, why, ports)
    ports.write_offs.release(write_off_id)
    return ended


_FROM = {
    WriteOffStatus.RECORDED: WriteOffStatus.REQUESTED,
    WriteOffStatus.REFUSED: WriteOffStatus.REQUESTED,
    WriteOffStatus.REVERSED: WriteOffStatus.RECORDED,
}


def _move(write_off: WriteOff, changes: dict[str, Any], by: str, why: str, ports: Ports) -> WriteOff:
    to: WriteOffStatus = changes["status"]

    def change(now: WriteOff) -> WriteOff:
        return now if now.status is to else replace(now, **changes)

    act = act_of(write_off, to.value, who=by, why=why, ports=ports)
    told = [changed(replace(write_off, **changes), by, ports)]
    return ports.write_offs.update(write_off.write_off_id, change, expected=_FROM[to], act=act, events=told)


def changed(write_off: WriteOff, by: str, ports: Ports) -> AnyEnvelope:
    """write_off: as it stands from now on."""
    return announce(
        WriteOffChanged(
            write_off_id=write_off.write_off_id,
            status=write_off.status.value,
            customer_id=write_off.customer_id,
            contract_id=write_off.contract_id,
            project_ids=tuple(sorted({line.project_id for line in write_off.lines})),
            items=len(write_off.lines),
            value=as_amount(write_off.value),
            reason=write_off.reason,
            submitter=write_off.submitter,
            by=by,
            approver=write_off.approver,
        ),
        process="write_offs",
        subject=write_off.write_off_id,
        happening=write_off.status.value,
        at=ports.clock.now(),
        correlation_id=write_off.contract_id,
        legal_entity=write_off.legal_entity_id,
    )


def act_of(write_off: WriteOff, became: str, *, who: str, why: str, ports: Ports) -> Act:
    """before: what stood; nothing, for one that is new."""
    standing = ports.write_offs.find(write_off.write_off_id)
    value = f"{write_off.value.amount:f} {write_off.value.currency}"
    return Act(
        act_id=f"write_off:{write_off.write_off_id}:{became}",
        legal_entity_id=write_off.legal_entity_id,
        who=who,
        what=f"write_off.{became}",
        subject=write_off.write_off_id,
        why=f"{why}: {write_off.note}" if write_off.note and standing is None else why,
        at=ports.clock.now(),
        before={"status": standing.status.value} if standing else {},
        after={"status": became, "value": value, "contract_id": write_off.contract_id},
    )
