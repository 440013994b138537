"""A vendor account's slots, pauses and circuit: fakes, moto and the embedded AWS keep the same promises.

Not a dry run: it calls no vendor, and its table takes no write that looks at the answer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from shared.adapters.correlation import cut_off_at, for_entity
from shared.domain.vendor_account import VendorAccount
from shared.faults import BusinessException, Duplicate, Fault, Poison, Throttled, Transient
from tests.contract.adapters.conftest import NOT_DRY

BROKEN = Transient("unknown_outcome", call="PUT /invoice", status="503")
SILENT = Transient("vendor_unreachable", call="GET /invoice")


def called(ports: Any, fault: Fault | None = None, lane: str = "posting") -> None:
    """One call that ends so."""
    try:
        with ports.slots.lease("netsuite", lane):
            if fault:
                raise fault
    except Fault as raised:
        if raised is not fault:
            raise


@contextmanager
def on_behalf(entity: str) -> Iterator[None]:
    bound = for_entity.set(entity)
    yield
    for_entity.reset(bound)


def brought_down(ports: Any) -> None:
    for fault in (BROKEN, SILENT, BROKEN, SILENT, BROKEN):
        called(ports, fault)
        ports.clock.pass_(seconds=3)


def shut(ports: Any, lane: str = "posting") -> tuple[str, int]:
    with pytest.raises(Throttled) as caught:
        called(ports, lane=lane)
    return caught.value.code, caught.value.retry_after_s


def state(ports: Any) -> VendorAccount:
    (account,) = ports.slots.accounts()
    return account


@NOT_DRY
def test_lanes_leave_slots_free_for_those_before_them(ports: Any) -> None:
    with ExitStack() as held:
        for lane, slots in (("poll", 3), ("reference", 1), ("posting", 1)):
            for _ in range(slots):
                held.enter_context(ports.slots.lease("netsuite", lane))
            with pytest.raises(Throttled) as caught:
                held.enter_context(ports.slots.lease("netsuite", lane))
            assert caught.value.code == "slots_busy"
        held.enter_context(ports.slots.lease("another account", "poll"))
    with ports.slots.lease("netsuite", "poll"):
        pass


@NOT_DRY
def test_a_slot_comes_back_when_its_work_fails(ports: Any) -> None:
    for _ in range(6):
        with pytest.raises(BusinessException), ports.slots.lease("netsuite", "posting"):
            raise BusinessException("refused")


def test_the_slot_of_a_killed_worker_comes_back_by_itself(aws: Any) -> None:
    killed = [aws.slots.lease("netsuite", "posting") for _ in range(5)]
    for lease in killed:
        lease.__enter__()
    with pytest.raises(Throttled), aws.slots.lease("netsuite", "posting"):
        pass
    aws.clock.pass_(seconds=61)
    with aws.slots.lease("netsuite", "posting"):
        pass


def test_a_slot_is_held_no_longer_than_the_invocation_lives(aws: Any) -> None:
    bound = cut_off_at.set(time.monotonic() + 10)
    running = aws.slots.lease("netsuite", "posting")
    running.__enter__()
    cut_off_at.reset(bound)
    (held,) = state(aws).held
    left_ms = held.ends_at_ms - int(aws.clock.now().timestamp() * 1000)
    assert 10_000 < left_ms <= 12_000


@NOT_DRY
def test_what_the_vendor_asks_for_is_obeyed_by_every_lane(ports: Any) -> None:
    called(ports, Throttled("erp_busy", 60, call="GET /invoice", status="429"))
    ports.clock.pass_(seconds=20)
    assert shut(ports) == ("vendor_paused", 40)
    assert shut(ports, "reference") == ("vendor_paused", 43)
    ports.clock.pass_(seconds=40)
    called(ports, lane="poll")


@NOT_DRY
def test_a_short_pause_does_not_end_a_long_one(ports: Any) -> None:
    with ExitStack() as held:
        held.enter_context(pytest.raises(Throttled))
        held.enter_context(ports.slots.lease("netsuite", "posting"))
        called(ports, Throttled("erp_busy", 60, call="GET /invoice"))
        raise Throttled("erp_busy", 1, call="GET /invoice")
    assert shut(ports) == ("vendor_paused", 60)


@NOT_DRY
def test_our_own_throttling_pauses_no_vendor(ports: Any) -> None:
    called(ports, Throttled("aws_busy", 60))
    called(ports)


@NOT_DRY
def test_a_vendor_that_only_fails_is_down_and_asked_by_one_now_and_then(ports: Any) -> None:
    brought_down(ports)
    assert state(ports).failures == 5 and state(ports).opened_at_ms
    assert shut(ports) == ("vendor_down", 2)
    assert shut(ports, "poll") == ("vendor_down", 2 + 9)
    ports.clock.pass_(seconds=3)
    called(ports, BROKEN)
    assert shut(ports) == ("vendor_down", 10)
    ports.clock.pass_(seconds=10)
    with ports.slots.lease("netsuite", "posting"), pytest.raises(Throttled) as second:
        called(ports)
    assert second.value.code == "vendor_down"


@NOT_DRY
def test_the_first_answer_ends_the_outage(ports: Any) -> None:
    brought_down(ports)
    ports.clock.pass_(seconds=5)
    called(ports)
    assert (state(ports).opened_at_ms, state(ports).failures, state(ports).failing) == (0, 0, ())
    with ExitStack() as held:
        for _ in range(5):
            held.enter_context(ports.slots.lease("netsuite", "posting"))


@NOT_DRY
@pytest.mark.parametrize(
    "answer",
    [
        BusinessException("erp_refused", call="PUT /invoice", status="400"),
        Duplicate("erp_record_exists", call="PUT /invoice", status="400"),
        Poison("vendor_answer_unreadable"),
        Transient("erp_record_changed", call="PUT /invoice", status="409"),
        Throttled("erp_busy", 1, call="PUT /invoice", status="429"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_an_answer_of_any_kind_is_no_outage(ports: Any, answer: Fault) -> None:
    for _ in range(3):
        for _ in range(3):
            called(ports, BROKEN)
            ports.clock.pass_(seconds=3)
        called(ports, answer)
        ports.clock.pass_(seconds=3)
    assert not state(ports).opened_at_ms and state(ports).failures == 0


@NOT_DRY
def test_our_own_trouble_says_nothing_about_the_vendor(ports: Any) -> None:
    brought_down(ports)
    ports.clock.pass_(seconds=5)
    called(ports, Transient("aws_unavailable"))
    assert state(ports).opened_at_ms
    called(ports)
    assert not state(ports).opened_at_ms


@NOT_DRY
def test_failures_all_at_once_are_no_outage(ports: Any) -> None:
    for _ in range(20):
        called(ports, BROKEN)
    assert not state(ports).opened_at_ms


@NOT_DRY
def test_a_legal_entity_that_has_not_failed_need_not_wait_for_the_next_probe(ports: Any) -> None:
    with on_behalf("NOISY"):
        brought_down(ports)
        assert shut(ports)[0] == "vendor_down"
    with on_behalf("QUIET"):
        called(ports)
    with on_behalf("NOISY"):
        called(ports)


def test_a_probe_that_was_killed_leaves_the_next_one_its_place(aws: Any) -> None:
    brought_down(aws)
    aws.clock.pass_(seconds=5)
    killed = aws.slots.lease("netsuite", "posting")
    killed.__enter__()
    aws.clock.pass_(seconds=30)
    assert shut(aws)[0] == "vendor_down"
    aws.clock.pass_(seconds=31)
    called(aws)
    assert not state(aws).opened_at_ms


def next_of(ports: Any, *waiting: tuple[str, str]) -> list[tuple[str, str]]:
    """All slots are busy and these wait, by lane and legal entity; in which order they get the slots that come free."""
    slots, total = ports.slots, 5
    leases = [slots.take_unseen("netsuite", slots.arrive("posting")) for _ in range(total)]
    people = []
    for lane, entity in waiting:
        with on_behalf(entity):
            people.append(slots.arrive(lane))
            assert isinstance(slots.look("netsuite", people[-1]), VendorAccount)
    order = []
    for lease in sorted(leases, key=lambda lease: lease.slot):
        slots.end(lease, None)
        for me in list(people):
            if not isinstance(slots.look("netsuite", me), VendorAccount):
                people.remove(me)
                order.append((me.lane, me.entity))
    return order


@NOT_DRY
def test_the_next_free_slot_is_for_the_first_lane_that_waits(ports: Any) -> None:
    order = next_of(ports, ("status", ""), ("reference", ""), ("posting", ""))
    assert order == [("posting", ""), ("reference", ""), ("status", "")]


@NOT_DRY
def test_of_one_lane_the_legal_entity_with_the_fewest_calls_goes_first(ports: Any) -> None:
    order = next_of(ports, ("posting", "A"), ("posting", "A"), ("posting", "A"), ("posting", "B"))
    assert sorted(entity for _, entity in order[:2]) == ["A", "B"]


@NOT_DRY
def test_who_waits_long_is_overtaken_by_nobody(ports: Any) -> None:
    slots = ports.slots
    leases = [slots.take_unseen("netsuite", slots.arrive("posting")) for _ in range(5)]
    old = slots.arrive("reference")
    slots.look("netsuite", old)
    ports.clock.pass_(seconds=3.2)
    young = slots.arrive("posting")
    slots.look("netsuite", young)
    slots.end(min(leases, key=lambda lease: lease.slot), None)
    assert isinstance(slots.look("netsuite", young), VendorAccount)
    assert not isinstance(slots.look("netsuite", old), VendorAccount)


def test_who_died_waiting_holds_up_nobody_for_long(aws: Any) -> None:
    leases = [aws.slots.take_unseen("netsuite", aws.slots.arrive("posting")) for _ in range(5)]
    aws.slots.look("netsuite", aws.slots.arrive("posting"))
    aws.slots.end(leases[0], None)
    aws.clock.pass_(seconds=6)
    called(aws)
    assert state(aws).waiting == () or state(aws).queue(int(aws.clock.now().timestamp() * 1000)) == ()


class Counting:
    """A client of DynamoDB that keeps what was asked of it."""

    def __init__(self, client: Any) -> None:
        self._client, self.asked = client, []

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def counted(**request: Any) -> Any:
            self.asked.append(name)
            return call(**request)

        return counted


def test_a_lease_costs_two_writes_and_no_read(aws: Any) -> None:
    called(aws)
    table = aws.slots._table
    table._client = counting = Counting(table._client)
    for fault in (None, None, BROKEN, BusinessException("erp_refused", call="PUT")):
        called(aws, fault)
    assert counting.asked == ["update_item"] * 8


def test_a_look_at_a_vendor_that_is_down_costs_one_request(aws: Any) -> None:
    brought_down(aws)
    table = aws.slots._table
    table._client = counting = Counting(table._client)
    shut(aws)
    assert counting.asked == ["update_item"]


class Repeating(Counting):
    """AWS's client, whose first answer to a write gets lost, so that it sends it once more."""

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def twice(**request: Any) -> Any:
            if name == "update_item":
                call(**request)
            return call(**request)

        return twice


def test_a_write_that_was_sent_twice_takes_one_slot_and_tells_once(aws: Any) -> None:
    called(aws)
    table = aws.slots._table
    table._client = Repeating(table._client)
    with aws.slots.lease("netsuite", "posting"):
        assert len([held for held in state(aws).held if held.ends_at_ms]) == 1
    called(aws, BROKEN)
    assert state(aws).failures == 1 and not any(held.ends_at_ms for held in state(aws).held)
