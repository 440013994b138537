"""The open items of one contract as a draft may take them: priced by the card as it is, days rounded as they are."""

from __future__ import annotations

from datetime import date

from functions.processes.time_to_bill.rerate_open import rerate_open
from functions.processes.time_to_bill.round_days import round_days
from shared.domain.contract import Contract
from shared.domain.wip import WipItem
from shared.ports.ports import Ports


def ready_items(contract: Contract, through: date, ports: Ports) -> list[WipItem]:
    """All that is open, with what had to be written for it. Work after `through` is left as it is.

    The list is read once: what comes in meanwhile is open for the next run, and is looked at by it.
    """
    items = list(ports.wip.open_of(contract.contract_id))
    items += rerate_open([item for item in items if item.worked_on <= through], ports)
    items += round_days(contract, [item for item in items if item.worked_on <= through], ports)
    return items
