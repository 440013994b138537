"""What the contracts on one invoice may draw on its purchase order."""

from __future__ import annotations

from collections.abc import Iterable

from shared.domain.money import Money
from shared.ports.ports import Ports
from shared.usecases.purchase_orders import limit_of


def order_limits(number: str | None, contract_ids: Iterable[str], ports: Ports) -> dict[str, Money]:
    """By contract, of the purchase order; a contract without one is left out."""
    found = {each: limit_of(number, ports.contracts.get(each)) for each in sorted(set(contract_ids))} if number else {}
    return {each: limit for each, limit in found.items() if limit}
