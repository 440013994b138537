"""`billweave exceptions act`: somebody decides. The saga that waits goes on with it; a retry frees what is parked."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, Field

from functions.operations.write_off_acts import APPROVAL_DUE, decide
from functions.processes.parking import release
from shared.domain.audit import Act
from shared.domain.exception import BillingException, ExceptionStatus
from shared.domain.ledger import Allowance
from shared.domain.money import Money
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.trouble import settle
from shared.runtime.wiring import AwsPorts
from shared.usecases.decide_approval import check_approver
from shared.usecases.hold_over_cap import OVER_CAP


class ActOnException(BaseModel):
    exception_id: str
    action: str
    by: str = Field(min_length=1)
    reason: str = ""


@process_step(ActOnException, wire=AwsPorts.from_env)
def handler(command: ActOnException, ports: Ports) -> dict[str, str]:
    """Raises BusinessException for an unknown exception, an action that its type does not allow, and an approver who
    may not be one."""
    trouble = ports.exceptions.find(command.exception_id)
    if trouble is None:
        raise BusinessException("exception_unknown", exception_id=command.exception_id)
    if trouble.status is ExceptionStatus.RESOLVED:
        try_again(trouble, trouble.resolution or "", ports)  # the first one may have died between the two
        return {"exception_id": trouble.exception_id, "status": "resolved", "resolution": trouble.resolution or ""}
    if command.action not in trouble.actions:
        raise BusinessException("action_not_allowed", action=command.action, allowed=", ".join(trouble.actions))
    check(trouble, command, ports)
    if trouble.type == APPROVAL_DUE and ports.write_offs.find(trouble.subject):  # else the request died before it
        decide(trouble.subject, command.action == "approve", command.by, ports)
    ports.audit_log.append(act_of(trouble, command, ports))
    let_pass(trouble, command, ports)
    settle(ports, trouble.exception_id, command.action, by=command.by)
    try_again(trouble, command.action, ports)
    return {"exception_id": trouble.exception_id, "status": "resolved", "resolution": command.action}


def check(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    """Who asked for a document may not approve it. Raises BusinessException("approver_is_submitter" |
    "approver_is_service")."""
    if command.action == "approve":
        invoice, write_off = ports.invoices.find(trouble.subject), ports.write_offs.find(trouble.subject)
        submitter = invoice.submitter if invoice else write_off.submitter if write_off else None
        check_approver(ports.policies.current(), command.by, submitter)


def act_of(trouble: BillingException, command: ActOnException, ports: Ports) -> Act:
    return Act(
        act_id=f"exception:{trouble.exception_id}:{trouble.raised_at.isoformat()}",
        legal_entity_id=trouble.legal_entity_id,
        who=command.by,
        what=f"exception.{command.action}",
        subject=trouble.subject,
        why=command.reason or trouble.message,
        at=ports.clock.now(),
        before={"status": trouble.status.value, "type": trouble.type, "exception_id": trouble.exception_id},
        after={"status": ExceptionStatus.RESOLVED.value, "resolution": command.action},
    )


def try_again(trouble: BillingException, resolution: str, ports: Ports) -> None:
    """Parked work raised its exception about what it waits for; still refused, it is parked and raised again."""
    if resolution == "retry":
        release(trouble.subject, ports)


def let_pass(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    """A yes to work above a soft cap raises the cap by what was asked about: by whom and when stays in the ledger. Written
    before the question is closed, once per time it was asked."""
    if (trouble.type, command.action) != (OVER_CAP, "approve"):
        return
    over, unit = Decimal(trouble.facts["over"]), trouble.facts["unit"]
    currency = trouble.facts["currency"]
    ports.ledgers.allow(
        trouble.facts["contract_id"],
        Allowance(
            allowance_id=f"{trouble.exception_id}:{trouble.raised_at.isoformat()}",
            line_id=trouble.subject,
            value=Money(Decimal(0) if unit == "minutes" else over, currency),
            minutes=over if unit == "minutes" else Decimal(0),
            approver=command.by,
            approved_at=ports.clock.now(),
        ),
    )
