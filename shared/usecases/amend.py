"""What a contract says once an amendment is signed. A change that does not fit the contract names its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from shared.domain.amendment import (
    AddInstalments,
    AddLine,
    Amendment,
    EndLine,
    MoveInstalment,
    SetBillingSchedule,
    SetCap,
    SetDates,
    SetDiscount,
    SetPurchaseOrder,
    SetRates,
    SetTerms,
    SetValue,
)
from shared.domain.contract import AppliedAmendment, Contract, ContractLine, Instalment, LineKind
from shared.domain.money import Money
from shared.faults import BusinessException

_DAY = timedelta(days=1)


class Unfit(Exception):
    """Why a change does not fit; `field` is the part of the change that is wrong."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


def amend(contract: Contract, amendment: Amendment) -> Contract:
    """The contract with every change of the amendment, in the order they are written, and the amendment noted on it.

    Pure: the contract that came in is what it was. Raises BusinessException("approver_is_submitter") and
    BusinessException("amendment_unfit") with facts `at` (the place in the amendment's JSON) and `why`.
    Source: docs/billing.md, "Amendments".
    """
    if amendment.contract_id != contract.contract_id:
        raise _unfit(amendment, "contract_id", f"is not {contract.contract_id}")
    if amendment.approver.strip().casefold() == amendment.submitter.strip().casefold():
        raise BusinessException("approver_is_submitter", by=amendment.submitter, subject=amendment.amendment_id)
    for place, change in enumerate(amendment.changes):
        try:
            contract = _CHANGES[type(change)](contract, change, amendment.effective_on)
        except Unfit as unfit:
            raise _unfit(amendment, f"changes.{place}.{unfit.field}", unfit.why) from None
    return replace(contract, amendments=(*contract.amendments, _applied(amendment)))


def _unfit(amendment: Amendment, at: str, why: str) -> BusinessException:
    return BusinessException("amendment_unfit", amendment_id=amendment.amendment_id, at=at, why=why)


def _applied(amendment: Amendment) -> AppliedAmendment:
    return AppliedAmendment(
        amendment.amendment_id, amendment.effective_on, amendment.recorded_at, amendment.approver, amendment.words
    )


def _add_line(contract: Contract, change: AddLine, on: date) -> Contract:
    line = change.line
    if contract.line(line.line_id):
        raise Unfit("line.line_id", f"the contract has a line {line.line_id} already")
    _in_currency(contract, line.value, "line.value")
    if line.kind is LineKind.FIXED_FEE:
        _sums(line, "line.instalments")
        _not_before(line.instalments, on, "line.instalments")
        _new_ids(contract, line.instalments, "line.instalments")
    elif line.instalments:
        raise Unfit("line.instalments", f"a {line.kind.value} line has none")
    return replace(contract, lines=(*contract.lines, replace(line, starts_on=on)))


def _end_line(contract: Contract, change: EndLine, on: date) -> Contract:
    line = _line(contract, change.line_id)
    if line.ends_on and line.ends_on < on:
        raise Unfit("line_id", f"line {line.line_id} ended on {line.ends_on.isoformat()}")
    ended = replace(line, ends_on=on - _DAY)
    if line.kind is LineKind.FIXED_FEE:
        owed = tuple(part for part in line.instalments if part.due_on < on)
        ended = replace(ended, instalments=owed, value=_sum(contract, owed))
    return _with(contract, ended)


def _add_instalments(contract: Contract, change: AddInstalments, on: date) -> Contract:
    line = _fixed_fee(contract, change.line_id)
    _not_before(change.instalments, on, "instalments")
    _new_ids(contract, change.instalments, "instalments")
    parts = (*line.instalments, *change.instalments)
    return _with(contract, replace(line, instalments=_by_date(parts), value=_sum(contract, parts)))


def _move_instalment(contract: Contract, change: MoveInstalment, on: date) -> Contract:
    for line in contract.lines:
        part = next((each for each in line.instalments if each.instalment_id == change.instalment_id), None)
        if part is None:
            continue
        if part.due_on < on:
            raise Unfit("instalment_id", f"was due on {part.due_on.isoformat()}, before the amendment takes effect")
        if change.due_on < on:
            raise Unfit("due_on", f"is before {on.isoformat()}, when the amendment takes effect")
        moved = replace(part, due_on=change.due_on)
        parts = tuple(moved if each is part else each for each in line.instalments)
        return _with(contract, replace(line, instalments=_by_date(parts)))
    raise Unfit("instalment_id", f"no instalment {change.instalment_id} in the contract")


def _set_value(contract: Contract, change: SetValue, on: date) -> Contract:
    line = _line(contract, change.line_id)
    _in_currency(contract, change.value, "value")
    if line.kind is not LineKind.FIXED_FEE:
        if change.instalments:
            raise Unfit("instalments", f"a {line.kind.value} line has none")
        return _with(contract, replace(line, value=change.value))
    _not_before(change.instalments, on, "instalments")
    owed = tuple(part for part in line.instalments if part.due_on < on)
    parts = (*owed, *change.instalments)
    _new_ids(contract, change.instalments, "instalments", but=line)
    if len({part.instalment_id for part in parts}) < len(parts):
        raise Unfit("instalments", "one of them was due before the amendment takes effect")
    changed = replace(line, value=change.value, instalments=_by_date(parts))
    _sums(changed, "instalments")
    return _with(contract, changed)


