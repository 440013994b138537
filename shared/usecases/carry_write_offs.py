"""A source whose work was written off is corrected: what was given up stays given up, as far as there is work left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.money import Money
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.domain.write_off import GivenUp, claim_of, write_off_of
from shared.usecases.plan_write_off import write_down_pair


def carry_write_offs(
    previous: SourceRecord | None,
    current: WipItem | None,
    record: SourceRecord,
    items: Sequence[WipItem],
) -> tuple[SourceRecord, tuple[WipItem, ...]]:
    """(the record with what is given up of it now, the items of this version with what that takes).

    items: the reversal of `current`, the new item, or both, as if nothing had been written off. The new item inherits
    what was given up, at most its own value; more work than before is open, less work gives less up, withdrawn work
    gives nothing up. Work that moved to another project or contract leaves the write-off behind: somebody else's client
    pays for it. The reversal of an item that a write-off holds is held by it, too: nobody was billed for it.
    Source: docs/billing.md, "Corrections of written-off work".
    """
    if previous is None or not previous.given_up or not items:
        kept = previous.given_up if previous else ()
        return replace(record, given_up=kept), tuple(items)
    reversal = next((item for item in items if item.reverses), None)
    wanted = next((item for item in items if not item.reverses), None)
    last = previous.given_up[-1].write_off_id
    before = sum((each.value for each in previous.given_up), Money.zero(previous.value.currency))
    held = before
    if reversal and current and (holder := write_off_of(current.claimed_by)):
        reversal = replace(reversal, claimed_by=claim_of(holder))
        held = held + reversal.value
    keep = _kept(before, current, wanted)
    made = _settled(current, wanted, keep - held, last, record.sequence)
    there = [each for each in (reversal, *made) if each]
    return replace(record, given_up=_given_up(previous.given_up, keep - before)), tuple(there)


def _kept(before: Money, current: WipItem | None, wanted: WipItem | None) -> Money:
    if wanted is None or current is None or _belongs(wanted) != _belongs(current):
        return Money.zero(before.currency)
    kept = min(before.amount, max(wanted.value.amount, before.amount * 0))
    return Money(kept, before.currency)


def _belongs(item: WipItem) -> tuple[str, ...]:
    return (item.legal_entity_id, item.contract_id, item.project_id, item.value.currency)


def _settled(
    current: WipItem | None, wanted: WipItem | None, change: Money, write_off_id: str, sequence: int
) -> Sequence[WipItem]:
    """The new item and what moves `change` from open work to the write-off; less than nothing moves it back, there
    where it was taken from."""
    there = [wanted] if wanted else []
    base = wanted if change.amount > 0 else current
    if change.amount == 0 or base is None:
        return there
    if wanted and change == wanted.value:
        return [replace(wanted, claimed_by=claim_of(write_off_id))]
    down, up = write_down_pair(base, change, write_off_id, key=(str(sequence),))
    if wanted and change.amount > 0:
        there = [replace(wanted, adjusted_by=(down.wip_id,))]
    return [*there, down, up]


def _given_up(before: Sequence[GivenUp], change: Money) -> tuple[GivenUp, ...]:
    """The last write-off answers for the difference; what gives nothing up any more is gone."""
    last = before[-1]
    after = [*before[:-1], GivenUp(last.write_off_id, last.value + change)]
    return tuple(each for each in after if each.value.amount != 0)
