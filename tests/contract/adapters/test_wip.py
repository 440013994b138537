"""WIP: recorded once per source version, open until claimed, claimed by one invoice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.domain.invoice import InvoiceStatus
from shared.domain.source import Applied
from shared.domain.wip import WipItem
from shared.faults import BusinessException, Transient
from tests.fakes.records import some_event, some_group, some_item, source_of, usd

MARCH = date(2026, 3, 31)


def record(ports: Any, *items: WipItem) -> None:
    for item in items:
        assert ports.wip.record(source_of(item), [item], previous=None) is Applied.NEW


def many(number: int) -> list[WipItem]:
    return [some_item(f"wip-{place:03d}", value="1.00") for place in range(number)]


def test_source_items_and_events_come_together(ports: Any) -> None:
    item, reversal = some_item("w1"), some_item("w2", value="-125.00")
    source = source_of(item)
    assert ports.wip.record(source, [item, reversal], previous=None, events=[some_event("e1")]) is Applied.NEW
    assert ports.wip.source(source.source_id) == source
    assert (ports.wip.get("w1"), ports.wip.get("w2")) == (item, reversal)
    assert [event.id for event in ports.event_log.of_subject("wip-1")] == ["e1"]


def test_a_source_version_is_recorded_once_and_an_older_one_never(ports: Any) -> None:
    item = some_item("w1")
    ports.wip.record(source_of(item, 5), [item], previous=None)
    assert (
        ports.wip.record(source_of(item, 5), [some_item("w2")], previous=None, events=[some_event("e1")])
        is Applied.DUPLICATE
    )
    assert (
        ports.wip.record(source_of(item, 4), [some_item("w3")], previous=None, events=[some_event("e2")])
        is Applied.STALE
    )
    assert [each.wip_id for each in ports.wip.open_of("contract-1")] == ["w1"]
    assert ports.event_log.of_subject("wip-1") == []


def test_a_version_reckoned_from_an_overtaken_one_is_reckoned_again(ports: Any) -> None:
    """Two corrections at once: written both, each would take the same item back."""
    first, second, third = some_item("w1"), some_item("w2"), some_item("w3")
    ports.wip.record(source_of(first, 1), [first], previous=None)
    ports.wip.record(source_of(first, 2), [second], previous=source_of(first, 1))
    with pytest.raises(Transient) as caught:
        ports.wip.record(source_of(first, 3), [third], previous=source_of(first, 1), events=[some_event("e3")])
    assert caught.value.code == "source_moved"
    assert ports.wip.record(source_of(first, 3), [third], previous=source_of(first, 2)) is Applied.NEW
    assert sorted(each.wip_id for each in ports.wip.open_of("contract-1")) == ["w1", "w2", "w3"]


def test_more_than_twenty_items_at_once_are_refused(ports: Any) -> None:
    with pytest.raises(ValueError, match="20"):
        ports.wip.record(source_of(some_item()), many(21), previous=None)


def test_an_unknown_item_is_a_business_exception(ports: Any) -> None:
    with pytest.raises(BusinessException) as caught:
        ports.wip.get("nobody")
    assert caught.value.code == "wip_unknown"


def test_open_items_are_those_of_the_contract_that_nobody_claimed_by_day(ports: Any) -> None:
    late, early = some_item("a", day=9), some_item("b", day=3)
    record(ports, late, early, some_item("c", contract_id="contract-2"))
    assert list(ports.wip.open_of("contract-1")) == [early, late]
    draft = ports.invoices.open_draft(some_group(), MARCH)
    ports.wip.claim(draft.invoice_id, ["b"])
    assert list(ports.wip.open_of("contract-1")) == [late]


def test_a_claim_over_many_transactions_takes_every_item_once(ports: Any) -> None:
    items = many(120)
    record(ports, *items)
    draft = ports.invoices.open_draft(some_group(), MARCH)
    ids = [item.wip_id for item in items]
    assert ports.wip.claim(draft.invoice_id, [*ids, *ids]) == tuple(ids)
    claimed = list(ports.wip.claimed_by(draft.invoice_id))
    assert claimed == [replace(item, claimed_by=draft.invoice_id) for item in items]
    assert list(ports.wip.open_of("contract-1")) == []


def test_claiming_again_is_the_same_claim(ports: Any) -> None:
    record(ports, some_item("w1"))
    draft = ports.invoices.open_draft(some_group(), MARCH)
    assert ports.wip.claim(draft.invoice_id, ["w1"]) == ("w1",)
    assert ports.wip.claim(draft.invoice_id, ["w1"]) == ("w1",)
    assert len(list(ports.wip.claimed_by(draft.invoice_id))) == 1


def test_what_another_invoice_claimed_stays_its_own_and_the_rest_is_claimed(ports: Any) -> None:
    record(ports, some_item("w1"), some_item("w2"), some_item("w3"))
    first = ports.invoices.open_draft(some_group(), MARCH)
    second = ports.invoices.open_draft(some_group("contract-2"), MARCH)
    ports.wip.claim(first.invoice_id, ["w2"])
    assert ports.wip.claim(second.invoice_id, ["w1", "w2", "w3"]) == ("w1", "w3")
    assert ports.wip.get("w2").claimed_by == first.invoice_id
    assert [item.wip_id for item in ports.wip.claimed_by(second.invoice_id)] == ["w1", "w3"]


def test_a_sealed_invoice_claims_nothing_more(ports: Any) -> None:
    record(ports, some_item("w1"), some_item("w2"))
    draft = ports.invoices.open_draft(some_group(), MARCH)
    ports.wip.claim(draft.invoice_id, ["w1"])
    ports.invoices.seal(draft.invoice_id, item_count=1, net=usd("125.00"))
    with pytest.raises(BusinessException) as caught:
        ports.wip.claim(draft.invoice_id, ["w2"])
    assert caught.value.code == "invoice_not_draft"
    assert ports.wip.get("w2").claimed_by is None


def test_an_item_that_is_not_there_cannot_be_claimed(ports: Any) -> None:
    draft = ports.invoices.open_draft(some_group(), MARCH)
    with pytest.raises(BusinessException) as caught:
        ports.wip.claim(draft.invoice_id, ["nobody"])
    assert caught.value.code == "wip_unknown"


def test_an_unknown_invoice_claims_nothing(ports: Any) -> None:
    record(ports, some_item("w1"))
    with pytest.raises(BusinessException) as caught:
        ports.wip.claim("nobody", ["w1"])
    assert caught.value.code == "invoice_unknown"


def test_releasing_a_rejected_invoice_opens_its_items_again_once(ports: Any) -> None:
    items = many(60)
    record(ports, *items)
    draft = ports.invoices.open_draft(some_group(), MARCH)
    ports.wip.claim(draft.invoice_id, [item.wip_id for item in items])
    with pytest.raises(BusinessException) as caught:
        ports.wip.release(draft.invoice_id)
    assert caught.value.code == "invoice_state"
    ports.invoices.update(
        draft.invoice_id,
        lambda now: replace(now, status=InvoiceStatus.REJECTED),
        expected=[InvoiceStatus.DRAFT],
    )
    assert ports.wip.release(draft.invoice_id) == 60
    assert ports.wip.release(draft.invoice_id) == 0
    assert list(ports.wip.open_of("contract-1")) == items
    assert list(ports.wip.claimed_by(draft.invoice_id)) == []


def test_released_items_go_on_the_next_invoice(ports: Any) -> None:
    record(ports, some_item("w1"))
    first = ports.invoices.open_draft(some_group(), MARCH)
    ports.wip.claim(first.invoice_id, ["w1"])
    ports.invoices.update(
        first.invoice_id, lambda now: replace(now, status=InvoiceStatus.CANCELLED), expected=[InvoiceStatus.DRAFT]
    )
    ports.wip.release(first.invoice_id)
    second = ports.invoices.open_draft(some_group(), MARCH)
    assert second.invoice_id != first.invoice_id
    assert ports.wip.claim(second.invoice_id, ["w1"]) == ("w1",)


def test_a_legal_entity_lists_all_its_items_and_sources_open_or_claimed(ports: Any) -> None:
    ours, theirs = some_item("w1"), replace(some_item("w2", contract_id="c2"), legal_entity_id="DE")
    record(ports, ours, some_item("w3"), theirs)
    draft = ports.invoices.open_draft(some_group(), MARCH)
    ports.wip.claim(draft.invoice_id, ["w1"])
    assert {item.wip_id for item in ports.wip.of_legal_entity("US")} == {"w1", "w3"}
    assert {source.wip_id for source in ports.wip.sources_of_legal_entity("DE")} == {"w2"}


def test_invoices_that_race_for_the_same_items_never_share_one(embedded: Any) -> None:
    items = many(60)
    record(embedded, *items)
    ids = [item.wip_id for item in items]
    drafts = [embedded.invoices.open_draft(some_group(f"c{n}"), MARCH).invoice_id for n in range(3)]
    with ThreadPoolExecutor(3) as pool:
        claimed = list(pool.map(lambda draft: embedded.wip.claim(draft, ids), drafts))
    assert sorted(wip_id for each in claimed for wip_id in each) == ids
    for draft, mine in zip(drafts, claimed, strict=True):
        assert tuple(item.wip_id for item in embedded.wip.claimed_by(draft)) == mine


def test_a_persons_day_lists_all_its_items_whatever_became_of_them(ports: Any) -> None:
    first, second = replace(some_item("w2"), day_id="d-1"), replace(some_item("w1"), day_id="d-1")
    record(ports, first, second, replace(some_item("w3"), day_id="d-2"), some_item("w4"))
    draft = ports.invoices.open_draft(some_group(), MARCH)
    ports.wip.claim(draft.invoice_id, ["w2"])
    assert list(ports.wip.of_day("d-1")) == [second, replace(first, claimed_by=draft.invoice_id)]
    assert list(ports.wip.of_day("nobody")) == []


def test_a_version_priced_anew_replaces_the_one_it_was_reckoned_from(ports: Any) -> None:
    old, new = some_item("w1"), some_item("w2")
    before = source_of(old, 5)
    ports.wip.record(before, [old], previous=None)
    priced = replace(before, wip_id="w2", revision=1)
    assert ports.wip.record(priced, [new], previous=before) is Applied.NEW
    assert ports.wip.source(before.source_id) == priced
    assert ports.wip.record(replace(before, sequence=6), [some_item("w3")], previous=priced) is Applied.NEW
    assert ports.wip.source(before.source_id).revision == 0


def test_two_that_price_anew_or_correct_at_once_never_both_write(ports: Any) -> None:
    old = some_item("w1")
    before = source_of(old, 5)
    ports.wip.record(before, [old], previous=None)
    priced = replace(before, wip_id="w2", revision=1)
    ports.wip.record(priced, [some_item("w2")], previous=before)
    for late in (replace(before, wip_id="w3", revision=1), replace(before, wip_id="w3", sequence=6)):
        with pytest.raises(Transient) as caught:
            ports.wip.record(late, [some_item("w3")], previous=before)
        assert caught.value.code == "source_moved"
    assert ports.wip.record(before, [some_item("w4")], previous=None) is Applied.DUPLICATE
    assert [item.wip_id for item in ports.wip.open_of("contract-1")] == ["w1", "w2"]


def test_a_new_price_is_stale_once_the_source_has_a_newer_version(ports: Any) -> None:
    old = some_item("w1")
    before = source_of(old, 5)
    ports.wip.record(before, [old], previous=None)
    ports.wip.record(replace(before, sequence=6), [], previous=before)
    assert (
        ports.wip.record(replace(before, wip_id="w2", revision=1), [some_item("w2")], previous=before) is Applied.STALE
    )
