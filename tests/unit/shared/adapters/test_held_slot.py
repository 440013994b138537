"""Calls that belong together share one slot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.adapters.held_slot import HeldSlot
from shared.domain.vendor_account import VendorAccount
from shared.faults import Throttled


class Noted:
    """given: every lease, as it was asked for. ended: with what each ended."""

    def __init__(self) -> None:
        self.given: list[tuple[str, str]] = []
        self.ended: list[BaseException | None] = []

    @contextmanager
    def lease(self, account: str, lane: str) -> Iterator[None]:
        self.given.append((account, lane))
        try:
            yield
        except BaseException as error:
            self.ended.append(error)
            raise
        self.ended.append(None)

    def accounts(self) -> list[VendorAccount]:
        return []


def test_a_lease_inside_a_lease_costs_none() -> None:
    slots = Noted()
    held = HeldSlot(slots)
    with held.lease("erp", "posting"):
        for _ in range(3):
            with held.lease("erp", "posting"):
                pass
        assert slots.ended == []
    assert (slots.given, slots.ended) == ([("erp", "posting")], [None])


def test_two_leases_after_each_other_are_two() -> None:
    slots = Noted()
    held = HeldSlot(slots)
    for lane in ("posting", "poll"):
        with held.lease("erp", lane):
            pass
    assert slots.given == [("erp", "posting"), ("erp", "poll")]


def test_another_account_has_its_own_slot() -> None:
    slots = Noted()
    held = HeldSlot(slots)
    with held.lease("erp", "posting"), held.lease("psa", "status"):
        pass
    assert slots.given == [("erp", "posting"), ("psa", "status")]


def test_another_thread_does_not_ride_along() -> None:
    slots = Noted()
    held = HeldSlot(slots)

    def other() -> None:
        with held.lease("erp", "poll"):
            pass

    with held.lease("erp", "posting"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert slots.given == [("erp", "posting"), ("erp", "poll")]


def test_the_account_hears_how_the_whole_ended() -> None:
    slots = Noted()
    held = HeldSlot(slots)
    busy = Throttled("erp_busy", 7, call="POST /x")
    with pytest.raises(Throttled), held.lease("erp", "posting"), held.lease("erp", "posting"):
        raise busy
    with held.lease("erp", "posting"):
        pass
    assert slots.ended == [busy, None]
    assert len(slots.given) == 2
