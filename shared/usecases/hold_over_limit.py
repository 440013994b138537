"""An expense above the limit of its rule: the limit is billed, the rest waits for a yes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.domain.wip import WipItem
from shared.usecases.cancelled_pairs import cancelled_pairs
from shared.usecases.cut_item import cut_id
from shared.usecases.expense_item import above_limit
from shared.usecases.hold_over_cap import OVER_LIMIT, Cut


def over_limit(due: Sequence[WipItem]) -> tuple[Cut, ...]:
    """What is to be cut, or was by an earlier run. Taken back before it was billed, an expense is not cut any more."""
    gone = cancelled_pairs(due)
    cuts = (Cut(item, above_limit(item).amount, reason=OVER_LIMIT) for item in due if item.wip_id not in gone)
    return tuple(cut for cut in cuts if cut.over > 0)


def held_over_limit(items: Sequence[WipItem], approved: Collection[str]) -> tuple[WipItem, ...]:
    """Parts that nobody said yes to. approved: wip ids. The part of an expense that is taken back goes with it."""
    taken_back = {cut_id(item.reverses, OVER_LIMIT) for item in items if item.reverses}
    return tuple(
        item
        for item in items
        if item.valuation.rule == OVER_LIMIT
        and item.value.amount > 0
        and item.source_id not in taken_back
        and item.wip_id not in approved
    )
