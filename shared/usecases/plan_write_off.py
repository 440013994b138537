"""What a write-off takes: which open items, and how much of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from shared.domain.identity import derived_id
from shared.domain.money import Money
from shared.domain.wip import Valuation, WipItem
from shared.domain.write_off import WriteOffLine, claim_of
from shared.faults import BusinessException
from shared.usecases.cancelled_pairs import cancelled_pairs

ALL = Decimal(100)


def plan_write_off(
    open_items: Sequence[WipItem],
    chosen: Collection[str],
    *,
    amount: Money | None = None,
    percent: Decimal = ALL,
) -> tuple[WriteOffLine, ...]:
    """What is given up of each chosen item, in order of date and id.

    open_items: all open items of one contract. amount: so much in all, shared out in proportion to what each item is
    still worth; else `percent` of each. All of it takes items whole, together with what adjusts or takes back a chosen
    one; a part takes nothing of an item that is taken back. A correction that credits billed work is never chosen: it is
    owed to the customer.
    Raises BusinessException("nothing_to_write_off" | "write_off_exceeds" | "write_off_share").
    Source: docs/billing.md, "Write-offs".
    """
    if not 0 < percent <= ALL or (amount is not None and (amount.amount <= 0 or amount != amount.rounded())):
        raise BusinessException("write_off_share", percent=f"{percent:f}", amount=f"{amount.amount if amount else ''}")
    taken = _with_companions(open_items, chosen)
    total = sum((item.value.amount for item in taken), Decimal(0))
    if total <= 0:
        raise BusinessException("nothing_to_write_off", chosen=str(len(set(chosen))))
    if amount is not None and amount.amount > total:
        raise BusinessException("write_off_exceeds", asked=f"{amount.amount:f}", open=f"{total:f}")
    if percent == ALL and (amount is None or amount.amount == total):
        return tuple(_line(item, item.value, whole=True) for item in taken)
    return _parts(taken, amount, percent)


def _with_companions(open_items: Sequence[WipItem], chosen: Collection[str]) -> list[WipItem]:
    """The chosen, their adjustments and the other halves of cancelled pairs; neither a negative item nor an adjustment
    stands alone: they belong to work that was billed, and what they add up to is owed."""
    pairs = cancelled_pairs(open_items)
    wanted = set(chosen) - {item.wip_id for item in open_items if item.value.amount < 0 or item.adjusts}
    wanted |= {item.wip_id for item in open_items if item.adjusts in wanted}
    wanted |= {item.wip_id for item in open_items if item.wip_id in pairs and item.reverses in wanted}
    return sorted(
        (item for item in open_items if item.wip_id in wanted), key=lambda item: (item.worked_on, item.wip_id)
    )


def _parts(taken: Sequence[WipItem], amount: Money | None, percent: Decimal) -> tuple[WriteOffLine, ...]:
    pairs = cancelled_pairs(taken)
    bases = [item for item in taken if item.adjusts is None and item.wip_id not in pairs]
    worth = [_still_worth(item, taken) for item in bases]
    if amount is not None:
        shares: Sequence[Money] = amount.split([each.amount for each in worth])
    else:
        shares = [each.percent(percent).rounded() for each in worth]
    lines = [_line(item, share, whole=False) for item, share in zip(bases, shares, strict=True) if share.amount > 0]
    if not lines:
        raise BusinessException("nothing_to_write_off", chosen=str(len(taken)))
    return tuple(lines)


def _still_worth(item: WipItem, among: Iterable[WipItem]) -> Money:
    """Less what was written down of it before."""
    left = sum((each.value for each in among if each.adjusts == item.wip_id), item.value)
    return left if left.amount > 0 else Money.zero(item.value.currency)


def _line(item: WipItem, written_off: Money, *, whole: bool) -> WriteOffLine:
    return WriteOffLine(item.wip_id, item.source_id, item.project_id, item.description, item.value, written_off, whole)


def write_down_pair(
    item: WipItem, value: Money, write_off_id: str, *, key: tuple[str, ...] = ()
) -> tuple[WipItem, WipItem]:
    """(-value, open; +value, taken by the write-off). They sum to nothing, so nothing approved is lost or made up.

    The open one stands on the invoice beside the item; the taken one, released, takes it back. key: what tells several
    pairs of one item and write-off apart.
    """
    ids = [derived_id("wip", item.wip_id, write_off_id, *key, side) for side in ("down", "up")]
    down = replace(
        item,
        wip_id=ids[0],
        description=f"Write-down of {item.description}",
        value=-value,
        valuation=Valuation.of_amount(-value, "write_down"),
        reverses=None,
        adjusts=item.wip_id,
        decided_by=write_off_id,
        claimed_by=None,
        adjusted_by=(),
    )
    up = replace(
        down,
        wip_id=ids[1],
        description=f"Write-down taken back: {item.description}",
        value=value,
        valuation=Valuation.of_amount(value, "write_down"),
        reverses=ids[0],
        claimed_by=claim_of(write_off_id),
    )
    return down, up
