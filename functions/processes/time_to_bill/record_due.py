"""What a contract makes due on a date becomes WIP, each thing once: instalments, retainer fees, prepaid deposits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from functions.processes.wip_recorded import wip_recorded
from shared.domain.contract import Contract
from shared.domain.money import Money
from shared.domain.project import Project
from shared.domain.wip import WipItem
from shared.ports.ports import Ports
from shared.usecases.apply_source import apply_source
from shared.usecases.due_fees import deposits_of, next_deposit, retainer_fees
from shared.usecases.due_instalments import active_project_of, due_instalments


def record_due(contract: Contract, projects: Sequence[Project], through: date, ports: Ports) -> None:
    """Its id is its source: whoever runs, however often, it is written once."""
    due = [*due_instalments(contract, projects, through=through), *retainer_fees(contract, projects, through=through)]
    for item in (*due, *due_deposits(contract, projects, through, ports)):
        if ports.wip.source(item.source_id):
            continue
        source, items = apply_source(
            None,
            None,
            item,
            source_id=item.source_id,
            ref=contract.ref,
            sequence=item.source_sequence,
            contract=contract,
            project_id=item.project_id,
        )
        ports.wip.record(source, items, previous=None, events=[wip_recorded(each, None, ports) for each in items])


def due_deposits(contract: Contract, projects: Sequence[Project], through: date, ports: Ports) -> Iterator[WipItem]:
    """Deposits are counted after the ledger was read: one that another run asks for meanwhile is seen, never doubled."""
    if not any(line.terms.prepaid for line in contract.lines):
        return
    ledger = ports.ledgers.of_contract(contract.contract_id)
    for line in contract.lines:
        drawn = ledger.total(line.line_id, contract.currency, lambda each: each.drawn)
        paid = deposits_of(line, lambda source_id: value_of(source_id, ports)) if line.terms.prepaid else ()
        project = active_project_of(line, projects)
        item = next_deposit(contract, project, line, through=through, paid=paid, drawn=drawn) if project else None
        if item:
            yield item


def value_of(source_id: str, ports: Ports) -> Money | None:
    source = ports.wip.source(source_id)
    return source.value if source else None
