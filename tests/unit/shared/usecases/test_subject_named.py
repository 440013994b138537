"""One record, or an error that names every one: what is read for it, and how an id is written in full."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.domain.identity import ExternalRef
from shared.faults import BusinessException
from shared.usecases.subject_named import Named, Subject, exactly, subject_named
from tests.fakes.ports import FakePorts

HERE = {"p-1": "US", "p-2": "DE", "cus-1": None}


def find(ours: str) -> Subject | None:
    return Subject(ours, HERE[ours]) if ours in HERE else None


@pytest.fixture
def ports() -> FakePorts:
    made = FakePorts()
    for system, kind, id_, ours in (
        ("psa", "project", "77", "p-1"),
        ("erp", "project", "77", "p-1"),
        ("erp", "draft", "77", "no record"),
        ("psa", "project", "88", "p-1"),
        ("erp", "customer", "88", "cus-1"),
        ("erp", "number:DE", "A:9", "p-2"),
        ("erp", "number:US", "A:9", "p-1"),
    ):
        made.references.link(ExternalRef(system, kind, id_), ours)
    return made


def unread() -> Iterator[Named]:
    raise AssertionError("asked for what our own id answers")
    yield


def test_our_own_id_is_nobody_elses(ports: FakePorts) -> None:
    assert subject_named("p-1", find, ports, also=unread()) == Subject("p-1", "US")


def test_two_systems_that_call_one_record_alike_mean_it(ports: FakePorts) -> None:
    assert subject_named("77", find, ports) == Subject("p-1", "US")


def test_what_belongs_to_every_legal_entity_says_so(ports: FakePorts) -> None:
    with pytest.raises(BusinessException) as refused:
        subject_named("88", find, ports)
    assert refused.value.facts["candidates"] == (
        "erp:customer:88 of every legal entity (our id cus-1); psa:project:88 of US (our id p-1)"
    )


@pytest.mark.parametrize(("entity", "ours"), [("DE", "p-2"), ("US", "p-1")])
def test_kinds_and_ids_may_have_colons_of_their_own(ports: FakePorts, entity: str, ours: str) -> None:
    ref = ExternalRef("erp", f"number:{entity}", "A:9")
    found = subject_named(exactly(ref), find, ports)
    assert found is not None and found.our_id == ours


@pytest.mark.parametrize("unknown", ["99", "crm:project:77", "psa:77", "psa:project:", ":::"])
def test_what_nobody_has_is_none(ports: FakePorts, unknown: str) -> None:
    assert subject_named(unknown, find, ports) is None


def test_what_has_no_reference_yet_is_a_candidate_like_any_other(ports: FakePorts) -> None:
    waits = (ExternalRef("psa", "time_entry", "77"), Subject("e-1", "US"))
    with pytest.raises(BusinessException, match="id_ambiguous"):
        subject_named("77", find, ports, also=[waits])
    assert subject_named("psa:time_entry:77", find, ports, also=[waits]) == Subject("e-1", "US")
