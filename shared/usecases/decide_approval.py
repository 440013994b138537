"""Does another person have to approve this document, by which rule; and who may not be that person."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.contract import Contract
from shared.domain.money import Money
from shared.domain.parties import Customer
from shared.domain.policies import ApprovalDocument, ApprovalRule, Policies
from shared.faults import BusinessException


@dataclass(frozen=True, slots=True)
class Approval:
    """rule: "approvals[2]" as a reader of the file finds it, "approval_over.EUR", or "no rule"."""

    needed: bool
    rule: str


def decide_approval(
    policies: Policies,
    document: ApprovalDocument,
    value: Money,
    contract: Contract,
    customer: Customer | None = None,
) -> Approval:
    """value: gross of an invoice or credit memo, value of a write-off; its sign does not count.

    The first rule that fits decides; without one `approval_over` does for invoices and credit memos. Where nothing
    decides a person approves: a hole in the policies lets nothing through.
    Source: docs/billing.md, "Approvals".
    """
    amount = abs(value.amount)
    for number, rule in enumerate(policies.approvals, start=1):
        if rule.document is document and _fits(rule, value.currency, contract, customer):
            return Approval(amount > rule.over, f"approvals[{number}]")
    threshold = policies.approval_over.get(value.currency)
    if document is not ApprovalDocument.WRITE_OFF and threshold is not None:
        return Approval(amount > threshold, f"approval_over.{value.currency}")
    return Approval(True, "no rule")


def check_approver(policies: Policies, approver: str, submitter: str | None) -> None:
    """Raises BusinessException("approver_is_submitter" | "approver_is_service").

    submitter: None where no person asked for the document. Names are compared without case and outer blanks.
    """
    if is_service(policies, approver):
        raise BusinessException("approver_is_service", approver=approver)
    if submitter is not None and _same(approver) == _same(submitter):
        raise BusinessException("approver_is_submitter", approver=approver, submitter=submitter)


def is_service(policies: Policies, name: str) -> bool:
    """No person, or nobody at all."""
    return not name.strip() or _same(name) in {_same(service) for service in policies.services}


def _same(name: str) -> str:
    return name.strip().casefold()


def _fits(rule: ApprovalRule, currency: str, contract: Contract, customer: Customer | None) -> bool:
    customers = {contract.customer_id, customer.ref.id if customer else contract.customer_id}
    return (
        rule.currency == currency
        and rule.legal_entity in (None, contract.legal_entity_id)
        and (rule.customer is None or rule.customer in customers)
        and (rule.contract_kind is None or rule.contract_kind in {line.kind.value for line in contract.lines})
    )
