"""ReportProject: the deal shows its project. A PATCH by record id: repeating it writes the same again."""

from __future__ import annotations

from events.commands import ReportProject, ReportResult
from functions.connectors.salesforce.wiring import SalesforcePorts


def report_project(command: ReportProject, ports: SalesforcePorts) -> ReportResult:
    names = ports.own.report
    fields = {
        names.project_id: command.project_id,
        names.project_status: command.status.replace("_", " ").capitalize(),
        names.project_url: command.url,
    }
    ports.client.update("Opportunity", command.opportunity_ref.id, {name: v for name, v in fields.items() if name})
    return ReportResult(ref=command.opportunity_ref)
