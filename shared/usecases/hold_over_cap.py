"""What crosses a cap stays open: the item that crosses is cut in two, so that the cap is filled to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.domain.contract import Contract, ContractLine
from shared.domain.ledger import Ledger
from shared.domain.money import Money
from shared.domain.terms import Cap
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.clause_items import counts, line_named, minutes_of, sum_of
from shared.usecases.group_wip import invoice_order

OVER_CAP = "over_cap"
"""Why an item is left: it crosses the cap of its contract line."""

OVER_LIMIT = "expense_over_limit"
"""Why part of an expense is left: it is above what the contract pays for one of its category."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cut:
    """`over` of this item is above the cap: in the contract's currency, or in minutes for a cap in hours.

    reason: also the rule by which the parts are valued.
    """

    item: WipItem
    over: Decimal
    in_minutes: bool = False
    reason: str = OVER_CAP


@dataclass(frozen=True, slots=True)
class Held:
    """Of one line: what stays, what must be cut, and the figures for the person who decides. Minutes where the cap is
    in hours, else money. over: all that is held, the cut part included.
    """

    line: ContractLine
    cap: Decimal
    billed: Decimal
    items: tuple[WipItem, ...]
    cut: Cut | None
    over: Decimal


def hold_over_cap(
    due: Sequence[WipItem], contract: Contract, ledger: Ledger, *, claimed: Iterable[WipItem] = ()
) -> tuple[Held, ...]:
    """Per capped line where something crosses, in the contract's order; empty if nothing does.

    due: what would be billed now, any order. claimed: items of invoices that are not in the ledger yet. What takes away
    (corrections) is counted first, then work in the order of the invoice; the first item that does not fit is cut, all
    after it is held. What an approver let pass above a soft cap raises it by exactly that.
    Source: docs/billing.md, "Caps".
    """
    standing = tuple(claimed)
    found = (_of_line(line, line.terms.cap, due, standing, ledger) for line in contract.lines if line.terms.cap)
    return tuple(held for held in found if held)


def check_caps(items: Sequence[WipItem], contract: Contract, ledger: Ledger) -> None:
    """At pricing, against all that other invoices used up. Raises BusinessException("cap_exceeded") instead of billing
    above a cap; an invoice that takes away is never refused.
    """
    for line in contract.lines:
        if (cap := line.terms.cap) is None:
            continue
        mine = [item for item in items if item.line_id == line.line_id and counts(item, cap)]
        used = _measure(mine, cap)
        if used > 0 and used > _left(line, cap, (), ledger):
            raise BusinessException(
                "cap_exceeded",
                contract_id=contract.contract_id,
                line_id=line.line_id,
                cap=str(_size(cap)),
                left=str(_left(line, cap, (), ledger)),
                claimed=str(used),
            )


def _of_line(
    line: ContractLine, cap: Cap | None, due: Sequence[WipItem], claimed: Sequence[WipItem], ledger: Ledger
) -> Held | None:
    if cap is None:
        return None
    mine = [item for item in due if item.line_id == line.line_id and counts(item, cap)]
    left = _left(line, cap, claimed, ledger)
    billed = _size(cap) + _allowed(line, cap, ledger) - left
    left -= sum((size for size in (_one(item, cap) for item in mine) if size < 0), ZERO)
    held: list[WipItem] = []
    cut: Cut | None = None
    for item in sorted(mine, key=lambda each: (each.valuation.rule == OVER_CAP, invoice_order(each))):
        size = _one(item, cap)
        if size <= 0:
            continue
        if held or cut or size > left:
            if not held and not cut and left > 0:
                cut = Cut(item, size - left, cap.value is None)
                continue
            held.append(item)
        else:
            left -= size
    if not held and not cut:
        return None
    over = _measure(held, cap) + (cut.over if cut else ZERO)
    return Held(line, _size(cap), billed, tuple(held), cut, over)


def _left(line: ContractLine, cap: Cap, claimed: Sequence[WipItem], ledger: Ledger) -> Decimal:
    mine = [item for item in claimed if item.line_id == line.line_id and counts(item, cap)]
    if cap.value is None:
        used = ledger.minutes(line.line_id)
    else:
        used = ledger.total(line.line_id, cap.value.currency, lambda each: each.counted).amount
    return _size(cap) + _allowed(line, cap, ledger) - used - _measure(mine, cap)


def _allowed(line: ContractLine, cap: Cap, ledger: Ledger) -> Decimal:
    value, minutes = ledger.allowed(line.line_id, line.value.currency)
    return minutes if cap.value is None else value.amount


def _size(cap: Cap) -> Decimal:
    return cap.value.amount if cap.value else Decimal(cap.minutes or 0)


def _one(item: WipItem, cap: Cap) -> Decimal:
    return item.value.amount if cap.value else minutes_of(item)


def _measure(items: Iterable[WipItem], cap: Cap) -> Decimal:
    return sum((_one(item, cap) for item in items), ZERO)


def used_by(items: Sequence[WipItem], contract: Contract, line_id: str) -> tuple[Money, Decimal]:
    """What an invoice with these items of the line counts in the ledger, money and minutes, capped or not: a cap that
    is agreed later counts from the first day."""
    line = line_named(contract, line_id)
    cap = line.terms.cap if line else None
    money = Cap(over=cap.over, value=Money.zero(contract.currency), with_expenses=cap.with_expenses) if cap else None
    counted = [item for item in items if money is None or counts(item, money)]
    return sum_of(counted, contract.currency), sum((minutes_of(item) for item in items), ZERO)
