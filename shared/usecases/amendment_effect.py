"""What an amendment would do: to open work, to invoices on their way, to schedules, backlog and caps; what to credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.domain.contract import Contract, ContractLine, LineKind
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.domain.money import Money
from shared.domain.wip import WipItem, WipKind
from shared.usecases.invoice_life import IN_THE_BOOKS


@dataclass(frozen=True, slots=True)
class ItemEffect:
    """becomes: "re_rated", "moved" or "not_billable". value_after: zero when it is not billable any more."""

    wip_id: str
    line_id: str
    worked_on: date
    worked_on_after: date
    description: str
    becomes: str
    value_before: Money
    value_after: Money
    why: str


@dataclass(frozen=True, slots=True)
class DraftEffect:
    """An invoice that is begun and not posted: it finishes on the rules it began with, what differs is in the plan."""

    invoice_id: str
    status: InvoiceStatus
    items: int
    difference: Money


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line to credit and bill again, for a person to review. rebill less credit is the difference."""

    invoice_id: str
    erp_number: str | None
    status: InvoiceStatus
    wip_id: str
    worked_on: date
    description: str
    credit: Money
    rebill: Money

    @property
    def difference(self) -> Money:
        return self.rebill - self.credit


@dataclass(frozen=True, slots=True)
class InstalmentEffect:
    """due None: it is not there. billed: whether an invoice has it already."""

    instalment_id: str
    line_id: str
    due_before: date | None
    due_after: date | None
    value_before: Money | None
    value_after: Money | None
    billed: bool


@dataclass(frozen=True, slots=True)
class BacklogRow:
    """Signed value not yet delivered. remaining: signed less delivered, never below zero; over: delivered above it."""

    line_id: str
    description: str
    signed_before: Money
    signed_after: Money
    delivered: Money
    remaining_before: Money
    remaining_after: Money
    over_after: Money


@dataclass(frozen=True, slots=True)
class CapRow:
    """unit: the currency or "minutes". used: what invoices have of the line. open: work that waits to be billed.

    remaining: cap less used; None where there is no cap. above: open work that the cap leaves unbilled.
    """

    line_id: str
    unit: str
    cap_before: Decimal | None
    cap_after: Decimal | None
    used: Decimal
    open: Decimal
    remaining_before: Decimal | None
    remaining_after: Decimal | None
    above_before: Decimal
    above_after: Decimal


@dataclass(frozen=True, slots=True)
class AmendmentEffect:
    open_items: tuple[ItemEffect, ...]
    drafts: tuple[DraftEffect, ...]
    instalments: tuple[InstalmentEffect, ...]
    backlog: tuple[BacklogRow, ...]
    caps: tuple[CapRow, ...]
    plan: tuple[PlanLine, ...]

    def plan_difference(self, currency: str) -> Money:
        return sum((line.difference for line in self.plan), Money.zero(currency))


@dataclass(frozen=True, slots=True)
class Revalued:
    """An item as the amended contract has it; None: it is billable no more, and `why` says so."""

    item: WipItem | None
    why: str = ""


def amendment_effect(
    before: Contract,
    after: Contract,
    *,
    items: Sequence[WipItem],
    revalued: Mapping[str, Revalued],
    invoices: Mapping[str, Invoice],
) -> AmendmentEffect:
    """items: all of the contract, open and claimed. revalued: by wip_id, those that the amendment governs.

    invoices: those that claim any of the items, by id. Nothing posted is rewritten: where a claimed item is worth
    something else, the plan has a line that credits what was billed and bills what is right.
    Source: docs/billing.md, "Amendments".
    """
    standing = standing_items(items)
    changed = [(item, revalued[item.wip_id]) for item in standing if _differs(item, revalued.get(item.wip_id))]
    in_open = [_item_effect(item, new) for item, new in changed if item.claimed_by is None]
    plan = [_plan_line(item, new, invoices[item.claimed_by]) for item, new in changed if item.claimed_by]
    return AmendmentEffect(
        open_items=tuple(in_open),
        drafts=_drafts(plan),
        instalments=tuple(_instalments(before, after, items)),
        backlog=tuple(_backlog(before, after, items)),
        caps=tuple(_caps(before, after, items)),
        plan=tuple(plan),
    )


def standing_items(items: Sequence[WipItem]) -> list[WipItem]:
    """Those that stand for their source now: no reversals, and nothing that was reversed; by date, then id."""
    reversed_ids = {item.reverses for item in items if item.reverses}
    standing = (item for item in items if item.reverses is None and item.wip_id not in reversed_ids)
    return sorted(standing, key=lambda item: (item.worked_on, item.wip_id))


def _differs(item: WipItem, new: Revalued | None) -> bool:
    if new is None:
        return False
    return new.item is None or (new.item.value, new.item.worked_on) != (item.value, item.worked_on)


def _item_effect(item: WipItem, new: Revalued) -> ItemEffect:
    value, day = (new.item.value, new.item.worked_on) if new.item else (Money.zero(item.value.currency), item.worked_on)
    becomes = "not_billable" if new.item is None else "re_rated" if value != item.value else "moved"
    return ItemEffect(
        item.wip_id, item.line_id, item.worked_on, day, item.description, becomes, item.value, value, new.why
    )


