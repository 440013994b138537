"""ReportInvoice: delivery sees in Certinia what became of the work it approved.

The package records invoices on billing events, and shows them on what those list; where nobody generated events, and no
API can, the splits, expenses and milestones themselves carry number, date and our invoice's id and status. The first
report goes by the invoice's lines, later ones by what shows the invoice: a line that a later invoice bills anew is left to
that one. A rejected or cancelled invoice is taken off again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from events.commands import ReportInvoice, ReportResult
from functions.connectors.certinia.invoiced_lines import (
    LANE,
    Line,
    own_work,
    read_lines,
    read_marked,
    whole_events,
)
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.reading import Row, value
from functions.connectors.certinia.settings import SYSTEM, CertiniaSettings
from functions.connectors.certinia.write_many import change_all
from functions.platforms.salesforce.ids import record_id
from shared.adapters.invoice_document import read_document
from shared.domain.identity import ExternalRef
from shared.faults import BusinessException

ENDED = frozenset({"rejected", "cancelled"})
NUMBER, OWN = 80, 80
"""The longest invoice number and status that the fields take."""


def report_invoice(command: ReportInvoice, ports: CertiniaPorts) -> ReportResult:
    """No ref: Certinia has no record of its own for an invoice."""
    shown = ExternalRef(SYSTEM, "shown", command.invoice_id)
    if command.status in ENDED or ports.references.canonical(shown) is not None:
        _write(read_marked(command.invoice_id, ports), command, ports)
        return ReportResult()
    document = read_document(ports.documents.get(command.document_key))
    billed = own_work(document.lines)
    lines = read_lines(billed, ports)
    events = whole_events(lines, ports)
    _write(events, command, ports)
    _write(_besides(lines, events, command, ports), command, ports)
    ports.references.link(shown, command.invoice_id)
    _miss(billed, lines)
    return ReportResult()


def _miss(billed: Mapping[str, Sequence[str]], lines: Iterable[Line]) -> None:
    """Raises BusinessException("psa_record_missing") for billed work that is deleted, or that we may not see. What is there
    shows the invoice by now."""
    there = {line.id for line in lines}
    gone = [id_ for ids in billed.values() for id_ in ids if record_id(id_) not in there]
    if gone:
        raise BusinessException("psa_record_missing", records=str(len(gone)), ids=",".join(gone[:5]))


def _besides(lines: list[Line], events: list[Line], command: ReportInvoice, ports: CertiniaPorts) -> Iterable[Line]:
    """Lines that no event shows the invoice for: whether the package copies it to them is the org's matter."""
    whole = {event.id for event in events}
    under: dict[str, list[str]] = {}
    for line in lines:
        if line.event in whole:
            under.setdefault(line.kind, []).append(line.id)
    copied = [line for line in read_lines(under, ports) if not _shows(line.row, _package_fields(command))]
    return [*(line for line in lines if line.event not in whole), *copied]


def _write(lines: Iterable[Line], command: ReportInvoice, ports: CertiniaPorts) -> None:
    """What shows it already is left alone: a repeated report writes nothing."""
    fields = fields_of(command, ports.psa)
    records: list[Row] = [
        {"attributes": {"type": line.kind}, "id": line.id} | fields for line in lines if not _shows(line.row, fields)
    ]
    change_all(records, ports, lane=LANE)


def _shows(row: Row, fields: Row) -> bool:
    return all(value(row, name) == wanted for name, wanted in fields.items())


def fields_of(command: ReportInvoice, own: CertiniaSettings) -> dict[str, Any]:
    ours = {own.fields.invoice: command.invoice_id, own.fields.invoice_status: command.status[:OWN]}
    return ours | (_package_fields(command) if own.write_back == "invoice" else {})


def _package_fields(command: ReportInvoice) -> dict[str, Any]:
    """All three in one write; before the ERP gave a number there is nothing that the package could show."""
    if command.status in ENDED:
        return {"pse__Invoiced__c": False, "pse__Invoice_Number__c": None, "pse__Invoice_Date__c": None}
    if not command.number:
        return {}
    issued = command.issued_on.isoformat() if command.issued_on else None
    return {
        "pse__Invoiced__c": True,
        "pse__Invoice_Number__c": command.number[:NUMBER],
        "pse__Invoice_Date__c": issued,
    }
