"""The discount on an amount, tier by tier."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.money import Money
from shared.domain.terms import Discount


def tiered_discount(discount: Discount, volume: Money) -> Money:
    """What is taken off a volume, rounded once: each tier's percent of the part of the volume that lies in it.

    Below the first tier, and for a volume that is not positive, nothing. Source: docs/billing.md, "Discounts".
    """
    total = Money.zero(volume.currency)
    for place, tier in enumerate(discount.tiers):
        upper = discount.tiers[place + 1].over if place + 1 < len(discount.tiers) else None
        top = min(volume.amount, upper.amount) if upper else volume.amount
        part = max(top - tier.over.amount, Decimal(0))
        total += Money(part, volume.currency).percent(tier.percent)
    return total.rounded()


def terms_key(discount: Discount) -> str:
    """What the terms say, as text: figures reckoned by other terms are never reckoned anew by these."""
    return ";".join([discount.basis.value, *(f"{tier.over.amount}:{tier.percent}" for tier in discount.tiers)])
