"""What is due, grouped, without what crosses a cap: that stays open, cut where the cap is reached, and somebody owns it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from functions.processes.time_to_bill.record_source import wip_recorded
from shared.domain.contract import Contract
from shared.domain.project import Project
from shared.domain.source import Applied, SourceRecord
from shared.domain.terms import OverCap
from shared.domain.wip import WipItem
from shared.faults import Transient
from shared.ports.ports import Ports
from shared.runtime.trouble import close_trouble, raise_trouble
from shared.usecases.cut_item import cut_id, cut_item, pair_ids
from shared.usecases.group_wip import Grouped, Left, group_wip
from shared.usecases.hold_over_cap import OVER_CAP, Cut, Held, hold_over_cap

HARD = "over_hard_cap"
TYPES = {OverCap.SOFT: OVER_CAP, OverCap.HARD: HARD}


def group_within_caps(contract: Contract, projects: Sequence[Project], through: date, ports: Ports) -> Grouped:
    items = list(ports.wip.open_of(contract.contract_id))
    grouped = group_wip(items, contract, projects, through=through)
    if not any(line.terms.cap for line in contract.lines):
        return grouped
    due = [item for group in grouped.groups.values() for item in group]
    over = over_caps(due, contract, ports)
    tell(over, contract, ports)
    if not over:
        return grouped
    held = {item.wip_id for each in over for item in each.items}
    for each in over:
        if each.cut:
            less, more = cut(each.cut, contract, items, ports)
            items += [less, more]
            held.add(more.wip_id)
    rest = group_wip([item for item in items if item.wip_id not in held], contract, projects, through=through)
    return Grouped(rest.groups, [*rest.left, *(Left(wip_id, OVER_CAP) for wip_id in sorted(held))])


def over_caps(due: Sequence[WipItem], contract: Contract, ports: Ports) -> tuple[Held, ...]:
    """Invoices that are not priced yet are read before the ledger: one priced in between is counted once, not never."""
    unfinished = [each.invoice_id for each in ports.invoices.unfinished(contract.contract_id)]
    claimed = [item for invoice_id in unfinished for item in ports.wip.claimed_by(invoice_id)]
    ledger = ports.ledgers.of_contract(contract.contract_id)
    for invoice_id in unfinished:
        ledger = ledger.without(invoice_id)
    return hold_over_cap(due, contract, ledger, claimed=claimed)


def cut(wanted: Cut, contract: Contract, known: Sequence[WipItem], ports: Ports) -> tuple[WipItem, WipItem]:
    """Written once; a run that finds the item cut since it read the open work begins again from what is there now.

    The list of open items may lag behind: while it lacks the former cut, the item would be cut twice.
    """
    previous = ports.wip.source(cut_id(wanted.item))
    if previous:
        check_seen(previous, known, ports)
    source, less, more = cut_item(wanted, previous)
    events = [wip_recorded(item, None, ports) for item in (less, more)]
    if ports.wip.record(source, [less, more], previous=previous, events=events) is not Applied.NEW:
        raise Transient("cut_by_another", contract_id=contract.contract_id, wip_id=wanted.item.wip_id)
    return less, more


def check_seen(former: SourceRecord, known: Sequence[WipItem], ports: Ports) -> None:
    seen = {item.wip_id for item in known}
    for wip_id in pair_ids(former.source_id, former.sequence):
        if wip_id not in seen and ports.wip.get(wip_id).claimed_by is None:
            raise Transient("open_work_lags", wip_id=wip_id)


def tell(over: Sequence[Held], contract: Contract, ports: Ports) -> None:
    """One question per line; a line that has room again has none."""
    held = {each.line.line_id: each for each in over}
    for line in contract.lines:
        if line.terms.cap is None:
            continue
        standing = held.get(line.line_id)
        mine = TYPES[line.terms.cap.over]
        close_trouble(ports, line.line_id, [each for each in TYPES.values() if each != mine or standing is None])
        if standing:
            raise_trouble(
                ports,
                mine,
                line.line_id,
                legal_entity_id=contract.legal_entity_id,
                correlation_id=contract.contract_id,
                facts=facts_of(standing, contract),
            )


def facts_of(held: Held, contract: Contract) -> dict[str, str]:
    """unit: the contract's currency, or "minutes". over: what an approval lets pass."""
    unit = contract.currency if held.line.terms.cap and held.line.terms.cap.value else "minutes"
    return {
        "contract_id": contract.contract_id,
        "line": held.line.description,
        "project": contract.project_name,
        "unit": unit,
        "currency": contract.currency,
        "cap": str(held.cap),
        "billed": str(held.billed),
        "over": str(held.over),
    }
