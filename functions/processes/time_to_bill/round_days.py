"""Before a draft: the rounding of every person-day that has something open, recorded once per state of that day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from functions.processes.wip_recorded import wip_recorded
from shared.domain.contract import Contract
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.wip import WipItem
from shared.ports.ports import Ports
from shared.usecases.apply_source import apply_source
from shared.usecases.round_day import RULE, DayRounding, round_day


def round_days(contract: Contract, items: Iterable[WipItem], ports: Ports) -> list[WipItem]:
    """What it wrote: rounding items, and reversals of those that a late entry overtook.

    items: open ones, those that will be asked for the draft. A day is read whole and consistently, so the same state of
    it writes nothing twice; whoever comes later is open, and the next run looks at its day again.
    Raises Transient("source_moved") when another run records the same day: the step is tried again.
    """
    days = {item.day_id: item.line_id for item in items if item.day_id}
    terms = {line.line_id: line.terms for line in contract.lines}
    written: list[WipItem] = []
    for day_id in sorted(days):
        rounding = terms[days[day_id]].time_rounding if days[day_id] in terms else None
        day = list(ports.wip.of_day(day_id))
        for each in round_day(day, rounding):
            written += _record(each, day, contract, ports)
    return written


def _record(rounding: DayRounding, day: Sequence[WipItem], contract: Contract, ports: Ports) -> Sequence[WipItem]:
    previous = ports.wip.source(rounding.source_id)
    if previous is None and rounding.wanted is None:
        return ()
    sequence = previous.sequence + 1 if previous else 1
    wip_id = derived_id("wip", rounding.source_id, str(sequence), "item")
    wanted = rounding.wanted and replace(rounding.wanted, wip_id=wip_id, source_sequence=sequence)
    source, items = apply_source(
        previous,
        ports.wip.get(previous.wip_id) if previous and previous.wip_id else None,
        wanted,
        source_id=rounding.source_id,
        ref=ExternalRef("billweave", RULE, rounding.source_id),
        sequence=sequence,
        contract=contract,
        project_id=day[0].project_id,
    )
    if items:
        events = [wip_recorded(item, None, ports) for item in items]
        ports.wip.record(source, items, previous=previous, events=events)
    return items
