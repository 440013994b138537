"""What one contract should have brought in, from what was approved on it and what was agreed in writing.

Plain arithmetic over the firm's own papers, apart from the fabric's code: each clause is reckoned once for the whole month
and not invoice by invoice, so that both come to the same amount only if every invoice took its right part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal

from sandbox.firm.clauses import Clauses, ExpenseClause
from sandbox.firm.offices import DECIMALS

ZERO = Decimal(0)


@dataclass(frozen=True)
class Work:
    """One approved time entry at its price. on_time: known when the month was first billed."""

    entry_id: str
    value: Decimal
    on_time: bool = True
    given_up: bool = False


@dataclass(frozen=True)
class Outlay:
    """One approved expense at cost."""

    category: str
    cost: Decimal
    given_up: bool = False


@dataclass(frozen=True)
class Due:
    """From what was approved to what should be invoiced by now; each amount as a reader of the table adds it up.

    approved: work at the price list, expenses at cost, milestones, instalments. What takes away is negative: discounts,
    covered (by retainer or deposit), written_off, held (above a cap or a limit: open, waiting for a yes).
    """

    approved: Decimal = ZERO
    fees: Decimal = ZERO
    minimums: Decimal = ZERO
    expense_rules: Decimal = ZERO
    discounts: Decimal = ZERO
    covered: Decimal = ZERO
    written_off: Decimal = ZERO
    held: Decimal = ZERO

    @property
    def invoiced(self) -> Decimal:
        added = self.approved + self.fees + self.minimums + self.expense_rules
        return added + self.discounts + self.covered + self.written_off + self.held

    def __add__(self, other: Due) -> Due:
        return Due(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})


def reckon(
    clauses: Clauses, currency: str, work: Sequence[Work], outlays: Sequence[Outlay], parts: Decimal = ZERO
) -> Due:
    """parts: milestones and instalments due. The order of the contract: cap, discount, retainer, deposit, minimum."""
    rounded = to_unit(currency)
    at_cost = sum((outlay.cost for outlay in outlays), ZERO)
    kept = [outlay for outlay in outlays if not outlay.given_up]
    given_up = total(work, lambda each: each.given_up) + at_cost - sum((outlay.cost for outlay in kept), ZERO)
    above = above_cap(clauses, work)
    billed = total(work, lambda each: not each.given_up) - above
    off = discount(clauses, billed, rounded)
    by_retainer = min(clauses.retainer or ZERO, billed - off)
    by_rule = [(outlay.cost, *recharge(clauses, outlay, rounded)) for outlay in kept]
    recharged = sum((price - over for _, price, over in by_rule), ZERO)
    by_deposit = min(clauses.deposit or ZERO, billed - off - by_retainer + recharged)
    return Due(
        approved=total(work, lambda _: True) + at_cost + parts,
        fees=(clauses.retainer or ZERO) + (clauses.deposit or ZERO),
        minimums=top_up(clauses, work, rounded),
        expense_rules=sum((price - cost for cost, price, _ in by_rule), ZERO),
        discounts=-off,
        covered=-by_retainer - by_deposit,
        written_off=-given_up,
        held=-above - sum((over for _, _, over in by_rule), ZERO),
    )


def above_cap(clauses: Clauses, work: Sequence[Work]) -> Decimal:
    """Nobody may bill above a hard cap. Delivery let pass what was above a soft one when the month was billed; what came
    later is above it again.
    """
    if clauses.cap is None:
        return ZERO
    room = clauses.cap
    if clauses.soft_cap is not None:
        room = max(room, total(work, lambda each: each.on_time and not each.given_up))
    return max(total(work, lambda each: not each.given_up) - room, ZERO)


def discount(clauses: Clauses, volume: Decimal, rounded: Callable[[Decimal], Decimal]) -> Decimal:
    """Each percent on the part of the volume between its own start and the next one's."""
    ends = [over for over, _ in clauses.tiers[1:]] + [max(volume, ZERO)]
    parts = zip(clauses.tiers, ends, strict=False)
    return rounded(sum((max(min(volume, end) - over, ZERO) * percent / 100 for (over, percent), end in parts), ZERO))


def recharge(clauses: Clauses, outlay: Outlay, rounded: Callable[[Decimal], Decimal]) -> tuple[Decimal, Decimal]:
    """(what the customer is asked for, how much of it is above the limit)."""
    rule = expense_rule(clauses, outlay.category)
    price = rounded(outlay.cost * (100 + rule.mark_up) / 100) if rule.per_diem is None else rule.per_diem
    return price, max(price - rule.limit, ZERO) if rule.limit is not None else ZERO


def expense_rule(clauses: Clauses, category: str) -> ExpenseClause:
    named = [rule for rule in clauses.expenses if rule.category == category]
    others = [rule for rule in clauses.expenses if rule.category is None]
    return [*named, *others, ExpenseClause()][0]


def top_up(clauses: Clauses, work: Sequence[Work], rounded: Callable[[Decimal], Decimal]) -> Decimal:
    """Of what the month brought in when it was billed: work that came later is billed beside it."""
    if clauses.minimum is None:
        return ZERO
    on_time = total(work, lambda each: each.on_time and not each.given_up)
    return max(clauses.minimum - (on_time - discount(clauses, on_time, rounded)), ZERO)


def total(work: Sequence[Work], which: Callable[[Work], bool]) -> Decimal:
    return sum((each.value for each in work if which(each)), ZERO)


def to_unit(currency: str) -> Callable[[Decimal], Decimal]:
    """Half a smallest unit goes away from zero; yen are whole."""
    unit = Decimal(1).scaleb(-DECIMALS[currency])
    return lambda exact: exact.quantize(unit, rounding=ROUND_HALF_UP)
