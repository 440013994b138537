"""A yes: never by the person who asked for what is approved."""

from __future__ import annotations

from decimal import Decimal

from functions.operations.acts.command import ActOnException
from functions.operations.write_off_acts import APPROVAL_DUE, decide
from shared.domain.exception import BillingException
from shared.domain.ledger import Allowance
from shared.domain.money import Money
from shared.ports.ports import Ports
from shared.usecases.decide_approval import check_approver
from shared.usecases.hold_over_cap import OVER_CAP


def effect(trouble: BillingException, ports: Ports) -> str:
    facts = trouble.facts
    if trouble.type == OVER_CAP:
        return f"{facts.get('over')} {facts.get('unit')} may be billed above the cap; the next run takes them"
    if trouble.type == APPROVAL_DUE:
        return f"{facts.get('value')} {facts.get('currency')} are written off; not by {facts.get('submitter')}"
    invoice = ports.invoices.find(trouble.subject)
    if invoice is not None:
        gross = invoice.totals.gross if invoice.totals else None
        amount = f" of {gross.amount:f} {gross.currency}" if gross else ""
        not_by = f"; not by {invoice.submitter}, who asked for it" if invoice.submitter else ""
        return f"invoice {invoice.invoice_id}{amount} goes on to the ERP{not_by}"
    return "the next billing run takes what was held"


def check(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    """Raises BusinessException("approver_is_submitter" | "approver_is_service")."""
    invoice, write_off = ports.invoices.find(trouble.subject), ports.write_offs.find(trouble.subject)
    submitter = invoice.submitter if invoice else write_off.submitter if write_off else None
    check_approver(ports.policies.current(), command.by, submitter)


def before_end(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    if trouble.type == APPROVAL_DUE and ports.write_offs.find(trouble.subject):  # else the request died before it
        decide(trouble.subject, command.action == "approve", command.by, ports)


def let_pass(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    """A yes to work above a soft cap raises the cap by what was asked about: by whom and when stays in the ledger. Written
    before the question is closed, once per time it was asked."""
    if trouble.type != OVER_CAP:
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
