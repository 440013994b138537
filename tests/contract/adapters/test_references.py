"""Cross-references: one meaning per foreign id, for ever, found from either side."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.identity import ExternalRef
from shared.faults import BusinessException
from tests.fakes.records import some_contract, some_item, source_of

WORKSPACE = ExternalRef("kantata", "workspace", "77")
JOB = ExternalRef("netsuite", "job", "77")


def test_a_reference_means_one_thing(ports: Any) -> None:
    assert ports.references.canonical(WORKSPACE) is None
    ports.references.link(WORKSPACE, "project-1")
    ports.references.link(WORKSPACE, "project-1")
    assert ports.references.canonical(WORKSPACE) == "project-1"
    with pytest.raises(BusinessException) as caught:
        ports.references.link(WORKSPACE, "project-2")
    assert caught.value.code == "reference_taken"
    assert ports.references.canonical(WORKSPACE) == "project-1"
    assert ports.references.refs_of("project-2") == []


def test_all_references_of_one_thing_are_found(ports: Any) -> None:
    ports.references.link(JOB, "project-1")
    ports.references.link(WORKSPACE, "project-1")
    assert ports.references.refs_of("project-1") == [WORKSPACE, JOB]


def test_any_id_of_any_system_is_looked_up(ports: Any) -> None:
    ports.references.link(WORKSPACE, "project-1")
    ports.references.link(JOB, "project-2")
    assert ports.references.look_up("77") == [(WORKSPACE, "project-1"), (JOB, "project-2")]
    assert ports.references.look_up("78") == []


def test_records_are_looked_up_by_the_id_they_came_with(ports: Any) -> None:
    contract, item = some_contract(), some_item()
    source = source_of(item)
    ports.contracts.save(contract, sequence=1)
    ports.wip.record(source, [item], previous=None)
    assert ports.references.look_up(contract.ref.id) == [(contract.ref, "contract-1")]
    assert ports.references.look_up(source.ref.id) == [(source.ref, source.source_id)]


def test_ids_may_hold_any_character(ports: Any) -> None:
    odd = ExternalRef("netsuite", "invoice_number", "INV#10/1 ä")
    ports.references.link(odd, "invoice-1")
    assert ports.references.canonical(odd) == "invoice-1"
    assert ports.references.refs_of("invoice-1") == [odd]
