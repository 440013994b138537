"""Aggregates of other systems: the newest version of the source wins, whatever comes when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.domain.rate_card import Named
from shared.domain.source import Applied
from shared.faults import BusinessException
from shared.usecases.rate_for import rate_known_at
from tests.fakes.flow import NOON
from tests.fakes.records import some_contract, some_customer, some_event, some_milestone, some_rate_card

RECORDS = [
    ("customers", some_customer(), "customer-1"),
    ("contracts", some_contract(), "contract-1"),
    ("milestones", some_milestone(), "milestone-1"),
    ("rate_cards", some_rate_card(), "card-1"),
]


@pytest.mark.parametrize(("port", "record", "record_id"), RECORDS)
def test_what_is_saved_comes_back_as_it_was(ports: Any, port: str, record: Any, record_id: str) -> None:
    repository = getattr(ports, port)
    assert repository.find(record_id) is None
    assert repository.save(record, sequence=5) is Applied.NEW
    assert repository.find(record_id) == record
    assert repository.get(record_id) == record


def test_the_unknown_is_a_business_exception_by_its_kind(ports: Any) -> None:
    for port, _, _ in RECORDS:
        with pytest.raises(BusinessException) as caught:
            getattr(ports, port).get("nobody")
        assert caught.value.code == f"{port.removesuffix('s')}_unknown"


def test_an_older_version_is_stale_and_the_same_a_duplicate_and_neither_writes(ports: Any) -> None:
    newest = some_customer(name="Newest")
    ports.customers.save(newest, sequence=5, events=[some_event("e1")])
    assert ports.customers.save(some_customer(name="Old"), sequence=4, events=[some_event("e2")]) is Applied.STALE
    assert ports.customers.save(some_customer(name="Same"), sequence=5, events=[some_event("e3")]) is Applied.DUPLICATE
    assert ports.customers.get("customer-1") == newest
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["e1"]


def test_a_stale_version_without_events_is_told_from_a_duplicate(ports: Any) -> None:
    ports.customers.save(some_customer(), sequence=5)
    assert ports.customers.save(some_customer(), sequence=5) is Applied.DUPLICATE
    assert ports.customers.save(some_customer(), sequence=4) is Applied.STALE
    assert ports.customers.save(some_customer(), sequence=6) is Applied.NEW


def test_state_and_event_come_together(ports: Any) -> None:
    ports.contracts.save(some_contract(), sequence=1, events=[some_event("e1", subject="contract-1")])
    assert [event.id for event in ports.event_log.of_subject("contract-1")] == ["e1"]


def test_an_event_that_stands_already_does_not_hold_up_the_state(ports: Any) -> None:
    ports.outbox.record([some_event("e1")])
    applied = ports.customers.save(some_customer(), sequence=1, events=[some_event("e1"), some_event("e2")])
    assert applied is Applied.NEW
    assert ports.customers.find("customer-1") is not None
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["e1", "e2"]


def test_contracts_of_a_legal_entity_come_in_rising_order_from_where_one_left_off(ports: Any) -> None:
    for contract_id, legal_entity in (("c", "US"), ("a", "US"), ("d", "DE"), ("b", "US")):
        ports.contracts.save(some_contract(contract_id, legal_entity), sequence=1)
    assert [each.contract_id for each in ports.contracts.of_legal_entity("US")] == ["a", "b", "c"]
    assert [each.contract_id for each in ports.contracts.of_legal_entity("US", after="a")] == ["b", "c"]
    assert list(ports.contracts.of_legal_entity("FR")) == []


def test_a_project_is_priced_by_the_card_assigned_last(ports: Any) -> None:
    ports.rate_cards.save(some_rate_card("card-1"), sequence=1)
    ports.rate_cards.save(some_rate_card("card-2", "180.00"), sequence=1)
    assert ports.rate_cards.of_project("project-1") is None
    ports.rate_cards.assign("card-1", "project-1")
    ports.rate_cards.assign("card-2", "project-1")
    assert ports.rate_cards.of_project("project-1") == some_rate_card("card-2", "180.00")
    ports.rate_cards.save(replace(some_rate_card("card-2"), name="Renamed"), sequence=2)
    assert ports.rate_cards.of_project("project-1").name == "Renamed"


def test_every_version_of_a_card_is_kept_and_none_is_written_twice(ports: Any) -> None:
    first = replace(some_rate_card(), recorded_at=NOON)
    second = replace(some_rate_card("card-1", "180.00"), version="12", recorded_at=NOON + timedelta(days=30))
    ports.rate_cards.save(first, sequence=9)
    ports.rate_cards.save(second, sequence=12)
    assert ports.rate_cards.save(replace(first, name="Told again"), sequence=9) is Applied.STALE
    assert ports.rate_cards.save(replace(second, name="Told again"), sequence=12) is Applied.DUPLICATE
    assert ports.rate_cards.versions("card-1") == [first, second]
    assert ports.rate_cards.get("card-1") == second
    assert ports.rate_cards.versions("card-2") == []


def test_what_we_knew_of_a_card_on_any_day_can_be_asked(ports: Any) -> None:
    first = replace(some_rate_card(), recorded_at=NOON)
    second = replace(some_rate_card("card-1", "180.00"), version="12", recorded_at=NOON + timedelta(days=30))
    ports.rate_cards.save(first, sequence=9)
    ports.rate_cards.save(second, sequence=12)
    versions = ports.rate_cards.versions("card-1")
    work, day = Named(role="Consultant"), date(2026, 3, 2)
    for days, price in ((0, "150.00"), (29, "150.00"), (30, "180.00")):
        known = NOON + timedelta(days=days)
        card, level, rate = rate_known_at(versions, work, currency="USD", worked_on=day, known=known)
        assert (level, str(rate.rate_per_hour.amount)) == ("role", price) and card in versions
    with pytest.raises(BusinessException, match="rate_missing"):
        rate_known_at(versions, work, currency="USD", worked_on=day, known=NOON - timedelta(seconds=1))