def _set_rates(contract: Contract, change: SetRates, on: date) -> Contract:
    if not change.rates:
        raise Unfit("rates", "names no rate")
    for place, rate in enumerate(change.rates):
        _in_currency(contract, rate.rate_per_hour, f"rates.{place}.rate_per_hour")
        if rate.valid_from < on:
            raise Unfit(f"rates.{place}.valid_from", f"is before {on.isoformat()}, when the amendment takes effect")
        if rate.valid_to and rate.valid_to <= rate.valid_from:
            raise Unfit(f"rates.{place}.valid_to", "is not after valid_from")
    return replace(contract, rates=(*contract.rates, *change.rates))


def _set_discount(contract: Contract, change: SetDiscount, on: date) -> Contract:
    line = _line(contract, change.line_id)
    return _with(contract, replace(line, terms=replace(line.terms, discount=change.discount)))


def _set_cap(contract: Contract, change: SetCap, on: date) -> Contract:
    line = _line(contract, change.line_id)
    if change.cap and (change.cap.value is None) == (change.cap.minutes is None):
        raise Unfit("cap", "says either value or minutes")
    if change.cap and change.cap.value:
        _in_currency(contract, change.cap.value, "cap.value")
    return _with(contract, replace(line, terms=replace(line.terms, cap=change.cap)))


def _set_terms(contract: Contract, change: SetTerms, on: date) -> Contract:
    return _with(contract, replace(_line(contract, change.line_id), terms=change.terms))


def _set_dates(contract: Contract, change: SetDates, on: date) -> Contract:
    starts_on, ends_on = change.starts_on or contract.starts_on, change.ends_on or contract.ends_on
    if ends_on and ends_on < starts_on:
        raise Unfit("ends_on", f"is before the start, {starts_on.isoformat()}")
    return replace(contract, starts_on=starts_on, ends_on=ends_on)


def _set_purchase_order(contract: Contract, change: SetPurchaseOrder, on: date) -> Contract:
    order = change.purchase_order
    if order is None:
        return replace(contract, purchase_order=None)
    if order.limit:
        _in_currency(contract, order.limit, "purchase_order.limit")
    others = tuple(each for each in contract.purchase_orders if each.number != order.number)
    return replace(contract, purchase_order=order.number, purchase_orders=(*others, order))


def _set_billing_schedule(contract: Contract, change: SetBillingSchedule, on: date) -> Contract:
    days = contract.payment_terms_days if change.payment_terms_days is None else change.payment_terms_days
    return replace(contract, billing_schedule=change.billing_schedule, payment_terms_days=days)


_CHANGES: dict[type, Callable[[Contract, Any, date], Contract]] = {
    AddLine: _add_line,
    EndLine: _end_line,
    AddInstalments: _add_instalments,
    MoveInstalment: _move_instalment,
    SetValue: _set_value,
    SetRates: _set_rates,
    SetDiscount: _set_discount,
    SetCap: _set_cap,
    SetTerms: _set_terms,
    SetDates: _set_dates,
    SetPurchaseOrder: _set_purchase_order,
    SetBillingSchedule: _set_billing_schedule,
}


def _line(contract: Contract, line_id: str) -> ContractLine:
    found = contract.line(line_id)
    if found is None:
        known = ", ".join(line.line_id for line in contract.lines)
        raise Unfit("line_id", f"no line {line_id} in the contract; it has {known}")
    return found


def _fixed_fee(contract: Contract, line_id: str) -> ContractLine:
    line = _line(contract, line_id)
    if line.kind is not LineKind.FIXED_FEE:
        raise Unfit("line_id", f"line {line_id} is no fixed fee")
    return line


def _with(contract: Contract, changed: ContractLine) -> Contract:
    lines = tuple(changed if line.line_id == changed.line_id else line for line in contract.lines)
    return replace(contract, lines=lines)


def _by_date(parts: tuple[Instalment, ...]) -> tuple[Instalment, ...]:
    return tuple(sorted(parts, key=lambda part: (part.due_on, part.instalment_id)))


def _sum(contract: Contract, parts: tuple[Instalment, ...]) -> Money:
    for place, part in enumerate(parts):
        _in_currency(contract, part.value, f"instalments.{place}.value")
    return sum((part.value for part in parts), Money.zero(contract.currency))


def _sums(line: ContractLine, field: str) -> None:
    total = sum((part.value for part in line.instalments), Money.zero(line.value.currency))
    if total != line.value:
        raise Unfit(field, f"sum to {total.amount}, the fee is {line.value.amount}")


def _not_before(parts: tuple[Instalment, ...], on: date, field: str) -> None:
    for place, part in enumerate(parts):
        if part.due_on < on:
            raise Unfit(f"{field}.{place}.due_on", f"is before {on.isoformat()}, when the amendment takes effect")


def _new_ids(contract: Contract, parts: tuple[Instalment, ...], field: str, but: ContractLine | None = None) -> None:
    """An instalment's id is what makes it billed once: no two may share one."""
    taken = {each.instalment_id for line in contract.lines if line is not but for each in line.instalments}
    for place, part in enumerate(parts):
        if part.instalment_id in taken:
            raise Unfit(f"{field}.{place}.instalment_id", f"{part.instalment_id} is taken")
        taken.add(part.instalment_id)


def _in_currency(contract: Contract, money: Money, field: str) -> None:
    if money.currency != contract.currency:
        raise Unfit(field, f"is in {money.currency}, the contract in {contract.currency}")
