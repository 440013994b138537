"""The ledger of one invoice's credits: what is granted is added, what ended without a memo is given back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shared.domain.credit import Credited, CreditPlan, CreditTax
from shared.domain.money import Money


def no_credits(invoice_id: str) -> Credited:
    return Credited(invoice_id, 0, {}, ())


def with_credit(credited: Credited, plan: CreditPlan, memo_id: str) -> Credited:
    """After a credit was granted."""
    return _moved(credited, plan, 1, (*credited.memos, memo_id))


def without_credit(credited: Credited, plan: CreditPlan, memo_id: str) -> Credited:
    """After its memo ended without being posted."""
    return _moved(credited, plan, -1, tuple(each for each in credited.memos if each != memo_id))


def _moved(credited: Credited, plan: CreditPlan, sign: int, memos: tuple[str, ...]) -> Credited:
    lines = dict(credited.lines)
    for line in plan.lines:
        before = lines.get(line.line_id, Money.zero(line.net.currency))
        lines[line.line_id] = before + _signed(line.net, sign)
    taxes = {(each.category, each.rate): each for each in credited.taxes}
    for tax in plan.taxes:
        key = (tax.category, tax.rate)
        taxes[key] = _added(taxes[key], tax, sign) if key in taxes else _added(_none(tax), tax, sign)
    return replace(
        credited,
        version=credited.version + 1,
        lines={line_id: net for line_id, net in lines.items() if net.amount != 0},
        taxes=tuple(_by_key(taxes.values())),
        memos=memos,
    )


def _added(before: CreditTax, tax: CreditTax, sign: int) -> CreditTax:
    return replace(
        before,
        taxable=before.taxable + _signed(tax.taxable, sign),
        amount=before.amount + _signed(tax.amount, sign),
    )


def _none(tax: CreditTax) -> CreditTax:
    zero = Money.zero(tax.amount.currency)
    return replace(tax, taxable=zero, amount=zero)


def _signed(money: Money, sign: int) -> Money:
    return money if sign > 0 else -money


def _by_key(taxes: Iterable[CreditTax]) -> list[CreditTax]:
    return sorted(taxes, key=lambda each: (each.category.value, each.rate))
