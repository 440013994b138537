"""Death between any two writes: what was begun is finished by doing it again, and nothing happens twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.domain.invoice import InvoiceStatus
from tests.fakes.records import some_event, some_group, some_item, source_of

MARCH = date(2026, 3, 31)
ITEMS = 110


class Died(Exception):
    """The worker was killed here."""


def dies_at(ports: Any, number: int) -> None:
    """At the n-th write from now (0: the next), before it is made; after that it lives on."""
    table, write, done = ports._table, type(ports._table).write, [0]

    def mortal(*writes: Any) -> None:
        if done[0] == number:
            table.write = lambda *again: write(table, *again)
            raise Died
        done[0] += 1
        write(table, *writes)

    table.write = mortal


@pytest.fixture
def drafted(aws: Any) -> tuple[Any, str, list[str]]:
    ids = [f"wip-{number:03d}" for number in range(ITEMS)]
    for start in range(0, ITEMS, 20):
        items = [some_item(each) for each in ids[start : start + 20]]
        aws.wip.record(source_of(items[0]), items, previous=None)
    return aws, aws.invoices.open_draft(some_group(), MARCH).invoice_id, ids


@pytest.mark.parametrize("write", [0, 1, 2])
def test_a_claim_that_died_is_finished_by_claiming_again(drafted: tuple[Any, str, list[str]], write: int) -> None:
    aws, invoice_id, ids = drafted
    dies_at(aws, write)
    with pytest.raises(Died):
        aws.wip.claim(invoice_id, ids)
    assert len(list(aws.wip.claimed_by(invoice_id))) == write * 49
    assert len(list(aws.wip.open_of("contract-1"))) == ITEMS - write * 49
    assert aws.wip.claim(invoice_id, ids) == tuple(ids)
    assert [item.wip_id for item in aws.wip.claimed_by(invoice_id)] == ids


@pytest.mark.parametrize("write", [0, 1, 2])
def test_a_release_that_died_is_finished_by_releasing_again(drafted: tuple[Any, str, list[str]], write: int) -> None:
    aws, invoice_id, ids = drafted
    aws.wip.claim(invoice_id, ids)
    aws.invoices.update(
        invoice_id, lambda now: replace(now, status=InvoiceStatus.REJECTED), expected=[InvoiceStatus.DRAFT]
    )
    dies_at(aws, write)
    with pytest.raises(Died):
        aws.wip.release(invoice_id)
    assert aws.wip.release(invoice_id) == ITEMS - write * 49
    assert sorted(item.wip_id for item in aws.wip.open_of("contract-1")) == ids
    assert list(aws.wip.claimed_by(invoice_id)) == []


def test_a_page_of_events_that_died_half_way_is_finished_and_announced_once(aws: Any) -> None:
    page = [some_event(f"e{number:03d}") for number in range(150)]
    dies_at(aws, 1)
    with pytest.raises(Died):
        aws.outbox.record(page)
    again = aws.outbox.record(page)
    assert (again.new, again.duplicates) == (50, 100)
    assert len(aws.event_log.of_subject("wip-1")) == 150


def test_an_answer_of_a_transaction_that_was_lost_is_a_duplicate_the_next_time(aws: Any) -> None:
    item = some_item()
    table, write = aws._table, aws._table.write

    def answer_lost(*writes: Any) -> None:
        write(*writes)
        raise Died

    table.write = answer_lost
    with pytest.raises(Died):
        aws.wip.record(source_of(item), [item], previous=None, events=[some_event("e1")])
    table.write = write
    assert aws.wip.record(source_of(item), [item], previous=None, events=[some_event("e1")]).value == "duplicate"
    assert list(aws.wip.open_of("contract-1")) == [item]
    assert len(aws.event_log.of_subject("wip-1")) == 1
