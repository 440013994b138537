"""What an administrator of the package configures, and what the vendor notes leave open; beside the platform's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sandbox.salesforce_platform.org import Org
from sandbox.salesforce_platform.settings import Settings


@dataclass
class PsaSettings(Settings):
    """Durable. Every name is a key of `POST /_sim/settings`.

    time_period_type: of the periods at whose borders a timecard is split.
    hours_per_day: 0 counts a day with hours as one day worked; otherwise hours are divided by it.
    yes, no, not_applicable: the words of the text formulas on splits, expenses and milestones, in the org's language.
    project_needs: fields a new project must have, with commas.
    """

    week_starts_on: str = "Monday"
    time_period_type: str = "Month"
    hours_per_day: float = 0
    splits_without_hours: bool = False
    status_ticks_boxes: bool = True
    include_on_approval: bool = True
    approve_for_billing_on_approval: bool = True
    approval_for_billing_used: bool = True
    yes: str = "Yes"
    no: str = "No"
    not_applicable: str = "N/A"
    project_needs: str = "pse__Account__c"
    assignment_needs_schedule: bool = True
    separate_events: bool = False
    invoice_copied_to_sources: bool = True
    invoice_reversal_allowed: bool = True
    rows_per_transaction: int = 0  # 0: no limit; beyond it the package runs out of the governor's CPU time


def of(org: Org) -> PsaSettings:
    return cast(PsaSettings, org.settings)
