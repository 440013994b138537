"""One rate card set of Certinia -> rate_card.changed. What is a card there is one dated rate of a role here.

A card's last day counts; ours end on the day after. A card for a practice, a group or a cascade of roles is left out: we
could not tell whose work it prices, and work that only it prices is an exception rather than a wrong price.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from events.envelope import AnyEnvelope
from events.rate_card_changed.v1 import CardRate, RateCardChanged
from functions.connectors.certinia.mapping import event_of
from functions.connectors.certinia.reading import Row, changed_at, currency_of, number, parent, ref
from functions.connectors.certinia.settings import SYSTEM, CertiniaSettings
from functions.platforms.salesforce.ids import record_id
from shared.domain.identity import canonical_id

ALWAYS = date(2000, 1, 1)
"""The start of a card without one."""
_NOT_TOLD = ("pse__Practice__c", "pse__Group__c", "pse__Cascading_Role__c")


@dataclass(frozen=True)
class CardSet:
    """projects: ids of the projects of ours that point at it."""

    row: Row
    cards: tuple[Row, ...]
    projects: tuple[str, ...]


def rate_card_event(found: CardSet, scope: str, own: CertiniaSettings, *, above: int = 0) -> AnyEnvelope:
    """above: the sequence told last. Raises KeyError or ValueError for a set that cannot be read."""
    subject = canonical_id(scope, SYSTEM, "rate_card", record_id(found.row["Id"]))
    currency = currency_of(found.row, own)
    data = RateCardChanged(
        rate_card_id=subject,
        ref=ref("rate_card", found.row["Id"]),
        name=str(found.row["Name"]),
        currency=currency,
        rates=tuple(_rates(found, currency, own)),
        project_refs=tuple(ref("project", project) for project in found.projects),
    )
    at = max(changed_at(row) for row in (found.row, *found.cards))
    return event_of(data, subject, at, scope, above=above)


def _rates(found: CardSet, currency: str, own: CertiniaSettings) -> Iterator[CardRate]:
    """Without a rate or limited in a way that we do not know: none."""
    for card in found.cards:
        if card.get("pse__Suggested_Bill_Rate__c") is None or any(card.get(name) for name in _NOT_TOLD):
            continue
        ends, theirs = card.get("pse__End_Date__c"), currency_of(card, own)
        starts = card.get("pse__Start_Date__c")
        customer = card.get("pse__Account__c")
        yield CardRate(
            rate_id=record_id(card["Id"]),
            rate_per_hour=number(card["pse__Suggested_Bill_Rate__c"]),
            valid_from=date.fromisoformat(starts) if starts else ALWAYS,
            valid_to=date.fromisoformat(ends) + timedelta(1) if ends else None,
            role=card.get("pse__Role__c") or None,
            region=parent(card, "pse__Region__r").get("Name"),
            customer_ref=ref("account", customer) if customer else None,
            currency=None if theirs == currency else theirs,
        )
