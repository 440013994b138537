"""Exceptions: one open record per trouble, raised again only renews it, resolved once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.domain.exception import ExceptionStatus
from shared.domain.source import Applied
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
    assert ports.exceptions.find("exception-1") == later
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["e1"]


def test_they_are_listed_by_status_and_by_when_they_were_raised(ports: Any) -> None:
    late, early, done = some_exception("a", NOON + timedelta(hours=2)), some_exception("b"), some_exception("c")
    for each in (late, early, done):
        ports.exceptions.raise_(each)
    ports.exceptions.resolve("c", "retry")
    assert list(ports.exceptions.list(ExceptionStatus.OPEN)) == [early, late]
    assert [each.exception_id for each in ports.exceptions.list(ExceptionStatus.RESOLVED)] == ["c"]
    assert {each.exception_id for each in ports.exceptions.list()} == {"a", "b", "c"}
