"""What an item is worth under a contract, where the contract itself has the price: instalments and milestones."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.contract import Contract
from shared.domain.wip import Valuation, WipItem, WipKind

OF_CLAUSE = frozenset({WipKind.INSTALMENT, WipKind.MILESTONE})


def value_of_clause(item: WipItem, contract: Contract) -> WipItem | None:
    """The item as this contract has it, None if it no longer asks for it. item: of a kind in OF_CLAUSE.

    An instalment may have moved to another day; a milestone stays on the day it was completed.
    """
    line = contract.line(item.line_id)
    if line is None:
        return None
    if item.kind is WipKind.MILESTONE:
        valuation = Valuation.of_amount(line.value.rounded(), item.valuation.rule)
        return replace(item, value=valuation.value, valuation=valuation) if line.takes(item.worked_on) else None
    part = next((each for each in line.instalments if each.instalment_id == item.source_id), None)
    if part is None:
        return None
    valuation = Valuation.of_amount(part.value.rounded(), item.valuation.rule)
    return replace(item, worked_on=part.due_on, value=valuation.value, valuation=valuation)
