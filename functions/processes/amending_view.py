"""The effect of an amendment as people and programs read it: amounts as text, dates in ISO, what is None stays None."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from functions.processes.amending import Amending
from shared.domain.money import Money

View = dict[str, Any]


def effect_view(held: Amending) -> View:
    """One list per concern; `plan_difference` is what the plan bills more (or less, below zero) in the end."""
    effect, currency = held.effect, held.after.currency
    return {
        "amendment_id": held.amendment.amendment_id,
        "contract_id": held.amendment.contract_id,
        "effective_on": held.amendment.effective_on.isoformat(),
        "words": held.amendment.words,
        "currency": currency,
        "open_items": [_row(each) for each in effect.open_items],
        "drafts": [_row(each) for each in effect.drafts],
        "instalments": [_row(each) for each in effect.instalments],
        "backlog": [_row(each) for each in effect.backlog],
        "caps": [_row(each) for each in effect.caps],
        "plan": [_row(each) | {"difference": _text(each.difference)} for each in effect.plan],
        "plan_difference": _text(effect.plan_difference(currency)),
    }


def _row(record: Any) -> View:
    return {field.name: _text(getattr(record, field.name)) for field in fields(record)}


def _text(value: object) -> Any:
    if isinstance(value, Money):
        return f"{value.rounded().amount:f}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
