"""The price that an amendment signed for an hour of work, as a card of one rate; it goes before any rate card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from shared.domain.contract import Contract
from shared.domain.rate_card import Rate, RateCard
from shared.domain.wip import WipItem

SIGNED = "signed"


def signed_card(contract: Contract, *, role: str | None, worked_on: date) -> RateCard | None:
    """None where no amendment signed a price for this role and day.

    A rate for the role goes before one for everybody; of two, the one signed last.
    Source: docs/billing.md, "Which rate".
    """
    fitting = [rate for rate in contract.rates if rate.valid_on(worked_on) and rate.role in (None, role)]
    if not fitting:
        return None
    _, signed = max(enumerate(fitting), key=lambda each: (each[1].role is not None, each[0]))
    rate = Rate(signed.rate_id, signed.rate_per_hour, signed.valid_from, signed.valid_to, role=signed.role)
    version = contract.amendments[-1].amendment_id if contract.amendments else ""
    return RateCard(contract.contract_id, contract.ref, "amendment", contract.currency, version, (rate,))


def as_signed(item: WipItem) -> WipItem:
    """The item says that its price was signed, not taken from a card: rule "signed_role", "signed_card_default"."""
    return replace(item, valuation=replace(item.valuation, rule=f"{SIGNED}_{item.valuation.rule}"))
