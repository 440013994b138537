"""An id that records of several systems or legal entities have is nobody's: each is named, and how to name one exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from events.envelope import AnyEnvelope
from events.values import Ref
from functions.experience import contracts, trace
from functions.experience.eligibility import eligibility
from functions.operations import hold_billing
from functions.operations.meant import meant
from shared.domain.hold import HoldLevel
from shared.domain.identity import ExternalRef
from shared.faults import BusinessException
from tests.stories import CONTRACT, PROJECT, THROUGH, Fabric, a_contract, an_entry, time_and_materials
from tests.unit.functions.experience.test_api import get
from tests.unit.functions.experience.test_questions import fabric  # noqa: F401

OTHER = "contract-2"
DEAL = ExternalRef("salesforce", "opportunity", "006other")
OTHERS = ExternalRef("business_central", "project", "77")


@pytest.fixture
def alike(fabric: Fabric) -> Fabric:  # noqa: F811
    """The PSA's project 77 is of US; the ERP's project 77 is another's, of DE."""
    project = replace(
        fabric.ports.projects.get(PROJECT), project_id="project-2", contract_id=OTHER, legal_entity_id="DE"
    )
    fabric.ports.projects.add(project)
    contract = replace(fabric.ports.contracts.get(CONTRACT), contract_id=OTHER, legal_entity_id="DE", ref=DEAL)
    fabric.ports.contracts.save(contract, sequence=1)
    fabric.ports.references.link(OTHERS, "project-2")
    return fabric


def told(refused: pytest.ExceptionInfo[BusinessException]) -> list[str]:
    assert refused.value.code == "id_ambiguous" and refused.value.facts["name_one_by"].startswith("system:kind:id")
    return refused.value.facts["candidates"].split("; ")


def numbered(number: str) -> AnyEnvelope:
    """An entry that the PSA gave this number."""
    return an_entry("entry-2", ref=Ref(system="kantata", kind="time_entry", id=number))


PROJECTS = [
    "business_central:project:77 of DE (our id project-2)",
    f"kantata:workspace:77 of US (our id {PROJECT})",
]


def test_a_project_is_not_picked_among_two(alike: Fabric) -> None:
    with pytest.raises(BusinessException) as refused:
        eligibility(alike.ports, "77", THROUGH)
    assert told(refused) == PROJECTS


@pytest.mark.parametrize(("named", "meant_one"), [("kantata:workspace:77", PROJECT), ("project-2", "project-2")])
def test_a_project_named_exactly_is_that_one(alike: Fabric, named: str, meant_one: str) -> None:
    assert eligibility(alike.ports, named, THROUGH).project_id == meant_one


def test_a_contract_is_not_picked_by_the_first_of_its_projects(alike: Fabric) -> None:
    with pytest.raises(BusinessException) as refused:
        contracts.find(alike.ports, "77")
    assert told(refused) == [
        f"business_central:project:77 of DE (our id {OTHER})",
        f"kantata:workspace:77 of US (our id {CONTRACT})",
    ]
    assert contracts.find(alike.ports, "business_central:project:77").contract_id == OTHER


def test_two_ids_of_one_contract_are_no_choice(alike: Fabric) -> None:
    alike.ports.references.link(ExternalRef("netsuite", "job", f"006{CONTRACT}"), PROJECT)
    assert contracts.find(alike.ports, f"006{CONTRACT}").contract_id == CONTRACT


def test_two_stories_are_not_told_as_one(fabric: Fabric) -> None:  # noqa: F811
    fabric.approve(numbered("77"))
    with pytest.raises(BusinessException) as refused:
        trace.trace(fabric.ports, "77")
    assert [each.partition(" ")[0] for each in told(refused)] == ["kantata:time_entry:77", "kantata:workspace:77"]
    assert trace.trace(fabric.ports, "kantata:workspace:77")["subjects"] == [PROJECT]
    assert trace.trace(fabric.ports, "kantata:time_entry:77")["subjects"] == ["entry-2"]


def test_what_waits_counts_as_much_as_what_is_known() -> None:
    fabric = Fabric().ready(a_contract(lines=()))  # noqa: F811
    fabric.approve(numbered("77"))
    with pytest.raises(BusinessException) as refused:
        eligibility(fabric.ports, "77", THROUGH)
    assert [each.partition(" ")[0] for each in told(refused)] == ["kantata:time_entry:77", "kantata:workspace:77"]
    assert eligibility(fabric.ports, "kantata:time_entry:77", THROUGH).state == "waiting"


def test_nothing_is_held_on_a_guess(alike: Fabric) -> None:
    command = hold_billing.HoldBilling(level=HoldLevel.PROJECT, subject_id="77", held=True, by="Dana", reason="dispute")
    with pytest.raises(BusinessException) as refused:
        hold_billing.handler.step(command, alike.ports)
    assert told(refused) == PROJECTS
    assert meant("kantata:workspace:77", alike.ports.projects.find, alike.ports) == PROJECT
    assert meant("nobody", alike.ports.projects.find, alike.ports) == "nobody"


def test_the_api_answers_with_the_candidates(alike: Fabric) -> None:
    code, problem = get("/eligibility/77")
    assert (code, problem["title"], problem["candidates"]) == (409, "id_ambiguous", "; ".join(PROJECTS))


def test_an_id_with_colons_of_its_own_is_named_exactly_too() -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))  # noqa: F811
    fabric.approve(an_entry("a0X1:2026-03-02"))
    for named in ("a0X1:2026-03-02", "kantata:time_entry:a0X1:2026-03-02"):
        assert eligibility(fabric.ports, named, THROUGH).what == "entry"
