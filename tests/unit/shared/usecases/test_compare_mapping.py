"""Two mappings of the same records, field by field."""

from __future__ import annotations

from typing import Any

from shared.usecases.compare_mapping import GONE, NEW, Difference, compare_mapping


def event(event_id: str, subject: str = "s", kind: str = "time.approved.v1", **data: Any) -> dict[str, Any]:
    return {"id": event_id, "type": kind, "subject": subject, "data": data, "time": "2026-03-01"}


def test_the_same_events_differ_in_nothing() -> None:
    both = [event("a", minutes=50, person={"name": "Ann"}), event("b", subject="t")]
    assert compare_mapping(both, list(reversed(both))) == []


def test_each_field_that_differs_is_a_line_with_its_place() -> None:
    before = event("a", minutes=50, person={"name": "Ann", "roles": ["x"]}, task=None)
    now = event("a", minutes=51, person={"name": "Ann", "roles": ["y", "z"]})
    assert [line for each in compare_mapping([before], [now]) for line in each.lines()] == [
        "- time.approved.v1 s minutes: 50",
        "+ time.approved.v1 s minutes: 51",
        "- time.approved.v1 s person.roles[0]: x",
        "+ time.approved.v1 s person.roles[0]: y",
        "+ time.approved.v1 s person.roles[1]: z",
    ]


def test_an_event_under_another_id_is_still_the_same_record() -> None:
    assert compare_mapping([event("a", minutes=50)], [event("other", minutes=50)]) == []


def test_events_that_go_and_events_that_come_are_shown() -> None:
    found = compare_mapping([event("a", subject="gone")], [event("b", subject="new", kind="expense.approved.v1")])
    assert found == [
        Difference("time.approved.v1", "gone", "", None, GONE),
        Difference("expense.approved.v1", "new", "", None, NEW),
    ]
    assert found[0].lines() == ["time.approved.v1 gone is not announced any more"]


def test_two_versions_of_one_record_are_compared_each_with_its_own() -> None:
    versions = [event("a", minutes=50), event("b", minutes=60)]
    assert compare_mapping(versions, [event("b", minutes=60), event("x", minutes=50)]) == []
