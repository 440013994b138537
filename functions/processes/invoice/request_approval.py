"""Step: the invoice is over the policy's threshold; the saga waits for a person who may approve it."""

from __future__ import annotations

from pydantic import Field

from shared.domain.invoice import Invoice
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.trouble import raise_trouble
from shared.runtime.wiring import AwsPorts


class RequestApproval(Input):
    invoice_id: str
    correlation_id: str
    gross: str
    currency: str
    task_token: str = Field(repr=False)


@process_step(RequestApproval, wire=AwsPorts.from_env)
def handler(command: RequestApproval, ports: Ports) -> dict[str, str]:
    invoice = ports.invoices.get(command.invoice_id)
    trouble = raise_trouble(
        ports,
        "invoice_approval_due",
        command.invoice_id,
        legal_entity_id=invoice.group.legal_entity_id,
        correlation_id=command.correlation_id,
        facts=facts_of(invoice, command),
        task_token=command.task_token,
    )
    return {"exception_id": trouble.exception_id}


def facts_of(invoice: Invoice, command: RequestApproval) -> dict[str, str]:
    """submitter: who asked for it, and so may not approve it."""
    told = {
        "gross": command.gross,
        "currency": command.currency,
        "customer_id": invoice.group.customer_id,
        "submitter": invoice.submitter,
        "credits": invoice.credits,
        "reason": invoice.reason,
    }
    return {name: value for name, value in told.items() if value}
