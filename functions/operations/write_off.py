"""`billweave write-off`: open work is given up, whole or in part, with reason and by whom; over the threshold it waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import count

from pydantic import Field

from functions.operations.meant import meant
from functions.operations.write_off_acts import APPROVAL_DUE, act_of, changed, tell_approver
from shared.domain.contract import Contract
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.domain.write_off import WriteOff, WriteOffLine
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.trouble import close_trouble
from shared.runtime.wiring import AwsPorts
from shared.usecases.make_write_off import Asked, gives_up, make_write_off, write_off_id
from shared.usecases.plan_write_off import ALL, plan_write_off, write_down_pair
from shared.usecases.view_write_off import view_write_off

AT_ONCE = 15
"""Lines of one record, so that it is one transaction; a longer request takes several."""


class WriteOffAsked(Input):
    """Of one project, contract, or these items of one contract. request_id: repeated, it gives up nothing twice.

    through: only work on or before it. percent of each item, or amount in all, in the contract's currency; else all.
    dry_run: shows what it would do and writes nothing.
    """

    request_id: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,60}$")
    reason: str
    note: str = ""
    project_id: str | None = None
    contract_id: str | None = None
    items: tuple[str, ...] = ()
    through: date | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    dry_run: bool = False


class WriteOffWork(WriteOffAsked):
    by: str = Field(min_length=1)


@process_step(WriteOffWork, wire=AwsPorts.from_env)
def handler(command: WriteOffWork, ports: Ports) -> dict[str, object]:
    """The records it made, or made before. Raises BusinessException for what cannot be given up, writing nothing."""
    return give_up(command, ports)


def give_up(command: WriteOffWork, ports: Ports) -> dict[str, object]:
    if command.amount is not None and command.percent is not None:
        raise BusinessException("write_off_share", percent=f"{command.percent:f}", amount=f"{command.amount:f}")
    if command.project_id:
        project_id = meant(command.project_id, ports.projects.find, ports)
        command = command.model_copy(update={"project_id": project_id})
    contract = ports.contracts.get(contract_of(command, ports))
    standing = list(parts_of(contract.legal_entity_id, command.request_id, ports))
    lines = plan(command, contract, standing, ports)
    made = [*standing, *to_parts(command, lines, contract, len(standing), ports)]
    if not command.dry_run:
        made = standing + [told_and_recorded(each, ports) for each in made[len(standing) :]]
        for each in made:
            tell_approver(ports.write_offs.get(each.write_off_id), ports)
    return {"dry_run": command.dry_run, "write_offs": [view_write_off(each) for each in made]}


def contract_of(command: WriteOffWork, ports: Ports) -> str:
    """Raises BusinessException("write_off_of_what" | "several_contracts")."""
    if command.items:
        contracts = sorted({ports.wip.get(wip_id).contract_id for wip_id in command.items})
        if len(contracts) > 1:
            raise BusinessException("several_contracts", contracts=",".join(contracts))
        return contracts[0]
    if command.project_id:
        return ports.projects.get(command.project_id).contract_id
    if command.contract_id:
        return meant(command.contract_id, ports.contracts.find, ports)
    raise BusinessException("write_off_of_what", request_id=command.request_id)


def parts_of(legal_entity_id: str, request_id: str, ports: Ports) -> Iterator[WriteOff]:
    for part in count(1):
        found = ports.write_offs.find(write_off_id(legal_entity_id, request_id, part))
        if found is None:
            return
        yield found


def plan(
    command: WriteOffWork, contract: Contract, standing: Sequence[WriteOff], ports: Ports
) -> tuple[WriteOffLine, ...]:
    """What is still to be taken: for a request that stands, what a crash left of its first selection."""
    there = list(ports.wip.open_of(contract.contract_id))
    if standing:
        done = {line.wip_id for each in standing for line in each.lines}
        chosen = [wip_id for wip_id in standing[0].asked if wip_id not in done]
        if not chosen:
            return ()
    else:
        chosen = [item.wip_id for item in there if is_chosen(item, command)]
    taken = [item for item in there if item.wip_id not in set(chosen) or ports.wip.get(item.wip_id).claimed_by is None]
    if gone := set(command.items) - {item.wip_id for item in taken}:
        raise BusinessException("already_claimed", items=",".join(sorted(gone)))
    amount = Money(command.amount, contract.currency) if command.amount is not None else None
    return plan_write_off(taken, chosen, amount=amount, percent=ALL if command.percent is None else command.percent)


def is_chosen(item: WipItem, command: WriteOffWork) -> bool:
    if command.items:
        return item.wip_id in command.items
    of_project = command.project_id in (None, item.project_id)
    return of_project and (command.through is None or item.worked_on <= command.through)


def to_parts(
    command: WriteOffWork, lines: Sequence[WriteOffLine], contract: Contract, standing: int, ports: Ports
) -> Iterator[WriteOff]:
    asked = Asked(command.request_id, command.reason, command.note, command.by, ports.clock.now())
    total = sum((line.written_off for line in lines), Money.zero(contract.currency))
    if command.amount is not None and len(lines) > AT_ONCE:
        raise BusinessException("write_off_too_many", items=str(len(lines)), most=str(AT_ONCE))
    selection = tuple(line.wip_id for line in lines) if len(lines) > AT_ONCE and not standing else ()
    for number, some in enumerate(chunks(lines), start=standing + 1):
        yield make_write_off(
            asked,
            some,
            contract,
            ports.policies.current(),
            part=number,
            of=total,
            selection=selection if number == 1 else (),
        )


def chunks(lines: Sequence[WriteOffLine]) -> Iterator[Sequence[WriteOffLine]]:
    for start in range(0, len(lines), AT_ONCE):
        yield lines[start : start + AT_ONCE]


def told_and_recorded(write_off: WriteOff, ports: Ports) -> WriteOff:
    """The approver is told first (and again afterwards): a crash in between never leaves work held that nobody knows of."""
    tell_approver(write_off, ports)
    try:
        return record(write_off, ports)
    except BusinessException:
        close_trouble(ports, write_off.write_off_id, [APPROVAL_DUE])
        raise


def record(write_off: WriteOff, ports: Ports) -> WriteOff:
    """In one transaction; the one that stands, if somebody asked for the same at the same time."""
    ids = sorted({line.source_id for line in write_off.lines})
    found = {source_id: ports.wip.source(source_id) for source_id in ids}
    if missing := [source_id for source_id, source in found.items() if source is None]:
        raise BusinessException("source_unknown", sources=",".join(missing))
    before = [source for source in found.values() if source]
    pairs = [
        write_down_pair(ports.wip.get(line.wip_id), line.written_off, write_off.write_off_id)
        for line in write_off.lines
        if not line.whole
    ]
    sources = list(zip(before, gives_up(write_off, before), strict=True))
    act = act_of(write_off, write_off.status.value, who=write_off.submitter, why=write_off.reason, ports=ports)
    told = [changed(write_off, write_off.submitter, ports)]
    return ports.write_offs.take(write_off, pairs, sources=sources, act=act, events=told)
