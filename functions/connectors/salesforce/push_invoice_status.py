"""ReportInvoice: the invoice and its state beside the deal, by external-id upsert, so that a repeat finds the first."""

from __future__ import annotations

from typing import Any

from events.commands import ReportInvoice, ReportResult
from events.values import Ref
from functions.connectors.salesforce.settings import SYSTEM
from functions.connectors.salesforce.wiring import SalesforcePorts


def report_invoice(command: ReportInvoice, ports: SalesforcePorts) -> ReportResult:
    names = ports.own.report
    record = ports.client.upsert(names.invoice_object, names.external_id, command.invoice_id, to_fields(command, ports))
    return ReportResult(ref=Ref(system=SYSTEM, kind="invoice", id=record))


def to_fields(command: ReportInvoice, ports: SalesforcePorts) -> dict[str, Any]:
    """Neither Id nor the key: Salesforce refuses both in the body of an upsert. Amounts are JSON numbers, exact."""
    fields: dict[str, Any] = {
        "Name": (command.number or command.invoice_id)[:80],
        "Opportunity__c": command.opportunity_ref.id if command.opportunity_ref else None,
        "Account__c": command.customer_ref.id if command.customer_ref else None,
        "Number__c": command.number,
        "Status__c": command.status.replace("_", " ").capitalize(),
        "Currency__c": command.currency,
        "Net__c": command.net,
        "Tax__c": command.tax,
        "Gross__c": command.gross,
        "Amount_Paid__c": command.paid,
        "Invoice_Date__c": command.issued_on.isoformat() if command.issued_on else None,
        "Due_Date__c": command.due_on.isoformat() if command.due_on else None,
    }
    return {name: value for name, value in fields.items() if value is not None}
