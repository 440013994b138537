"""The process that carries a plan out may die at any write: accepted again, every credit is there once."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.operations import act_on_exception
from tests.property.mortal import Fate, MortalPorts, until_done
from tests.stories import Fabric, a_card, a_contract, an_entry, time_and_materials

APRIL = an_entry().data.worked_on.replace(month=4, day=30)


def a_firm() -> Fabric:
    """Two posted invoices of two entries each; then the card changes."""
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    for month in (3, 4):
        day = APRIL.replace(month=month, day=2)
        fabric.approve(*(an_entry(f"t-{month}-{number}", worked_on=day, minutes=50 + number) for number in (1, 2)))
        fabric.bill(APRIL.replace(month=month, day=30 + month % 2))
    fabric.price(a_card(2, rate="160.00"))
    return fabric


def accepted(fabric: Fabric, ports: Any) -> None:
    [trouble] = list(fabric.ports.exceptions.list())
    command = act_on_exception.ActOnException(exception_id=trouble.exception_id, action="accept", by="Fay")
    act_on_exception.handler.step(command, ports)


def state(fabric: Fabric) -> dict[str, Any]:
    ports = fabric.ports
    return {
        "items": ports.wip.items,
        "sources": ports.wip.sources,
        "invoices": ports.invoices.rows,
        "credits": ports.credits.rows,
        "sagas": ports.sagas.started,
        "open": fabric.exceptions(),
        "audited": [entry.act.what for entry in ports.audit_log.of_legal_entity("US")],
    }


CALM = a_firm()
FATE = Fate()
accepted(CALM, MortalPorts(CALM.ports, FATE))


@settings(max_examples=80, deadline=None)
@given(st.frozensets(st.integers(0, FATE.moments + 4), max_size=8))
def test_a_plan_that_dies_half_way_ends_as_one_that_lived(deaths: frozenset[int]) -> None:
    fabric = a_firm()
    ports = MortalPorts(fabric.ports, Fate(deaths))
    until_done(lambda: accepted(fabric, ports))
    assert state(fabric) == state(CALM)
    assert fabric.conserved()


def test_a_calm_plan_makes_one_memo_for_each_invoice() -> None:
    memos = [each for each in CALM.ports.invoices.rows.values() if each.credits]
    assert len(memos) == len({each.credits for each in memos}) == 2
    assert CALM.conserved()
