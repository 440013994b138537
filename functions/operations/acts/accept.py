"""A yes to a plan of credit and rebill: it is carried out. Anything else that is accepted was dealt with outside."""

from __future__ import annotations

from functions.operations.acts.command import ActOnException
from shared.domain.exception import BillingException
from shared.ports.ports import Ports
from shared.usecases.decide_approval import check_approver

PLANS = frozenset({"amendment_plan", "late_rate_change"})
"""Types whose document is a plan of credit and rebill."""


def effect(trouble: BillingException, ports: Ports) -> str:
    if trouble.type not in PLANS:
        return "closes the record: it was dealt with outside"
    facts = trouble.facts
    not_by = f"; not by {facts['submitter']}, who brought it" if "submitter" in facts else ""
    return (
        f"credits {facts['lines']} lines of {facts['invoices']} invoices, {facts['credited']} {facts['currency']}, and bills "
        f"{facts['rebilled']} instead; who accepts does not approve the credit memos{not_by}"
    )


def check(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    """Raises BusinessException("approver_is_submitter" | "approver_is_service")."""
    if trouble.type in PLANS:
        check_approver(ports.policies.current(), command.by, trouble.facts.get("submitter"))


def before_end(trouble: BillingException, command: ActOnException, ports: Ports) -> dict[str, str]:
    """The memos, for the audit log."""
    if trouble.type not in PLANS:
        return {}
    from functions.operations.execute_plan import execute_plan  # few are plans: who only looks at one waits for nothing

    return {"credit_memos": ",".join(execute_plan(trouble, command.by, ports))}
