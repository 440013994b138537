"""Late work: done before the period that its invoice bills. It is billed next and shown as late; long after, only when
somebody agrees."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from shared.domain.contract import Contract
from shared.domain.wip import WipItem, WipKind
from shared.usecases.billing_periods import period_of
from shared.usecases.parse_schedule import parse_schedule

LATE_WORK = "late_work"
_OF_A_DAY = frozenset({WipKind.TIME, WipKind.EXPENSE})
"""What people report after the fact. Instalments, milestones and fees have their own dates."""


@dataclass(frozen=True, slots=True)
class LateRule:
    """before: work done before this day needs a yes. allowed: items (wip ids) that somebody said yes to."""

    before: date
    allowed: Collection[str] = frozenset()

    def holds(self, item: WipItem) -> bool:
        return item.kind in _OF_A_DAY and item.worked_on < self.before and item.wip_id not in self.allowed


def billed_from(schedule_words: str, contract: Contract, period_end: date) -> date | None:
    """The first day of the period that an invoice bills; None for invoices without one (milestones, on demand)."""
    schedule = parse_schedule(schedule_words, starts_on=contract.starts_on)
    return period_of(schedule, period_end).start if schedule.cadence.has_periods else None


def is_late(item: WipItem, begins_on: date | None) -> bool:
    """begins_on: of the billed period."""
    return begins_on is not None and item.kind in _OF_A_DAY and item.worked_on < begins_on


def late_rule(contract: Contract, period_end: date, days: int | None, allowed: Collection[str]) -> LateRule | None:
    """days: of the policy; work may come so many days late before it needs a yes. None: it never does."""
    begins_on = billed_from(contract.billing_schedule, contract, period_end)
    if days is None or begins_on is None:
        return None
    return LateRule(begins_on - timedelta(days=days), allowed)
