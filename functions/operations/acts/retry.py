"""Once more: the saga's failed step runs again, what is parked is sent to its queue again."""

from __future__ import annotations

from functions.operations.acts.amend import let_edits_in
from functions.operations.acts.command import ActOnException
from functions.processes.parking import release
from shared.domain.exception import BillingException
from shared.ports.ports import Ports


def effect(trouble: BillingException, ports: Ports) -> str:
    said = []
    if trouble.task_token:
        said.append(f"the saga that waits runs {trouble.facts.get('step', 'its failed step')} again")
    if waiting := len(ports.parking.waiting_for(trouble.subject)):
        said.append(
            f"{waiting} parked deliveries go to their queue again, in order; what still cannot go on is parked again"
        )
    return "; ".join(said) or "closes the record only: the cause is put right in the source system, which tells it anew"


def before_end(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    """Raises BusinessException("approver_is_submitter") where this person amended what would be released."""
    let_edits_in(trouble, command.by, ports)


def after_end(trouble: BillingException, ports: Ports) -> None:
    """Parked work raised its exception about what it waits for; still refused, it is parked and raised again."""
    release(trouble.subject, ports)
