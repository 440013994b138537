"""Step: the invoice as it stands now, in the words of the commands to PSA and CRM: one report for each of its contracts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from events.commands import ReportInvoice
from functions.processes.from_events import as_ref
from shared.domain.identity import derived_id
from shared.domain.invoice import ContractShare, Invoice
from shared.domain.money import Money
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.priced_shares import paid_shares
from shared.usecases.standing import money_paid, standing_of


class PlanFeedback(Input):
    invoice_id: str
    correlation_id: str


@process_step(PlanFeedback, wire=AwsPorts.from_env)
def handler(command: PlanFeedback, ports: Ports) -> dict[str, Any]:
    invoice = ports.invoices.get(command.invoice_id)
    return {"reports": [each.model_dump(mode="json") for each in as_reports(invoice, ports)]}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of an invoice, or of what of it belongs to one contract."""

    net: Decimal
    gross: Decimal
    paid: Decimal
    credited: Decimal


def as_reports(invoice: Invoice, ports: Ports) -> list[ReportInvoice]:
    """Of an invoice by customer each deal and each contract's first project is told its own part; the parts sum to it."""
    if invoice.totals is None or invoice.document_key is None:
        raise BusinessException("invoice_not_priced", invoice_id=invoice.invoice_id)
    if not invoice.shares:
        return [as_report(invoice, invoice.group.contract_id, of_whole(invoice), ports)]
    paid = paid_shares(invoice, money_paid(invoice))
    return [
        as_report(invoice, each.contract_id, of_share(each, paid[each.contract_id]), ports) for each in invoice.shares
    ]


def of_whole(invoice: Invoice) -> Figures:
    zero = Money.zero(invoice.group.currency)
    totals, credited = invoice.totals, invoice.credited or zero
    net, gross = (totals.net, totals.gross) if totals else (zero, zero)
    return Figures(net.amount, gross.amount, money_paid(invoice).amount, credited.amount)


def of_share(share: ContractShare, paid: Money) -> Figures:
    zero = Money.zero(paid.currency)
    net = (share.net or zero) + (share.by_clause or zero)
    return Figures(net.amount, (share.gross or zero).amount, paid.amount, (share.credited or zero).amount)


def as_report(invoice: Invoice, contract_id: str, figures: Figures, ports: Ports) -> ReportInvoice:
    group = invoice.group
    own = group.project_id if contract_id == group.contract_id else derived_id("project", contract_id)
    return ReportInvoice(
        invoice_id=report_id(invoice, contract_id),
        contract_id=contract_id if invoice.shares else None,
        document_key=invoice.document_key or "",
        opportunity_ref=as_ref(ports.contracts.get(contract_id).ref),
        customer_ref=as_ref(ports.customers.get(group.customer_id).ref),
        project_refs=tuple(as_ref(ref) for ref in ports.projects.get(own).refs),
        number=invoice.erp_number,
        status=standing_of(invoice.status, figures.gross, figures.paid, figures.credited),
        currency=group.currency,
        net=figures.net,
        tax=figures.gross - figures.net,
        gross=figures.gross,
        paid=figures.paid,
        credited=figures.credited,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
    )


def report_id(invoice: Invoice, contract_id: str) -> str:
    """What CRM and PSA keep it under: the invoice's own id for the contract it is named after, one per other contract."""
    if contract_id == invoice.group.contract_id:
        return invoice.invoice_id
    return derived_id("report", invoice.invoice_id, contract_id)
