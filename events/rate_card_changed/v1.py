"""rate_card.changed: a rate card as it stands now, whole. Producer: connectors/psa."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from events.envelope import EventData
from events.values import CurrencyCode, DecimalText, Ref


class CardRate(EventData):
    """role, region and the refs: what the rate is for, None matches any. Half-open validity [valid_from, valid_to).

    The refs are in the card's system; the consumer resolves project, contract and customer. currency: where it is not
    the card's.
    """

    rate_id: str
    rate_per_hour: DecimalText
    valid_from: date
    valid_to: date | None = None
    role: str | None = None
    person_ref: Ref | None = None
    project_ref: Ref | None = None
    task_ref: Ref | None = None
    assignment_ref: Ref | None = None
    contract_ref: Ref | None = None
    customer_ref: Ref | None = None
    region: str | None = None
    currency: CurrencyCode | None = None


class RateCardChanged(EventData):
    """project_refs: the projects priced by this card."""

    event_type: ClassVar[str] = "rate_card.changed.v1"
    rate_card_id: str
    ref: Ref
    name: str
    currency: CurrencyCode
    rates: tuple[CardRate, ...]
    project_refs: tuple[Ref, ...] = ()
