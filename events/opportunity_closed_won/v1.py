"""opportunity.closed_won: a deal was won in the CRM. Producer: connectors/crm."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from events.envelope import EventData
from events.values import Amount, Party, Ref


class OpportunityClosedWon(EventData):
    """contract_reference: the number of the signed contract, None while the CRM has none."""

    event_type: ClassVar[str] = "opportunity.closed_won.v1"
    opportunity_id: str
    ref: Ref
    name: str
    customer: Party
    value: Amount
    closed_on: date
    contract_reference: str | None = None
