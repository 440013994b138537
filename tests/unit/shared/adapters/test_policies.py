"""Policies: fresh within a minute, never a broken version."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from shared.adapters.policies import SsmPolicyBook
from shared.domain.policies import Policies
from shared.faults import Transient
from tests.fakes.policies import some_policies
from tests.unit.shared.adapters.scripted import Scripted, refusal


def parameter(text: str) -> dict[str, dict[str, str]]:
    return {"Parameter": {"Value": text}}


def version(name: str) -> dict[str, dict[str, str]]:
    return parameter(TypeAdapter(Policies).dump_json(replace(some_policies(), version=name)).decode())


def test_a_new_version_is_in_force_within_a_minute() -> None:
    now, ssm = 0.0, Scripted(version("1"), version("2"))
    book = SsmPolicyBook(ssm, "/policies", elapsed=lambda: now)
    assert book.current().version == "1"
    now = 59.0
    assert book.current().version == "1"
    now = 60.0
    assert book.current().version == "2"
    assert len(ssm.calls) == 2


@pytest.mark.parametrize("broken", [parameter("{}"), parameter("nonsense"), refusal("InternalServerError", 500)])
def test_a_broken_version_leaves_the_last_good_one_in_force(broken: object) -> None:
    now = 0.0
    book = SsmPolicyBook(Scripted(version("1"), broken, version("2")), "/policies", elapsed=lambda: now)
    book.current()
    now = 60.0
    assert book.current().version == "1"
    now = 120.0
    assert book.current().version == "2"


def test_a_broken_first_version_is_told_by_where_it_is_wrong() -> None:
    text = TypeAdapter(Policies).dump_json(some_policies()).decode().replace('"hours":24', '"hours":"hush"')
    with pytest.raises(Transient) as caught:
        SsmPolicyBook(Scripted(parameter(text)), "/policies").current()
    assert caught.value.facts == {"parameter": "/policies", "where": "exceptions.0.hours"}
