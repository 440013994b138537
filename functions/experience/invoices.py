"""Invoices as finance reads them: by legal entity and status, one by any of its ids, and explained line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from shared.domain.contract import Contract
from shared.domain.hold import HoldLevel
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine
from shared.domain.money import Money
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.explain_line import explain_line
from shared.usecases.invoice_of_id import invoice_of_id
from shared.usecases.standing import money_paid, open_of, standing

View = dict[str, Any]


def invoices(ports: Ports, *, legal_entity: str | None = None, status: str | None = None) -> list[View]:
    """One row per invoice, by legal entity and period."""
    return [
        as_view(invoice, ports)
        for invoice in _all(ports, legal_entity)
        if status is None or invoice.status.value == status
    ]


def invoice(ports: Ports, any_id: str) -> View:
    """One invoice, with what its document says: lines, time entries among them, seconds from approval to posting."""
    found = invoice_of_id(any_id, ports)
    lines = document_of(found, ports).lines if found.document_key else ()
    waited = found.posted_at - found.last_approval_at if found.posted_at and found.last_approval_at else None
    return as_view(found, ports) | {
        "lines": len(lines),
        "time_entries": len({line.source_ref for line in lines if line.source_ref and line.unit == "minute"}),
        "seconds_from_last_approval": round(waited.total_seconds(), 1) if waited else None,
    }


def document_of(invoice: Invoice, ports: Ports) -> InvoiceDocument:
    """Raises BusinessException("invoice_not_priced")."""
    if invoice.document_key is None:
        raise BusinessException("invoice_not_priced", invoice_id=invoice.invoice_id, status=invoice.status.value)
    return TypeAdapter(InvoiceDocument).validate_json(ports.documents.get(invoice.document_key))


def as_view(invoice: Invoice, ports: Ports) -> View:
    """Amounts as text, None while not known; a credit memo's are positive, and `paid` is what of it is set against its
    invoice. paid: money; credited: by posted memos. open: what is still to come, or still to the customer's credit.
    status: of the saga; standing: as finance reads it.
    """
    totals, group = invoice.totals, invoice.group
    customer = ports.customers.find(group.customer_id)
    return {
        "invoice_id": invoice.invoice_id,
        "erp_number": invoice.erp_number,
        "legal_entity": group.legal_entity_id,
        "customer": customer.name if customer else group.customer_id,
        "contract_id": group.contract_id,
        "contract_ids": list(invoice.contract_ids),
        "purchase_order": group.purchase_order,
        "period_end": invoice.period_end.isoformat(),
        "kind": invoice.kind.value,
        "credits": invoice.credits,
        "reason": invoice.reason,
        "status": invoice.status.value,
        "standing": standing(invoice),
        "currency": group.currency,
        "items": invoice.item_count,
        "net": _text(totals.net if totals else _as_document(invoice)),
        "tax": _text(totals.tax if totals else None),
        "gross": _text(totals.gross if totals else None),
        "paid": _text(money_paid(invoice) if invoice.paid else None),
        "credited": _text(invoice.credited),
        "open": _text(open_of(invoice)),
        "issued_on": invoice.issued_on.isoformat() if invoice.issued_on else None,
        "due_on": invoice.due_on.isoformat() if invoice.due_on else None,
        "last_approval_at": invoice.last_approval_at.isoformat() if invoice.last_approval_at else None,
        "posted_at": invoice.posted_at.isoformat() if invoice.posted_at else None,
        "rejected_by": invoice.rejected_by,
        "submitter": invoice.submitter,
        "approver": invoice.approver,
        "approved_at": invoice.approved_at.isoformat() if invoice.approved_at else None,
    }


def _as_document(invoice: Invoice) -> Money | None:
    """A memo's items are negative, its document is not."""
    return -invoice.net if invoice.net and invoice.credits else invoice.net


def explain(ports: Ports, any_id: str, line: str | None = None) -> View:
    """The chain behind every line, or behind one: entry, approver, rate and its version, rounding, tax rule, contract."""
    found = invoice_of_id(any_id, ports)
    document = document_of(found, ports)
    wanted = [each for each in document.lines if line in (None, each.line_id, each.wip_id)]
    if not wanted:
        raise BusinessException("line_unknown", invoice_id=found.invoice_id, line=line or "")
    contracts = {each: ports.contracts.get(each) for each in found.contract_ids}
    return {
        "invoice": as_view(found, ports),
        "contract_reference": document.contract_reference,
        "holds": holds_on(found, sorted({line.project_id for line in document.lines}), ports),
        "lines": [
            _chain(each, document, found, contracts[each.contract_id or document.contract_id], ports) for each in wanted
        ],
    }


def holds_on(invoice: Invoice, project_ids: list[str], ports: Ports) -> list[str]:
    """In words, those that stand now: an invoice drafted before they were placed goes on."""
    subjects = [(HoldLevel.CONTRACT, contract_id) for contract_id in invoice.contract_ids]
    subjects += [(HoldLevel.CUSTOMER, invoice.group.customer_id)]
    subjects += [(HoldLevel.PROJECT, project_id) for project_id in project_ids]
    return [hold.words for hold in ports.holds.standing(subjects)]


def _chain(line: InvoiceLine, document: InvoiceDocument, invoice: Invoice, contract: Contract, ports: Ports) -> View:
    item = ports.wip.get(line.wip_id) if line.wip_id else None
    reasons = explain_line(
        document,
        line.line_id,
        invoice=invoice,
        item=item,
        contract=contract,
        project=ports.projects.find(line.project_id),
        card=ports.rate_cards.of_project(line.project_id),
        write_off=ports.write_offs.find(item.decided_by) if item and item.decided_by else None,
    )
    return {
        "line_id": line.line_id,
        "description": line.description,
        "net": _text(line.net),
        "chain": [{"step": each.step, "words": each.words, "facts": each.facts} for each in reasons],
    }


def _all(ports: Ports, legal_entity: str | None) -> Iterator[Invoice]:
    entities = [legal_entity] if legal_entity else [e.legal_entity_id for e in ports.policies.current().legal_entities]
    for entity in entities:
        yield from ports.invoices.of_legal_entity(entity)


def _text(money: Money | None) -> str | None:
    return None if money is None else str(money.rounded().amount)
