"""Projects: added once, changed by reading and writing, never over somebody else's change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.project import Project, ProjectStatus
from shared.domain.source import Applied
from shared.faults import BusinessException
from tests.fakes.records import some_event, some_project


def held(project: Project) -> Project:
    return replace(project, on_hold=True)


def test_a_project_is_added_once(ports: Any) -> None:
    project = some_project()
    assert ports.projects.add(project, events=[some_event("e1")]) is Applied.NEW
    assert ports.projects.add(held(project), events=[some_event("e2")]) is Applied.DUPLICATE
    assert ports.projects.get(project.project_id) == project
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["e1"]


def test_a_change_is_written_with_its_event(ports: Any) -> None:
    project = some_project()
    ports.projects.add(project)
    assert ports.projects.update(project.project_id, held, events=[some_event("e1")]) == held(project)
    assert ports.projects.get(project.project_id) == held(project)
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["e1"]


def test_a_change_that_changes_nothing_writes_nothing_and_announces_nothing(ports: Any) -> None:
    project = held(some_project())
    ports.projects.add(project)
    assert ports.projects.update(project.project_id, held, events=[some_event("e1")]) == project
    assert ports.event_log.of_subject("wip-1") == []


def test_an_unknown_project_cannot_be_changed(ports: Any) -> None:
    with pytest.raises(BusinessException) as caught:
        ports.projects.update("nobody", held)
    assert caught.value.code == "project_unknown"


def test_projects_are_found_by_contract_and_by_status(ports: Any) -> None:
    active, blocked = some_project("c1"), some_project("c2", ProjectStatus.BLOCKED)
    ports.projects.add(active)
    ports.projects.add(blocked)
    assert ports.projects.of_contract("c1") == [active]
    assert ports.projects.of_contract("c3") == []
    assert list(ports.projects.all("blocked")) == [blocked]
    assert list(ports.projects.all()) == [active, blocked]
    ports.projects.update(blocked.project_id, lambda now: replace(now, status=ProjectStatus.ACTIVE))
    assert list(ports.projects.all("blocked")) == []


def test_a_change_meanwhile_is_not_overwritten(aws: Any) -> None:
    project = some_project()
    aws.projects.add(project)
    seen: list[bool] = []

    def rename(now: Project) -> Project:
        if not seen:
            aws.projects.update(project.project_id, held)
        seen.append(now.on_hold)
        return replace(now, name="Renamed")

    aws.projects.update(project.project_id, rename)
    assert seen == [False, True]
    assert aws.projects.get(project.project_id) == replace(project, name="Renamed", on_hold=True)


def test_other_projects_of_a_contract_come_after_its_first(ports: Any) -> None:
    first, other = some_project("c1"), replace(some_project("c1"), project_id="0-other", name="Rollout East")
    ports.projects.add(other)
    ports.projects.add(first)
    assert ports.projects.add(other) is Applied.DUPLICATE
    assert ports.projects.of_contract("c1") == [first, other]
