"""Who sends what to whom, as data: the AsyncAPI document is written from it, and tests hold it against the handlers."""

from __future__ import annotations

from dataclasses import dataclass

CRM, PSA, ERP = "connectors/crm", "connectors/psa", "connectors/erp"
"""The connector of the system that has the role in a deployment: docs/connectors.md says which there are."""
SETUP, TIME_TO_BILL = "processes/opportunity_to_project", "processes/time_to_bill"
MILESTONE, INVOICE = "processes/milestone_to_invoice", "processes/invoice"
FEEDBACK = "processes/billing_status_feedback"
AMENDMENTS = "processes/amendments"
HOLDS, WRITE_OFFS = "processes/holds", "processes/write_offs"
EXCEPTIONS = "processes/exceptions"
"""Opened and closed by any process or operation, in one place."""


@dataclass(frozen=True, slots=True)
class Route:
    """sent_by: rooms that announce it. received_by: rooms with a queue for it; none: it is for the record, trace and
    read models.
    """

    sent_by: tuple[str, ...]
    received_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandRoute:
    """role: of the system asked ("crm", "psa", "erp"); the deployment says which system that is. lane: of its queues,
    posting before reference before status.
    """

    sent_by: str
    role: str
    lane: str

    @property
    def queue(self) -> str:
        """{erp}-posting: the role's system stands for it in the deployment."""
        return f"{{{self.role}}}-{self.lane}"


EVENT_ROUTES: dict[str, Route] = {
    "opportunity.closed_won.v1": Route((CRM,), (SETUP,)),
    "contract.signed.v1": Route((CRM,), (SETUP,)),
    "contract.amended.v1": Route((AMENDMENTS,)),
    "project.created.v1": Route((SETUP,)),
    "project.activated.v1": Route((SETUP,)),
    "project.blocked.v1": Route((SETUP,)),
    "rate_card.changed.v1": Route((PSA,), (TIME_TO_BILL,)),
    "time.approved.v1": Route((PSA,), (TIME_TO_BILL,)),
    "expense.approved.v1": Route((PSA,), (TIME_TO_BILL,)),
    "milestone.completed.v1": Route((PSA,), (MILESTONE,)),
    "billing.hold_placed.v1": Route((PSA,), (TIME_TO_BILL,)),
    "billing.hold_released.v1": Route((PSA,), (TIME_TO_BILL,)),
    "hold.changed.v1": Route((HOLDS,)),
    "wip.recorded.v1": Route((TIME_TO_BILL,)),
    "write_off.changed.v1": Route((WRITE_OFFS,)),
    "invoice.requested.v1": Route((INVOICE,)),
    "invoice.posted.v1": Route((INVOICE,), (FEEDBACK,)),
    "invoice.rejected.v1": Route((INVOICE,), (FEEDBACK,)),
    "invoice.paid.v1": Route((ERP,), (FEEDBACK,)),
    "credit_memo.requested.v1": Route((INVOICE,)),
    "credit_memo.posted.v1": Route((INVOICE,), (FEEDBACK,)),
    "credit_memo.rejected.v1": Route((INVOICE,)),
    "exception.raised.v1": Route((EXCEPTIONS,)),
    "exception.resolved.v1": Route((EXCEPTIONS,)),
}

COMMAND_ROUTES: dict[str, tuple[CommandRoute, ...]] = {
    "EnsureCustomer": (CommandRoute(SETUP, "erp", "reference"),),
    "CreateProject": (CommandRoute(SETUP, "psa", "reference"),),
    "EnsureErpProject": (CommandRoute(SETUP, "erp", "reference"),),
    "PostInvoice": (CommandRoute(INVOICE, "erp", "posting"),),
    "PostCreditMemo": (CommandRoute(INVOICE, "erp", "posting"),),
    "ReportProject": (CommandRoute(SETUP, "crm", "reference"),),
    "ReportInvoice": (CommandRoute(FEEDBACK, "psa", "status"), CommandRoute(FEEDBACK, "crm", "status")),
}

ROLES = {
    "crm": ("salesforce",),
    "psa": ("kantata", "certinia"),
    "erp": ("netsuite", "business_central", "sap_s4hana"),
}
"""Systems that can have each role, for people who read the document; the first where a deployment names no other."""
