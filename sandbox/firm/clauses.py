"""What a contract says beside its prices, as the firm and its customer wrote it, and as sellers type it on the product.

Amounts are main units of the deal's currency. One form is for people (`words`), one is the JSON of the terms field.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class ExpenseClause:
    """category None: every other one. mark_up in percent on cost; per_diem instead of cost; limit: the most for one."""

    category: str | None = None
    mark_up: Decimal = Decimal(0)
    per_diem: Decimal | None = None
    limit: Decimal | None = None


@dataclass(frozen=True)
class Clauses:
    """hard_cap, soft_cap: the most for the work, expenses aside. retainer: fee for the month, covers work up to itself.
    deposit: paid on the month's first day, work draws on it. tiers: (from, percent) of the month's work. minimum: of it.
    """

    hard_cap: Decimal | None = None
    soft_cap: Decimal | None = None
    retainer: Decimal | None = None
    deposit: Decimal | None = None
    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    minimum: Decimal | None = None
    expenses: tuple[ExpenseClause, ...] = ()

    @property
    def cap(self) -> Decimal | None:
        return self.hard_cap if self.hard_cap is not None else self.soft_cap


PLAIN = Clauses()


def words(clauses: Clauses) -> str:
    """For the tables a person reads; "" where nothing was agreed."""
    said = {
        "hard cap": clauses.hard_cap,
        "soft cap": clauses.soft_cap,
        "retainer": clauses.retainer,
        "deposit": clauses.deposit,
        "minimum": clauses.minimum,
    }
    parts = [f"{name} {amount:,}" for name, amount in said.items() if amount is not None]
    parts += [f"{percent} % off above {over:,}" if over else f"{percent} % off" for over, percent in clauses.tiers]
    return ", ".join([*parts, *map(_expense_words, clauses.expenses)])


def _expense_words(rule: ExpenseClause) -> str:
    what = f"{rule.category or 'expenses'}"
    if rule.per_diem is not None:
        return f"{what} {rule.per_diem} a day"
    marked = f"{what} +{rule.mark_up} %" if rule.mark_up else f"{what} at cost"
    return f"{marked} up to {rule.limit}" if rule.limit is not None else marked


def as_terms(clauses: Clauses, currency: str, first: date) -> str:
    """JSON, as docs/connectors/salesforce.md has it. first: the day the deposit is due."""

    def money(amount: Decimal) -> dict[str, str]:
        return {"amount": str(amount), "currency": currency}

    terms: dict[str, Any] = {}
    if clauses.cap is not None:
        terms["cap"] = {"over": "hard" if clauses.hard_cap is not None else "soft", "value": money(clauses.cap)}
    if clauses.retainer is not None:
        terms["retainer"] = {"fee": money(clauses.retainer), "carry_periods": 1}
    if clauses.deposit is not None:
        terms["prepaid"] = {"deposit": money(clauses.deposit), "due_on": first.isoformat()}
    if clauses.tiers:
        terms["discount"] = {"tiers": [{"over": money(over), "percent": str(each)} for over, each in clauses.tiers]}
    if clauses.minimum is not None:
        terms["minimum"] = money(clauses.minimum)
    if clauses.expenses:
        terms["expenses"] = [_expense_terms(rule, money) for rule in clauses.expenses]
    return json.dumps(terms)


def _expense_terms(rule: ExpenseClause, money: Any) -> dict[str, Any]:
    basis = "per_diem" if rule.per_diem is not None else "mark_up" if rule.mark_up else "at_cost"
    told: dict[str, Any] = {"basis": basis, "category": rule.category}
    if rule.mark_up:
        told["mark_up"] = str(rule.mark_up)
    if rule.per_diem is not None:
        told["per_diem"] = money(rule.per_diem)
    if rule.limit is not None:
        told["limit"] = money(rule.limit)
    return told
