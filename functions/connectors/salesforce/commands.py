"""The lanes of commands to Salesforce: one handler each."""

from __future__ import annotations

from events.commands import ReportInvoice, ReportProject
from functions.connectors.salesforce.push_invoice_status import report_invoice
from functions.connectors.salesforce.push_project_status import report_project
from functions.connectors.salesforce.wiring import SalesforcePorts
from shared.runtime.command_queue import command_queue

reference = command_queue({ReportProject: report_project}, lane="reference", wire=SalesforcePorts.from_env)
status = command_queue({ReportInvoice: report_invoice}, lane="status", wire=SalesforcePorts.from_env)
