"""ReportInvoice: delivery sees in Kantata what became of the work it approved.

The first report makes a Kantata invoice of the same time entries and expenses, so that they show as invoiced and nobody
changes them; our reference on it carries the ERP's number and status. Later reports change the reference only. A rejected
or cancelled invoice is cancelled there too, which frees its entries. Kantata never bills anybody by it.
"""

from __future__ import annotations

from events.commands import ReportInvoice, ReportResult
from functions.connectors.kantata.invoice_body import invoice_body
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.reading import ref
from functions.connectors.kantata.references import INVOICE, find_subject, put_reference
from functions.connectors.kantata.settings import SYSTEM
from shared.adapters.invoice_document import read_document
from shared.faults import BusinessException, Duplicate, Transient

LANE = "status"
ENDED = frozenset({"rejected", "cancelled"})


def report_invoice(command: ReportInvoice, ports: KantataPorts) -> ReportResult:
    """ref: the Kantata invoice, None where none was made: the invoice ended before, or only takes work back."""
    found = find_subject(ports.kantata, INVOICE, command.invoice_id, lane=LANE)
    if found is None and command.status in ENDED:
        return ReportResult()
    invoice_id = found or _make(command, ports)
    if invoice_id is None:
        return ReportResult()
    if command.status in ENDED:
        _cancel(invoice_id, ports)
    put_reference(
        ports.kantata,
        INVOICE,
        invoice_id,
        command.invoice_id,
        lane=LANE,
        status=command.status,
        message=command.number or "",
    )
    return ReportResult(ref=ref("invoice", invoice_id))


def _make(command: ReportInvoice, ports: KantataPorts) -> str | None:
    """The reference rides inside the new invoice, so a lost answer is found by it, now or by the next attempt."""
    document = read_document(ports.documents.get(command.document_key))
    body = invoice_body(command, document, _workspace(command))
    if body is None:
        return None
    try:
        return str(ports.kantata.create("/invoices", {"invoice": body}, lane=LANE)["id"])
    except (Transient, Duplicate):
        found = find_subject(ports.kantata, INVOICE, command.invoice_id, lane=LANE)
        if found is None:
            raise
        return found


def _workspace(command: ReportInvoice) -> str:
    """Raises BusinessException("psa_project_unknown")."""
    for project in command.project_refs:
        if project.system == SYSTEM and project.kind == "workspace":
            return project.id
    raise BusinessException("psa_project_unknown", invoice_id=command.invoice_id)


def _cancel(invoice_id: str, ports: KantataPorts) -> None:
    """Cancelled already is as good."""
    row = ports.kantata.find("/invoices", {"only": invoice_id}, lane=LANE)
    if row is not None and row.get("status") != "cancelled":
        ports.kantata.change(f"/invoices/{invoice_id}/cancel", {}, lane=LANE)
