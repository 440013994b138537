"""Write-offs: one transaction, exactly once, decided by the claim condition against a billing run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.domain.audit import Act
from shared.domain.invoice import InvoiceStatus
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.domain.write_off import WriteOff, WriteOffStatus
from shared.faults import BusinessException, Transient
from shared.usecases.conservation import conservation
from shared.usecases.make_write_off import Asked, gives_up, make_write_off
from shared.usecases.plan_write_off import ALL, plan_write_off, write_down_pair
from shared.usecases.verify_chain import verify_chain
from tests.fakes.flow import NOON
from tests.fakes.policies import some_policies
from tests.fakes.records import some_contract, some_group, some_item, source_of, usd

MARCH = date(2026, 3, 31)


def known(ports: Any, *items: WipItem) -> None:
    for item in items:
        ports.wip.record(source_of(item), [item], previous=None)


def act(write_off: WriteOff, what: str) -> Act:
    return Act(f"{write_off.write_off_id}:{what}", "US", "Ada", what, write_off.write_off_id, "goodwill", NOON)


def planned(ports: Any, *ids: str, percent: Any = ALL, request: str = "r-1") -> WriteOff:
    lines = plan_write_off(list(ports.wip.open_of("contract-1")), ids, percent=percent)
    asked = Asked(request, "goodwill", "", "Ada", NOON)
    return make_write_off(asked, lines, some_contract(), some_policies())


def sources_of(ports: Any, write_off: WriteOff) -> list[tuple[SourceRecord, SourceRecord]]:
    before = [ports.wip.source(line.source_id) for line in write_off.lines]
    return list(zip(before, gives_up(write_off, before), strict=True))


def pairs_of(ports: Any, write_off: WriteOff) -> Sequence[tuple[WipItem, WipItem]]:
    parts = [line for line in write_off.lines if not line.whole]
    return [write_down_pair(ports.wip.get(each.wip_id), each.written_off, write_off.write_off_id) for each in parts]


def take(ports: Any, write_off: WriteOff) -> WriteOff:
    made: WriteOff = ports.write_offs.take(
        write_off,
        pairs_of(ports, write_off),
        sources=sources_of(ports, write_off),
        act=act(write_off, "write_off.recorded"),
    )
    return made


def end(ports: Any, write_off: WriteOff) -> int:
    def change(now: WriteOff) -> WriteOff:
        return replace(now, status=WriteOffStatus.REVERSED)

    recorded, done = WriteOffStatus.RECORDED, act(write_off, "write_off.reversed")
    ports.write_offs.update(write_off.write_off_id, change, expected=recorded, act=done)
    released: int = ports.write_offs.release(write_off.write_off_id)
    return released


def conserved(ports: Any) -> tuple[str, str, bool]:
    """(open, written off, it holds)."""
    rows = conservation(
        list(ports.wip.sources_of_legal_entity("US")),
        list(ports.wip.of_legal_entity("US")),
        list(ports.invoices.of_legal_entity("US")),
        list(ports.write_offs.of_legal_entity("US")),
    )
    (row,) = rows
    return f"{row.open:f}", f"{row.written_off:f}", row.holds


def test_whole_items_are_claimed_and_out_of_the_open_list(ports: Any) -> None:
    known(ports, some_item("w1"), some_item("w2"))
    write_off = take(ports, planned(ports, "w1"))
    assert write_off.status is WriteOffStatus.RECORDED
    assert ports.wip.get("w1").claimed_by == write_off.claim
    assert [item.wip_id for item in ports.wip.open_of("contract-1")] == ["w2"]
    assert [item.wip_id for item in ports.wip.claimed_by(write_off.claim)] == ["w1"]
    assert ports.write_offs.get(write_off.write_off_id) == write_off
    assert list(ports.write_offs.of_legal_entity("US")) == [write_off]
    assert conserved(ports) == ("125.00", "125.00", True)


def test_a_part_is_a_pair_that_sums_to_nothing(ports: Any) -> None:
    known(ports, some_item("w1"))
    write_off = take(ports, planned(ports, "w1", percent=ALL / 5))
    (down,) = (item for item in ports.wip.open_of("contract-1") if item.adjusts)
    assert (down.value, ports.wip.get("w1").adjusted_by) == (usd("-25.00"), (down.wip_id,))
    assert conserved(ports) == ("100.00", "25.00", True)
    assert ports.wip.source(some_item("w1").source_id).given_up[0].write_off_id == write_off.write_off_id


def test_the_same_request_again_is_the_record_that_stands(ports: Any) -> None:
    known(ports, some_item("w1"), some_item("w2"))
    first = take(ports, planned(ports, "w1"))
    again = replace(planned(ports, "w2"), note="another")
    assert take(ports, again) == first
    assert ports.wip.get("w2").claimed_by is None
    assert ports.audit_log.head("US")[0] == 1


@pytest.mark.parametrize("percent", [ALL, ALL / 2])
def test_an_invoice_that_was_quicker_keeps_the_work_and_nothing_is_written(ports: Any, percent: Any) -> None:
    known(ports, some_item("w1"), some_item("w2"))
    write_off = planned(ports, "w1", "w2", percent=percent)
    draft = ports.invoices.open_draft(some_group(), MARCH)
    ports.wip.claim(draft.invoice_id, ["w2"])
    with pytest.raises(BusinessException, match="already_claimed"):
        take(ports, write_off)
    assert ports.write_offs.find(write_off.write_off_id) is None
    assert ports.wip.get("w1").claimed_by is None
    assert ports.audit_log.head("US") == (0, "")


def test_a_billing_run_does_not_get_what_was_written_off(ports: Any) -> None:
    known(ports, some_item("w1"))
    write_off = take(ports, planned(ports, "w1"))
    draft = ports.invoices.open_draft(some_group(), MARCH)
    assert ports.wip.claim(draft.invoice_id, ["w1"]) == ()
    assert ports.wip.get("w1").claimed_by == write_off.claim


def test_a_source_that_moved_meanwhile_is_reckoned_again(ports: Any) -> None:
    known(ports, some_item("w1"))
    write_off = planned(ports, "w1")
    stale = sources_of(ports, write_off)
    take(ports, replace(planned(ports, "w1", percent=ALL / 2, request="r-2")))
    with pytest.raises(Transient, match="source_moved"):
        ports.write_offs.take(write_off, [], sources=stale, act=act(write_off, "x"))


def test_a_version_reckoned_before_the_write_off_is_refused(ports: Any) -> None:
    known(ports, some_item("w1"))
    before = ports.wip.source(some_item("w1").source_id)
    take(ports, planned(ports, "w1"))
    with pytest.raises(Transient, match="source_moved"):
        ports.wip.record(replace(before, sequence=2), [some_item("w9")], previous=before)


def test_an_item_born_for_a_write_off_is_its_own(ports: Any) -> None:
    known(ports, some_item("w1"))
    write_off = take(ports, planned(ports, "w1"))
    source = ports.wip.source(some_item("w1").source_id)
    born = replace(some_item("w2"), claimed_by=write_off.claim, adjusted_by=("w3",))
    ports.wip.record(replace(source, sequence=2), [born], previous=source)
    assert ports.wip.get("w2") == born
    assert [item.wip_id for item in ports.wip.claimed_by(write_off.claim)] == ["w1", "w2"]
    assert list(ports.wip.open_of("contract-1")) == []


@pytest.mark.parametrize("percent", [ALL, ALL / 5])
def test_taken_back_the_work_is_open_again_and_may_be_released_twice(ports: Any, percent: Any) -> None:
    known(ports, some_item("w1"))
    write_off = take(ports, planned(ports, "w1", percent=percent))
    assert end(ports, write_off) == 1
    assert ports.write_offs.release(write_off.write_off_id) == 0
    assert conserved(ports) == ("125.00", "0", True)
    assert ports.wip.source(some_item("w1").source_id).given_up == ()
    kinds = [entry.act.what for entry in ports.audit_log.of_legal_entity("US")]
    assert kinds == ["write_off.recorded", "write_off.reversed"]


def test_only_an_ended_write_off_is_released(ports: Any) -> None:
    known(ports, some_item("w1"))
    write_off = take(ports, planned(ports, "w1"))
    with pytest.raises(BusinessException, match="write_off_state"):
        ports.write_offs.release(write_off.write_off_id)
    with pytest.raises(BusinessException, match="write_off_state"):
        ports.write_offs.update(
            write_off.write_off_id,
            lambda now: replace(now, status=WriteOffStatus.REFUSED),
            expected=WriteOffStatus.REQUESTED,
            act=act(write_off, "refused"),
        )


def test_a_cancelled_invoice_gives_back_nothing_that_a_write_off_holds(ports: Any) -> None:
    known(ports, some_item("w1"), some_item("w2"))
    write_off = take(ports, planned(ports, "w1"))
    draft = ports.invoices.open_draft(some_group(), MARCH)
    ports.wip.claim(draft.invoice_id, ["w1", "w2"])
    cancelled = InvoiceStatus.CANCELLED
    ports.invoices.update(draft.invoice_id, lambda now: replace(now, status=cancelled), expected=[InvoiceStatus.DRAFT])
    assert ports.wip.release(draft.invoice_id) == 1
    assert ports.wip.get("w1").claimed_by == write_off.claim


def test_the_chain_of_acts_is_whole(ports: Any) -> None:
    known(ports, *(some_item(f"w{number}") for number in range(5)))
    for number in range(5):
        take(ports, planned(ports, f"w{number}", request=f"r-{number}"))
    length, head = ports.audit_log.head("US")
    assert length == 5
    assert verify_chain(ports.audit_log.of_legal_entity("US"), length=length, head=head) is None
