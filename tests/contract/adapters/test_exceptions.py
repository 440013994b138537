"""Exceptions: one open record per trouble, raised again only renews it, resolved once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.audit import Act
from shared.domain.dead_letter import Correction
from shared.domain.exception import ExceptionStatus
from shared.domain.source import Applied
from shared.faults import BusinessException
from tests.fakes.flow import NOON
from tests.fakes.records import some_event, some_exception


def test_raised_again_while_open_renews_token_and_facts_and_announces_nothing(ports: Any) -> None:
    assert ports.exceptions.raise_(some_exception(token="t1"), events=[some_event("e1")]) is Applied.NEW
    again = replace(some_exception(at=NOON + timedelta(hours=1), token="t2"), facts={"code": "x"}, message="Again")
    assert ports.exceptions.raise_(again, events=[some_event("e2")]) is Applied.DUPLICATE
    kept = ports.exceptions.find("exception-1")
    assert (kept.task_token, kept.facts) == ("t2", {"project": "Rollout", "code": "x"})
    assert (kept.raised_at, kept.message) == (NOON, "No rate")
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["e1"]


def test_raised_again_without_a_token_keeps_the_one_that_waits(ports: Any) -> None:
    ports.exceptions.raise_(some_exception(token="t1"))
    ports.exceptions.raise_(some_exception())
    assert ports.exceptions.find("exception-1").task_token == "t1"


def test_resolving_answers_the_record_as_it_was_and_once(ports: Any) -> None:
    ports.exceptions.raise_(some_exception(token="t1"))
    was = ports.exceptions.resolve("exception-1", "approved", events=[some_event("e1")])
    assert (was.status, was.task_token) == (ExceptionStatus.OPEN, "t1")
    now = ports.exceptions.find("exception-1")
    assert (now.status, now.resolution, now.resolved_at) == (ExceptionStatus.RESOLVED, "approved", ports.clock.now())
    assert now.task_token is None
    assert ports.exceptions.resolve("exception-1", "again", events=[some_event("e2")]) is None
    assert ports.exceptions.resolve("nobody", "x") is None
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["e1"]


def test_a_resolved_one_that_comes_again_is_opened_again(ports: Any) -> None:
    ports.exceptions.raise_(some_exception())
    ports.exceptions.resolve("exception-1", "retry")
    later = some_exception(at=NOON + timedelta(days=1))
    assert ports.exceptions.raise_(later, events=[some_event("e1")]) is Applied.NEW
    found = ports.exceptions.find("exception-1")
    assert replace(found, history=()) == later
    assert [each.what.value for each in found.history] == ["raised", "resolved", "raised"]
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["e1"]


def test_of_many_asked_about_only_the_open_ones_come(ports: Any) -> None:
    ports.exceptions.raise_(some_exception())
    ports.exceptions.raise_(replace(some_exception(), exception_id="exception-2"))
    ports.exceptions.resolve("exception-2", "approved")
    asked = [f"exception-{number}" for number in range(1, 120)]
    assert [each.exception_id for each in ports.exceptions.open_among(asked)] == ["exception-1"]
    assert ports.exceptions.open_among([]) == []


def test_they_are_listed_by_status_and_by_when_they_were_raised(ports: Any) -> None:
    late, early, done = some_exception("a", NOON + timedelta(hours=2)), some_exception("b"), some_exception("c")
    for each in (late, early, done):
        ports.exceptions.raise_(each)
    ports.exceptions.resolve("c", "retry")
    found = [replace(each, history=()) for each in ports.exceptions.list(ExceptionStatus.OPEN)]
    assert found == [early, late]
    assert [each.exception_id for each in ports.exceptions.list(ExceptionStatus.RESOLVED)] == ["c"]
    assert {each.exception_id for each in ports.exceptions.list()} == {"a", "b", "c"}


def test_its_history_tells_what_was_tried_and_who_ended_it(ports: Any) -> None:
    ports.exceptions.raise_(some_exception())
    ports.exceptions.raise_(some_exception())
    ports.exceptions.raise_(replace(some_exception(at=NOON + timedelta(hours=1)), facts={"step": "Price", "code": "x"}))
    ports.exceptions.resolve("exception-1", "retry", by="Dana")
    told = ports.exceptions.find("exception-1").history
    assert [(each.what.value, each.by, each.words) for each in told] == [
        ("raised", "billweave", ""),
        ("renewed", "billweave", "Price x"),
        ("resolved", "Dana", "retry"),
    ]


def an_act(act_id: str = "a-1") -> Act:
    return Act(act_id, "US", "Dana", "exception.snooze", "project-1", "waits for a mail", NOON)


def test_a_change_and_its_act_commit_together_and_once(ports: Any) -> None:
    ports.exceptions.raise_(some_exception())
    passed = ports.exceptions.change("exception-1", lambda known: replace(known, owner_person="Bo"), an_act())
    assert passed.owner_person == ports.exceptions.find("exception-1").owner_person == "Bo"
    ports.exceptions.change("exception-1", lambda known: replace(known, owner_person="Cy"), an_act())
    assert ports.exceptions.find("exception-1").owner_person == "Bo"
    assert len(list(ports.audit_log.of_legal_entity("US"))) == 1


def test_a_change_that_changes_nothing_is_no_act(ports: Any) -> None:
    ports.exceptions.raise_(some_exception())
    ports.exceptions.change("exception-1", lambda known: known, an_act())
    assert list(ports.audit_log.of_legal_entity("US")) == []


def test_what_nobody_raised_cannot_be_changed(ports: Any) -> None:
    with pytest.raises(BusinessException, match="exception_unknown"):
        ports.exceptions.change("nobody", lambda known: known)


def a_correction(number: int, old: str, new: str) -> Correction:
    return Correction(f"c-{number}", old, new, "k/old", "k/new", "Dana", "a typo", NOON + timedelta(hours=number))


def test_corrections_are_found_from_either_end_and_are_in_the_log_once(ports: Any) -> None:
    first, second = a_correction(1, "letter-1", "letter-2"), a_correction(2, "letter-2", "letter-3")
    assert ports.corrections.add(first, an_act("a-1")) and ports.corrections.add(second, an_act("a-2"))
    assert not ports.corrections.add(first, an_act("a-1"))
    assert ports.corrections.of("letter-1") == [first]
    assert ports.corrections.of("letter-2") == [first, second]
    assert ports.corrections.of("letter-4") == []
    assert len(list(ports.audit_log.of_legal_entity("US"))) == 2
