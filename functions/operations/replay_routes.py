"""Which consumer makes state of which event: the handlers' own steps, as their queues would call them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from functions.processes.billing_status_feedback import record_payment
from functions.processes.milestone_to_invoice import start as milestone
from functions.processes.opportunity_to_project import note_deal, start_setup
from functions.processes.time_to_bill import keep_rate_card, note_hold, record_expense, record_time

CONSUMERS: dict[str, Callable[..., Any]] = {
    "contract.signed.": start_setup.handler.step,
    "opportunity.closed_won.": note_deal.handler.step,
    "time.approved.": record_time.handler.step,
    "expense.approved.": record_expense.handler.step,
    "rate_card.changed.": keep_rate_card.handler.step,
    "billing.hold_": note_hold.handler.step,
    "milestone.completed.": milestone.handler.step,
    "invoice.paid.": record_payment.handler.step,
}
"""Events of the fabric's own steps (project.created, invoice.posted ...) tell what was written with them: nothing is made of
them again."""


def consumer_of(event_type: str) -> Callable[..., Any] | None:
    return next((step for prefix, step in CONSUMERS.items() if event_type.startswith(prefix)), None)
