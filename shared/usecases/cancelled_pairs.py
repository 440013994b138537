"""Items that cancel exactly: one taken back before anybody was billed for it."""

from __future__ import annotations

from collections.abc import Iterable

from shared.domain.wip import WipItem


def cancelled_pairs(items: Iterable[WipItem]) -> frozenset[str]:
    """Ids of the items, and of their reversals, that are both among `items`.

    They go on the same invoice, so that every item ends on one, but are no lines of it: the customer never saw the
    first and need not read about the second. `explain` still shows them.
    Source: docs/billing.md, "Cancelled pairs".
    """
    there = {item.wip_id: item for item in items}
    pairs = [(item, there[item.reverses]) for item in there.values() if item.reverses in there and item.reverses]
    return frozenset(
        wip_id
        for reversal, original in pairs
        if reversal.value == -original.value
        for wip_id in (reversal.wip_id, original.wip_id)
    )
