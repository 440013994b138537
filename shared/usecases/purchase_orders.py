"""Which purchase order pays for which work, and what no order pays for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.domain.contract import Contract
from shared.domain.money import Money
from shared.domain.terms import PurchaseOrder
from shared.domain.wip import WipItem

EXCEEDED = "purchase_order_exceeded"
EXPIRED = "purchase_order_expired"


@dataclass(frozen=True, slots=True)
class OnOrders:
    """Of every item given: either the number of the order it goes on (None: the contract has none), or why it waits."""

    numbers: Mapping[str, str | None]
    held: Mapping[str, str]


def place_on_orders(items: Sequence[WipItem], contract: Contract, drawn: Mapping[str, Money]) -> OnOrders:
    """Work goes on the first order, by expiry, that is valid on its day and has room for it whole; else it is held.

    All versions of one source stay together and count as what they sum to, so a correction downwards always fits.
    drawn: per number, what earlier invoices took, net of credits. Never places more than limit - drawn.
    Source: docs/billing.md, "Purchase orders".
    """
    numbers: dict[str, str | None] = {}
    held: dict[str, str] = {}
    taken = {(number, money.currency): money for number, money in drawn.items()}
    for unit in _units(items):
        orders = orders_of(unit[0].line_id, contract)
        found = _place(unit, orders, taken) if orders else None
        if isinstance(found, str):
            held |= {item.wip_id: found for item in unit}
        else:
            numbers |= {item.wip_id: found.number if found else None for item in unit}
    return OnOrders(numbers, held)


def orders_of(line_id: str, contract: Contract) -> tuple[PurchaseOrder, ...]:
    """Those that pay for a line: its own, else the contract's by expiry (those without one last), else the one number."""
    line = next((line for line in contract.lines if line.line_id == line_id), None)
    if line and line.terms.purchase_order:
        return (line.terms.purchase_order,)
    if contract.purchase_orders:
        return tuple(sorted(contract.purchase_orders, key=lambda order: order.expires_on or date.max))
    return (PurchaseOrder(contract.purchase_order),) if contract.purchase_order else ()


def limit_of(number: str | None, contract: Contract) -> Money | None:
    """Of that order; None: unlimited, or not an order of the contract any more."""
    own = (line.terms.purchase_order for line in contract.lines)
    orders = [order for order in (*own, *contract.purchase_orders) if order and order.number == number]
    return orders[0].limit if orders else None


def _units(items: Sequence[WipItem]) -> list[list[WipItem]]:
    """Items of one source and line together, oldest work first."""
    by_source: dict[tuple[str, str], list[WipItem]] = {}
    for item in sorted(items, key=lambda item: (item.worked_on, item.source_id, item.source_sequence, item.wip_id)):
        by_source.setdefault((item.source_id, item.line_id), []).append(item)
    return list(by_source.values())


def _place(
    unit: Sequence[WipItem], orders: Sequence[PurchaseOrder], taken: dict[tuple[str, str], Money]
) -> PurchaseOrder | str:
    net = sum((item.value for item in unit), Money.zero(unit[0].value.currency))
    day = max(item.worked_on for item in unit)
    valid = [order for order in orders if order.expires_on is None or day <= order.expires_on]
    for order in valid:
        so_far = taken.get((order.number, net.currency), Money.zero(net.currency))
        if net.amount <= 0 or order.limit is None or (so_far + net).amount <= order.limit.amount:
            taken[order.number, net.currency] = so_far + net
            return order
    return EXCEEDED if valid else EXPIRED
