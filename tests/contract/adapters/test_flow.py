"""Outbox, event log, parking, cursors, slots, counts, documents, queues, sagas, policies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.source import Parked
from shared.faults import BusinessException
from shared.ports.flow import Recorded
from tests.fakes.policies import some_policies
from tests.fakes.records import some_event


def events(*ids: str) -> list[Any]:
    return [some_event(each) for each in ids]


def test_an_event_is_recorded_once_whatever_comes_with_it(ports: Any) -> None:
    assert ports.outbox.record(events("a", "b")) == Recorded(2, 0)
    assert ports.outbox.record(events("b", "c", "c")) == Recorded(1, 2)
    assert ports.outbox.record([]) == Recorded(0, 0)
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["a", "b", "c"]


def test_a_page_of_events_over_one_transaction_is_recorded_whole(ports: Any) -> None:
    page = events(*(f"e{n:03d}" for n in range(250)))
    ports.outbox.record(page[100:110])
    assert ports.outbox.record(page) == Recorded(240, 10)
    assert len(ports.event_log.of_subject("wip-1")) == 250


def test_unpublished_events_show_after_their_time(ports: Any) -> None:
    ports.outbox.record(events("a"))
    ports.clock.pass_(seconds=30)
    ports.outbox.record(events("b"))
    ports.clock.pass_(seconds=40)
    assert [event["id"] for event in ports.outbox.unpublished(timedelta(seconds=60))] == ["a"]
    assert {event["id"] for event in ports.outbox.unpublished(timedelta(0))} == {"a", "b"}


def test_a_swept_event_is_not_unpublished_any_more(ports: Any) -> None:
    ports.outbox.record(events("a", "b"))
    ports.clock.pass_(seconds=61)
    assert ports.publisher.sweep(timedelta(seconds=60)).published == 2
    assert list(ports.outbox.unpublished(timedelta(0))) == []
    assert ports.publisher.sweep(timedelta(seconds=60)).published == 0
    assert ports.outbox.record(events("a")) == Recorded(0, 1)


def test_the_log_gives_back_what_was_announced_by_subject_and_by_thread(ports: Any) -> None:
    one, other = some_event("a", subject="s1", contract_id="c1"), some_event("b", subject="s2", contract_id="c1")
    ports.outbox.record([one, other, some_event("c", contract_id="c2")])
    assert ports.event_log.of_subject("s1") == [one]
    assert ports.event_log.of_correlation("c1") == [one, other]
    assert ports.event_log.of_correlation("c3") == []


def parked(event_id: str, waiting_for: str = "project:p1") -> Parked:
    return Parked(waiting_for, event_id, "time", '{"detail": {}}', "project_not_active", None)


def test_parked_deliveries_wait_in_order_and_leave_one_by_one(ports: Any) -> None:
    for event_id in ("b", "a"):
        ports.parking.park(parked(event_id))
        ports.clock.pass_(seconds=1)
    ports.parking.park(parked("c", "rate_card:p1"))
    assert ports.parking.waiting_for("project:p1") == [parked("b"), parked("a")]
    assert {each.event_id for each in ports.parking.all()} == {"a", "b", "c"}
    ports.parking.unpark(parked("b"))
    ports.parking.unpark(parked("b"))
    assert ports.parking.waiting_for("project:p1") == [parked("a")]


def test_the_same_delivery_parked_twice_waits_once(ports: Any) -> None:
    ports.parking.park(parked("a"))
    ports.parking.park(replace(parked("a"), reason="later"))
    assert [each.reason for each in ports.parking.waiting_for("project:p1")] == ["later"]


def test_a_delivery_parked_again_while_it_is_released_waits_on(ports: Any) -> None:
    ports.parking.park(parked("a"))
    (read,) = ports.parking.waiting_for("project:p1")
    ports.clock.pass_(seconds=1)
    ports.parking.park(replace(parked("a"), reason="again"))
    ports.parking.unpark(read)
    (waits,) = ports.parking.waiting_for("project:p1")
    assert waits.reason == "again" and waits.parked_at != read.parked_at
    ports.parking.unpark(waits)
    assert ports.parking.waiting_for("project:p1") == []


def test_a_cursor_moves_only_from_where_the_poll_found_it(ports: Any) -> None:
    assert ports.cursors.read("time_entries") == {}
    assert ports.cursors.write("time_entries", {"at": "1", "page": 2}, expected={})
    assert not ports.cursors.write("time_entries", {"at": "9"}, expected={})
    assert ports.cursors.read("time_entries") == {"at": "1", "page": 2}
    assert ports.cursors.write("time_entries", {"at": "2"}, expected={"page": 2, "at": "1"})
    assert not ports.cursors.write("time_entries", {"at": "3"}, expected={"at": "1", "page": 2})
    assert ports.cursors.read("time_entries") == {"at": "2"}


def test_counts_add_up_by_name(ports: Any) -> None:
    assert ports.counts.read() == {}
    ports.counts.add("duplicates_received", consumer="time")
    ports.counts.add("duplicates_received", 4, consumer="expense")
    ports.counts.add("parked")
    assert ports.counts.read() == {"duplicates_received": 5, "parked": 1}


def test_a_document_comes_back_byte_for_byte(ports: Any) -> None:
    body = b'{"total": "1.10", "name": "\xc3\xa4"}\x00'
    ports.documents.put("invoices/1/document.json", body)
    assert ports.documents.get("invoices/1/document.json") == body
    with pytest.raises(BusinessException) as caught:
        ports.documents.get("nothing")
    assert caught.value.code == "document_missing"


def test_a_raw_payload_is_kept_once_under_its_content(ports: Any) -> None:
    key = ports.raw.keep("salesforce", "outbound_message", b"<xml/>")
    assert key == ports.raw.keep("salesforce", "outbound_message", b"<xml/>")
    assert key != ports.raw.keep("salesforce", "outbound_message", b"<xml />")
    assert key.startswith("raw/salesforce/outbound_message/")
    assert ports.documents.get(key) == b"<xml/>"


def test_a_saga_of_one_name_starts_once(ports: Any) -> None:
    assert ports.sagas.start("invoice", "i-1", {"invoice_id": "i-1"})
    assert not ports.sagas.start("invoice", "i-1", {"invoice_id": "i-1"})
    assert not ports.sagas.start("invoice", "i-1", {"invoice_id": "other"})
    assert ports.sagas.start("invoice", "i-2", {"invoice_id": "i-2"})


def test_the_policies_are_those_that_finance_wrote(ports: Any) -> None:
    assert ports.policies.current() == some_policies()
