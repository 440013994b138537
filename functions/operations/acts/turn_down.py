"""A no, or a mere end: reject, cancel, waive. The saga that waits takes its branch by the word."""

from __future__ import annotations

from functions.operations.acts.command import ActOnException, need_reason
from functions.operations.write_off_acts import APPROVAL_DUE
from shared.domain.exception import BillingException
from shared.faults import BusinessException
from shared.ports.ports import Ports


def effect_of_reject(trouble: BillingException, ports: Ports) -> str:
    if trouble.type == APPROVAL_DUE:
        return "nothing is written off: the work is open again"
    return "it stays as it is, and nothing is credited" if not trouble.task_token else effect_of_cancel(trouble, ports)


def effect_of_cancel(trouble: BillingException, ports: Ports) -> str:
    invoice = ports.invoices.find(trouble.subject)
    if invoice is None:
        return "the saga that waits gives up what it was doing"
    return f"invoice {invoice.invoice_id} is cancelled: its {invoice.item_count} items are open for a later run"


def effect_of_waive(trouble: BillingException, ports: Ports) -> str:
    if trouble.task_token:
        return "not possible: a saga waits for it"
    return "closes the record with your reason; nothing else changes"


def waive(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    """Raises BusinessException("action_lacks" | "saga_waits")."""
    need_reason(command)
    if trouble.task_token:
        raise BusinessException("saga_waits", exception_id=trouble.exception_id, action=command.action)
