"""`billweave exceptions act`: somebody decides. What may be done, and by whom, is the policies'; every act is in the audit log.

Kinds of action lie in functions/operations/acts. An end is told to the saga that waits; the record is closed after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from functions.operations.acts import accept, amend, approve, reassign, retry, snooze, supply, turn_down, write_off
from functions.operations.acts.command import ActOnException, act_of
from functions.operations.acts.preview import allowed
from shared.domain.exception import BillingException, ExceptionStatus
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.trouble import settle
from shared.runtime.wiring import AwsPorts
from shared.usecases.who_may_act import check_may_act

STAYS = {"amend": amend.act, "reassign": reassign.act, "snooze": snooze.act}
"""After these it is still open."""

CHECKS = {"accept": accept.check, "approve": approve.check, "waive": turn_down.waive}
BEFORE_END: dict[str, Callable[[BillingException, ActOnException, Ports], Mapping[str, str] | None]] = {
    "accept": accept.before_end,
    "retry": retry.before_end,
    "supply": supply.before_end,
    "approve": approve.before_end,
    "reject": approve.before_end,
    "write_off": write_off.act,
}
AFTER_END = {"retry": retry.after_end, "supply": supply.after_end}
__all__ = ["ActOnException", "handler"]


@process_step(ActOnException, wire=AwsPorts.from_env)
def handler(command: ActOnException, ports: Ports) -> dict[str, str]:
    """Raises BusinessException for an unknown exception, an action that its type does not allow, and a person who may
    not take it."""
    trouble = ports.exceptions.find(command.exception_id)
    if trouble is None:
        raise BusinessException("exception_unknown", exception_id=command.exception_id)
    if trouble.status is ExceptionStatus.RESOLVED:
        finish(trouble, trouble.resolution or "", ports)  # the first one may have died between the two
        return answer(trouble, "resolved", trouble.resolution or "")
    if command.action not in allowed(trouble):
        raise BusinessException("action_not_allowed", action=command.action, allowed=", ".join(allowed(trouble)))
    check_may_act(ports.policies.current(), trouble, command.by)
    if stays := STAYS.get(command.action):
        return answer(stays(trouble, command, ports), "open", command.action)
    return end(trouble, command, ports)


def end(trouble: BillingException, command: ActOnException, ports: Ports) -> dict[str, str]:
    if check := CHECKS.get(command.action):
        check(trouble, command, ports)
    done = before(trouble, command, ports) if (before := BEFORE_END.get(command.action)) else None
    after = {"status": ExceptionStatus.RESOLVED.value, "resolution": command.action}
    ports.audit_log.append(act_of(trouble, command, ports, after=after | dict(done or {})))
    if command.action == "approve":
        approve.let_pass(trouble, command, ports)
    settle(ports, trouble.exception_id, command.action, by=command.by)
    finish(trouble, command.action, ports)
    return answer(trouble, "resolved", command.action)


def finish(trouble: BillingException, resolution: str, ports: Ports) -> None:
    if after := AFTER_END.get(resolution):
        after(trouble, ports)


def answer(trouble: BillingException, status: str, resolution: str) -> dict[str, str]:
    return {"exception_id": trouble.exception_id, "status": status, "resolution": resolution}
