"""Every published event version, and how older versions are read as the newest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from events.billing_hold_placed.v1 import BillingHoldPlaced
from events.billing_hold_released.v1 import BillingHoldReleased
from events.contract_amended.v1 import ContractAmended
from events.contract_signed.v1 import ContractSigned
from events.credit_memo_posted.v1 import CreditMemoPosted
from events.credit_memo_rejected.v1 import CreditMemoRejected
from events.credit_memo_requested.v1 import CreditMemoRequested
from events.envelope import EventData
from events.exception_raised.v1 import ExceptionRaised
from events.exception_resolved.v1 import ExceptionResolved
from events.expense_approved.v1 import ExpenseApproved
from events.hold_changed.v1 import HoldChanged
from events.invoice_paid.v1 import InvoicePaid
from events.invoice_posted.v1 import InvoicePosted
from events.invoice_rejected.v1 import InvoiceRejected
from events.invoice_requested.v1 import InvoiceRequested
from events.milestone_completed.v1 import MilestoneCompleted
from events.opportunity_closed_won.v1 import OpportunityClosedWon
from events.project_activated.v1 import ProjectActivated
from events.project_blocked.v1 import ProjectBlocked
from events.project_created.v1 import ProjectCreated
from events.rate_card_changed.v1 import RateCardChanged
from events.time_approved.v1 import TimeApproved
from events.wip_recorded.v1 import WipRecorded
from events.write_off_changed.v1 import WriteOffChanged

_MODELS: tuple[type[EventData], ...] = (
    OpportunityClosedWon,
    ContractSigned,
    ContractAmended,
    ProjectCreated,
    ProjectActivated,
    ProjectBlocked,
    RateCardChanged,
    TimeApproved,
    ExpenseApproved,
    MilestoneCompleted,
    BillingHoldPlaced,
    BillingHoldReleased,
    HoldChanged,
    WipRecorded,
    WriteOffChanged,
    InvoiceRequested,
    InvoicePosted,
    InvoiceRejected,
    InvoicePaid,
    CreditMemoRequested,
    CreditMemoPosted,
    CreditMemoRejected,
    ExceptionRaised,
    ExceptionResolved,
)
PUBLISHED: dict[str, type[EventData]] = {model.event_type: model for model in _MODELS}

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: dict[str, tuple[str, Upcaster]] = {}
"""From one published type to the next version's: {"time.approved.v1": ("time.approved.v2", upcast)}."""


def upcast(event_type: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The newest version of this event that we can read it as."""
    while event_type in UPCASTERS:
        event_type, step = UPCASTERS[event_type]
        data = step(data)
    return event_type, data
