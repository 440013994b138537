"""What is due, grouped, without what crosses a cap: that stays open, cut where the cap is reached, and somebody owns it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from functions.processes.wip_recorded import wip_recorded
from shared.domain.contract import Contract
from shared.domain.source import Applied, SourceRecord
from shared.domain.terms import OverCap
from shared.domain.wip import WipItem
from shared.faults import Transient
from shared.ports.ports import Ports
from shared.runtime.trouble import close_trouble, raise_trouble
from shared.usecases.cut_item import cut_id, cut_item, pair_ids
from shared.usecases.group_wip import Grouped, Left
from shared.usecases.hold_over_cap import OVER_CAP, OVER_LIMIT, Cut, Held, hold_over_cap
from shared.usecases.hold_over_limit import held_over_limit, over_limit
from shared.usecases.open_exception import exception_id

HARD = "over_hard_cap"
Group = Callable[[Sequence[WipItem]], Grouped]
TYPES = {OverCap.SOFT: OVER_CAP, OverCap.HARD: HARD}


def group_within_caps(items: Sequence[WipItem], contract: Contract, group: Group, ports: Ports) -> Grouped:
    """Limits of single expenses first, then caps over what is left. items: the contract's open work. group: what may
    stand on one invoice, of items that no cap holds."""
    known = list(items)
    if not any(line.terms.cap or line.terms.expenses for line in contract.lines):
        return group(known)
    held = hold_expenses(known, contract, due_of(group(known)), ports)
    due = due_of(group([item for item in known if item.wip_id not in held]))
    over = over_caps(due, contract, ports)
    tell(over, contract, ports)
    for each in over:
        held |= {item.wip_id: OVER_CAP for item in each.items}
        if each.cut:
            held[cut(each.cut, contract, known, ports).wip_id] = OVER_CAP
    rest = group([item for item in known if item.wip_id not in held])
    return Grouped(rest.groups, [*rest.left, *(Left(wip_id, held[wip_id]) for wip_id in sorted(held))])


def due_of(grouped: Grouped) -> list[WipItem]:
    return [item for group in grouped.groups.values() for item in group]


def hold_expenses(items: list[WipItem], contract: Contract, due: Sequence[WipItem], ports: Ports) -> dict[str, str]:
    """Why each part above a limit is left, by its id; `items` gains what is cut now. One question per part."""
    for each in over_limit(due):
        previous = ports.wip.source(cut_id(each.item.wip_id, each.reason))
        if previous:
            check_seen(previous, items, ports)
        else:
            cut(each, contract, items, ports)
    asked = [item for item in items if item.valuation.rule == OVER_LIMIT and item.value.amount > 0]
    held = held_over_limit(items, {item.wip_id for item in asked if let_pass(item.wip_id, ports)})
    close = {item.wip_id for item in asked} - {item.wip_id for item in held}
    for wip_id in close:
        close_trouble(ports, wip_id, [OVER_LIMIT])
    for item in held:
        facts = {"contract_id": contract.contract_id, "what": item.description, "over": str(item.value.amount)}
        raise_trouble(
            ports,
            OVER_LIMIT,
            item.wip_id,
            legal_entity_id=contract.legal_entity_id,
            correlation_id=contract.contract_id,
            facts=facts | {"currency": item.value.currency},
        )
    return {item.wip_id: OVER_LIMIT for item in held}


def let_pass(wip_id: str, ports: Ports) -> bool:
    """Somebody said yes; who and when stands in the exception and its event."""
    answered = ports.exceptions.find(exception_id(OVER_LIMIT, wip_id))
    return answered is not None and answered.resolution == "approve"


def over_caps(due: Sequence[WipItem], contract: Contract, ports: Ports) -> tuple[Held, ...]:
    """Invoices that are not priced yet are read before the ledger: one priced in between is counted once, not never."""
    unfinished = [each.invoice_id for each in ports.invoices.unfinished(contract.contract_id)]
    claimed = [item for invoice_id in unfinished for item in ports.wip.claimed_by(invoice_id)]
    ledger = ports.ledgers.of_contract(contract.contract_id)
    for invoice_id in unfinished:
        ledger = ledger.without(invoice_id)
    return hold_over_cap(due, contract, ledger, claimed=claimed)


def cut(wanted: Cut, contract: Contract, items: list[WipItem], ports: Ports) -> WipItem:
    """The part that is held; both parts join `items`. Written once: a run that finds the item cut since it read the open
    work begins again from what is there now.

    The list of open items may lag behind: while it lacks the former cut, the item would be cut twice.
    """
    previous = ports.wip.source(cut_id(wanted.item.wip_id, wanted.reason))
    if previous:
        check_seen(previous, items, ports)
    source, less, more = cut_item(wanted, previous)
    events = [wip_recorded(item, None, ports) for item in (less, more)]
    if ports.wip.record(source, [less, more], previous=previous, events=events) is not Applied.NEW:
        raise Transient("cut_by_another", contract_id=contract.contract_id, wip_id=wanted.item.wip_id)
    items += [less, more]
    return more


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