def _plan_line(item: WipItem, new: Revalued, invoice: Invoice) -> PlanLine:
    rebill = new.item.value if new.item else Money.zero(item.value.currency)
    return PlanLine(
        invoice_id=invoice.invoice_id,
        erp_number=invoice.erp_number,
        status=invoice.status,
        wip_id=item.wip_id,
        worked_on=item.worked_on,
        description=item.description,
        credit=item.value,
        rebill=rebill,
    )


def _drafts(plan: Sequence[PlanLine]) -> tuple[DraftEffect, ...]:
    begun: dict[str, list[PlanLine]] = {}
    for line in plan:
        if line.status not in IN_THE_BOOKS:
            begun.setdefault(line.invoice_id, []).append(line)
    return tuple(
        DraftEffect(
            invoice_id,
            lines[0].status,
            len(lines),
            sum((line.difference for line in lines), Money.zero(lines[0].credit.currency)),
        )
        for invoice_id, lines in sorted(begun.items())
    )


def _instalments(before: Contract, after: Contract, items: Sequence[WipItem]) -> list[InstalmentEffect]:
    """Those that are new, gone, moved or worth something else, by line and id."""
    old, new = _parts(before), _parts(after)
    billed = {item.source_id for item in standing_items(items) if item.claimed_by}
    found = []
    for key in sorted(old.keys() | new.keys()):
        was, becomes = old.get(key), new.get(key)
        if was != becomes:
            line_id, instalment_id = key
            found.append(
                InstalmentEffect(
                    instalment_id,
                    line_id,
                    was[0] if was else None,
                    becomes[0] if becomes else None,
                    was[1] if was else None,
                    becomes[1] if becomes else None,
                    instalment_id in billed,
                )
            )
    return found


def _parts(contract: Contract) -> dict[tuple[str, str], tuple[date, Money]]:
    return {
        (line.line_id, part.instalment_id): (part.due_on, part.value)
        for line in contract.lines
        for part in line.instalments
    }


def _backlog(before: Contract, after: Contract, items: Sequence[WipItem]) -> list[BacklogRow]:
    """Every line of the contract. Expenses are no delivery: nobody signed an amount of them."""
    zero = Money.zero(after.currency)
    rows = []
    for line in _lines(before, after):
        done = (item.value for item in items if item.line_id == line.line_id and item.kind is not WipKind.EXPENSE)
        delivered = sum(done, zero)
        signed_before = _signed(before.line(line.line_id), delivered) or zero
        signed_after = _signed(after.line(line.line_id), delivered) or zero
        rows.append(
            BacklogRow(
                line.line_id,
                line.description,
                signed_before,
                signed_after,
                delivered,
                _not_below_zero(signed_before - delivered),
                _not_below_zero(signed_after - delivered),
                _not_below_zero(delivered - signed_after),
            )
        )
    return rows


def _signed(line: ContractLine | None, delivered: Money) -> Money | None:
    """A line that was ended is worth what was delivered of it, up to what was signed; a fixed fee, what it still asks."""
    if line and line.ends_on and line.kind is not LineKind.FIXED_FEE:
        return min(line.value, delivered, key=lambda money: money.amount)
    return line.value if line else None


def _lines(before: Contract, after: Contract) -> list[ContractLine]:
    new = [line for line in after.lines if before.line(line.line_id) is None]
    return [*before.lines, *new]


def _not_below_zero(money: Money) -> Money:
    return money if money.amount > 0 else Money.zero(money.currency)


def _caps(before: Contract, after: Contract, items: Sequence[WipItem]) -> list[CapRow]:
    """Lines whose work is capped before or after. A cap that changes its unit is two rows."""
    rows = []
    for line in _lines(before, after):
        old, new = _cap(before.line(line.line_id)), _cap(after.line(line.line_id))
        for unit in sorted(old.keys() | new.keys()):
            rows.append(_cap_row(line, unit, old.get(unit), new.get(unit), items))
    return rows


def _cap(line: ContractLine | None) -> dict[str, Decimal]:
    cap = line.terms.cap if line else None
    if cap is None:
        return {}
    if cap.value is not None:
        return {cap.value.currency: cap.value.amount}
    return {"minutes": Decimal(cap.minutes or 0)}


def _cap_row(
    line: ContractLine, unit: str, old: Decimal | None, new: Decimal | None, items: Sequence[WipItem]
) -> CapRow:
    expenses = bool(line.terms.cap and line.terms.cap.with_expenses)
    counted = [
        item for item in items if item.line_id == line.line_id and (expenses or item.kind is not WipKind.EXPENSE)
    ]
    used = sum((_measure(item, unit) for item in counted if item.claimed_by), Decimal(0))
    waits = sum((_measure(item, unit) for item in counted if item.claimed_by is None), Decimal(0))
    return CapRow(
        line.line_id,
        unit,
        old,
        new,
        used,
        waits,
        None if old is None else old - used,
        None if new is None else new - used,
        _above(old, used, waits),
        _above(new, used, waits),
    )


def _measure(item: WipItem, unit: str) -> Decimal:
    if unit != "minutes":
        return item.value.amount
    return item.valuation.quantity if item.valuation.unit == "minute" else Decimal(0)


def _above(cap: Decimal | None, used: Decimal, waits: Decimal) -> Decimal:
    if cap is None:
        return Decimal(0)
    return max(Decimal(0), waits - max(Decimal(0), cap - used))
