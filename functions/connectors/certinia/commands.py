"""The two lanes of commands to Certinia: setting projects up, and showing there what became of the work."""

from __future__ import annotations

from events.commands import CreateProject, ReportInvoice
from functions.connectors.certinia.push_invoice_status import report_invoice
from functions.connectors.certinia.push_project import create_project
from functions.connectors.certinia.wiring import AwsCertiniaPorts
from shared.runtime.command_queue import command_queue

reference = command_queue({CreateProject: create_project}, lane="reference", wire=AwsCertiniaPorts.from_env)
status = command_queue({ReportInvoice: report_invoice}, lane="status", wire=AwsCertiniaPorts.from_env)
