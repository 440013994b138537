"""`billweave exceptions act`: somebody decides. The saga that waits goes on with it; a retry frees what is parked."""

from __future__ import annotations

from pydantic import BaseModel, Field

from functions.processes.parking import release
from shared.domain.exception import BillingException, ExceptionStatus
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.trouble import settle
from shared.runtime.wiring import AwsPorts
from shared.usecases.check_approver import check_not_submitter


class ActOnException(BaseModel):
    exception_id: str
    action: str
    by: str = Field(min_length=1)


@process_step(ActOnException, wire=AwsPorts.from_env)
def handler(command: ActOnException, ports: Ports) -> dict[str, str]:
    """Raises BusinessException for an unknown exception, an action that its type does not allow, an approver who asked
    for it."""
    trouble = ports.exceptions.find(command.exception_id)
    if trouble is None:
        raise BusinessException("exception_unknown", exception_id=command.exception_id)
    if trouble.status is ExceptionStatus.RESOLVED:
        try_again(trouble, trouble.resolution or "", ports)  # the first one may have died between the two
        return {"exception_id": trouble.exception_id, "status": "resolved", "resolution": trouble.resolution or ""}
    if command.action not in trouble.actions:
        raise BusinessException("action_not_allowed", action=command.action, allowed=", ".join(trouble.actions))
    if command.action == "approve":
        check_not_submitter(command.by, trouble.facts.get("submitter"))
    settle(ports, trouble.exception_id, command.action, by=command.by)
    try_again(trouble, command.action, ports)
    return {"exception_id": trouble.exception_id, "status": "resolved", "resolution": command.action}


def try_again(trouble: BillingException, resolution: str, ports: Ports) -> None:
    """Parked work raised its exception about what it waits for; still refused, it is parked and raised again."""
    if resolution == "retry":
        release(trouble.subject, ports)
