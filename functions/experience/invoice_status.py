"""Where one invoice stands, by any of its ids: for portals and for the systems that show it."""

from __future__ import annotations

from functions.experience.answers import InvoiceStatusAnswer
from shared.domain.money import Money
from shared.ports.ports import Ports
from shared.usecases.invoice_of_id import invoice_of_id
from shared.usecases.standing import money_paid, open_of, standing


def invoice_status(ports: Ports, any_id: str) -> InvoiceStatusAnswer:
    """paid: money; outstanding: what neither money nor credit has settled of what is posted. Raises BusinessException("invoice_unknown")."""
    invoice = invoice_of_id(any_id, ports)
    totals = invoice.totals
    return InvoiceStatusAnswer(
        invoice_id=invoice.invoice_id,
        kind=invoice.kind.value,
        status=invoice.status.value,
        standing=standing(invoice),
        erp_number=invoice.erp_number,
        contract_id=invoice.group.contract_id,
        contract_ids=invoice.contract_ids,
        period_end=invoice.period_end,
        currency=invoice.group.currency,
        net=_text(totals.net if totals else invoice.net),
        tax=_text(totals.tax if totals else None),
        gross=_text(totals.gross if totals else None),
        paid=_text(money_paid(invoice) if invoice.posted_at else None),
        credited=_text(invoice.credited),
        outstanding=_text(open_of(invoice)),
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        posted_at=invoice.posted_at,
        approver=invoice.approver,
        refused_by=invoice.rejected_by,
    )


def _text(money: Money | None) -> str | None:
    return None if money is None else f"{money.rounded().amount:f}"
