"""Step: the invoice as it stands now, in the words of the commands to PSA and CRM."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from events.commands import ReportInvoice
from functions.processes.from_events import as_ref
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.wiring import AwsPorts


class PlanFeedback(BaseModel):
    invoice_id: str
    correlation_id: str


@process_step(PlanFeedback, wire=AwsPorts.from_env)
def handler(command: PlanFeedback, ports: Ports) -> dict[str, Any]:
    invoice = ports.invoices.get(command.invoice_id)
    report = as_report(invoice, ports).model_dump(mode="json")
    return {"psa": report, "crm": report}


def as_report(invoice: Invoice, ports: Ports) -> ReportInvoice:
    if invoice.totals is None or invoice.document_key is None:
        raise BusinessException("invoice_not_priced", invoice_id=invoice.invoice_id)
    group = invoice.group
    project = ports.projects.get(group.project_id)
    return ReportInvoice(
        invoice_id=invoice.invoice_id,
        document_key=invoice.document_key,
        opportunity_ref=as_ref(ports.contracts.get(group.contract_id).ref),
        customer_ref=as_ref(ports.customers.get(group.customer_id).ref),
        project_refs=tuple(as_ref(ref) for ref in project.refs),
        number=invoice.erp_number,
        status=shown_status(invoice),
        currency=group.currency,
        net=invoice.totals.net.amount,
        tax=invoice.totals.tax.amount,
        gross=invoice.totals.gross.amount,
        paid=money_paid(invoice),
        credited=invoice.credited.amount if invoice.credited else Decimal(0),
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
    )


def shown_status(invoice: Invoice) -> str:
    """As sales and delivery read it: posted, part paid, paid, credited (in full), part credited, rejected.

    Part paid goes before part credited; paid and credited in one is paid: nothing is open.
    """
    if invoice.status not in (InvoiceStatus.POSTED, InvoiceStatus.PAID):
        return invoice.status.value
    credited = invoice.credited.amount if invoice.credited else Decimal(0)
    if credited and invoice.totals and credited >= invoice.totals.gross.amount:
        return "credited"
    if invoice.status is InvoiceStatus.PAID:
        return invoice.status.value
    if money_paid(invoice) > 0:
        return "part_paid"
    return "part_credited" if credited else invoice.status.value


def money_paid(invoice: Invoice) -> Decimal:
    """The ERP counts a credit memo that is set against the invoice as paid; this is what came besides."""
    settled = invoice.paid.amount if invoice.paid else Decimal(0)
    return max(settled - (invoice.credit_applied.amount if invoice.credit_applied else Decimal(0)), Decimal(0))
