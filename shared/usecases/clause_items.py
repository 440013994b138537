"""What an item is to the clauses of its contract line: work, an expense, or a fee that comes from a clause itself."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shared.domain.contract import Contract, ContractLine
from shared.domain.money import Money
from shared.domain.terms import Cap
from shared.domain.wip import WipItem, WipKind

RETAINER_FEE = "retainer_fee"
DEPOSIT = "prepaid_deposit"
FEES = frozenset({RETAINER_FEE, DEPOSIT})
"""Rules of valuations: no clause discounts, covers or caps a fee."""


def is_fee(item: WipItem) -> bool:
    return item.valuation.rule in FEES


def is_expense(item: WipItem) -> bool:
    return item.kind is WipKind.EXPENSE and not is_fee(item)


def is_work(item: WipItem) -> bool:
    return not is_fee(item) and not is_expense(item)


def counts(item: WipItem, cap: Cap) -> bool:
    """Whether it uses up the cap. Hours are counted from items in minutes only."""
    if cap.minutes is not None:
        return is_work(item) and item.valuation.unit == "minute"
    return is_work(item) or (cap.with_expenses and is_expense(item))


def minutes_of(item: WipItem) -> Decimal:
    return item.valuation.quantity if item.valuation.unit == "minute" else Decimal(0)


def sum_of(items: Iterable[WipItem], currency: str) -> Money:
    return sum((item.value for item in items), Money.zero(currency))


def line_named(contract: Contract, line_id: str) -> ContractLine | None:
    return next((line for line in contract.lines if line.line_id == line_id), None)
