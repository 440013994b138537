"""Invoices: one open draft per group and period, sealed with what was claimed, moved on from the right states only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.identity import derived_id
from shared.domain.invoice import Invoice, InvoiceStatus, InvoiceTotals
from shared.faults import BusinessException, Transient
from tests.fakes.records import some_event, some_group, some_item, source_of, usd

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)


def sealed(ports: Any, contract_id: str = "contract-1", wip_id: str = "w1") -> Invoice:
    item = some_item(wip_id, contract_id=contract_id)
    ports.wip.record(source_of(item), [item], previous=None)
    draft = ports.invoices.open_draft(some_group(contract_id), MARCH)
    ports.wip.claim(draft.invoice_id, [wip_id])
    return ports.invoices.seal(draft.invoice_id, item_count=1, net=usd("125.00"))


def priced(invoice: Invoice) -> Invoice:
    totals = InvoiceTotals(usd("125.00"), usd("0.00"), usd("125.00"), ())
    return replace(invoice, status=InvoiceStatus.PRICED, totals=totals)


def test_the_invoice_id_follows_from_group_period_and_sequence(ports: Any) -> None:
    draft = ports.invoices.open_draft(some_group(), MARCH)
    parts = ("US", "customer-1", "contract-1", "monthly", "USD", "", "2026-03-31", "1")
    assert draft.invoice_id == derived_id("invoice", *parts)
    assert (draft.status, draft.sequence) == (InvoiceStatus.DRAFT, 1)


def test_a_rerun_finds_its_own_draft(ports: Any) -> None:
    draft = ports.invoices.open_draft(some_group(), MARCH)
    assert ports.invoices.open_draft(some_group(), MARCH) == draft
    assert ports.invoices.open_draft(some_group(), APRIL).invoice_id != draft.invoice_id


def test_the_next_sequence_opens_when_the_former_is_sealed(ports: Any) -> None:
    first = sealed(ports)
    second = ports.invoices.open_draft(some_group(), MARCH)
    assert (second.sequence, second.status) == (2, InvoiceStatus.DRAFT)
    assert second.invoice_id != first.invoice_id


def test_a_seal_keeps_count_and_net_and_may_be_repeated(ports: Any) -> None:
    invoice = sealed(ports)
    assert (invoice.status, invoice.item_count, invoice.net) == (InvoiceStatus.SEALED, 1, usd("125.00"))
    assert ports.invoices.seal(invoice.invoice_id, item_count=1, net=usd("125.00")) == invoice


def test_a_seal_with_another_total_is_refused(ports: Any) -> None:
    invoice = sealed(ports)
    with pytest.raises(BusinessException) as caught:
        ports.invoices.seal(invoice.invoice_id, item_count=1, net=usd("126.00"))
    assert caught.value.code == "invoice_state"


def test_a_seal_that_missed_a_claim_is_refused(ports: Any) -> None:
    for wip_id in ("w1", "w2"):
        ports.wip.record(source_of(some_item(wip_id)), [some_item(wip_id)], previous=None)
    draft = ports.invoices.open_draft(some_group(), MARCH)
    ports.wip.claim(draft.invoice_id, ["w1", "w2"])
    with pytest.raises(Transient) as caught:
        ports.invoices.seal(draft.invoice_id, item_count=1, net=usd("125.00"))
    assert caught.value.code == "claims_changed"
    assert ports.invoices.get(draft.invoice_id).status is InvoiceStatus.DRAFT


def test_unfinished_are_drafts_and_sealed_of_the_contract_until_priced(ports: Any) -> None:
    invoice = sealed(ports)
    draft = ports.invoices.open_draft(some_group(), APRIL)
    ports.invoices.open_draft(some_group("contract-2"), MARCH)
    assert sorted(each.invoice_id for each in ports.invoices.unfinished("contract-1")) == sorted(
        [invoice.invoice_id, draft.invoice_id]
    )
    ports.invoices.update(invoice.invoice_id, priced, expected=[InvoiceStatus.SEALED])
    assert ports.invoices.unfinished("contract-1") == [draft]


def test_a_cancelled_draft_is_given_back_until_it_is_forgotten(ports: Any) -> None:
    draft = ports.invoices.open_draft(some_group(), APRIL)
    assert ports.invoices.given_back("contract-1") == []
    cancelled = ports.invoices.update(
        draft.invoice_id, lambda now: replace(now, status=InvoiceStatus.CANCELLED), expected=[InvoiceStatus.DRAFT]
    )
    assert ports.invoices.given_back("contract-1") == [cancelled]
    assert ports.invoices.unfinished("contract-1") == []
    ports.invoices.forget(draft.invoice_id)
    ports.invoices.forget(draft.invoice_id)
    assert ports.invoices.given_back("contract-1") == []


def test_a_change_from_an_expected_state_is_written_with_its_event(ports: Any) -> None:
    invoice = sealed(ports)
    after = ports.invoices.update(
        invoice.invoice_id, priced, expected=[InvoiceStatus.SEALED], events=[some_event("e1", subject="i")]
    )
    assert after == ports.invoices.get(invoice.invoice_id) == priced(invoice)
    assert after.totals.gross.amount == Decimal("125.00")
    assert [event.id for event in ports.event_log.of_subject("i")] == ["e1"]


def test_a_change_from_another_state_is_refused_unless_it_changes_nothing(ports: Any) -> None:
    invoice = sealed(ports)
    with pytest.raises(BusinessException) as caught:
        ports.invoices.update(invoice.invoice_id, priced, expected=[InvoiceStatus.DRAFT])
    assert caught.value.code == "invoice_state"
    assert ports.invoices.update(invoice.invoice_id, lambda now: now, expected=[InvoiceStatus.DRAFT]) == invoice


def test_an_unknown_invoice_is_a_business_exception(ports: Any) -> None:
    assert ports.invoices.find("nobody") is None
    with pytest.raises(BusinessException) as caught:
        ports.invoices.get("nobody")
    assert caught.value.code == "invoice_unknown"


def test_a_legal_entitys_invoices_come_by_period(ports: Any) -> None:
    april = ports.invoices.open_draft(some_group(), APRIL)
    march = ports.invoices.open_draft(some_group("contract-2"), MARCH)
    ports.invoices.open_draft(replace(some_group("contract-3"), legal_entity_id="DE"), MARCH)
    assert list(ports.invoices.of_legal_entity("US")) == [march, april]


def test_a_claim_between_count_and_seal_stops_the_seal(aws: Any) -> None:
    for wip_id in ("w1", "w2"):
        aws.wip.record(source_of(some_item(wip_id)), [some_item(wip_id)], previous=None)
    draft = aws.invoices.open_draft(some_group(), MARCH)
    aws.wip.claim(draft.invoice_id, ["w1"])
    table, count_of = aws._table, aws._table.count_of

    def claims_right_after(pk: str, prefix: str) -> int:
        counted = count_of(pk, prefix)
        table.count_of = count_of
        aws.wip.claim(draft.invoice_id, ["w2"])
        return counted

    table.count_of = claims_right_after
    with pytest.raises(Transient) as caught:
        aws.invoices.seal(draft.invoice_id, item_count=1, net=usd("125.00"))
    assert caught.value.code == "claims_changed"


def ordered(ports: Any, wip_id: str, limit: str | None = "200.00") -> Invoice:
    group = replace(some_group(), purchase_order="PO-1")
    item = some_item(wip_id)
    ports.wip.record(source_of(item), [item], previous=None)
    draft = ports.invoices.open_draft(group, MARCH)
    ports.wip.claim(draft.invoice_id, [wip_id])
    most = usd(limit) if limit else None
    return ports.invoices.seal(
        draft.invoice_id, item_count=1, net=usd("125.00"), limits={"contract-1": most} if most else None
    )


def test_sealed_invoices_draw_on_their_purchase_order(ports: Any) -> None:
    assert ports.invoices.drawn("contract-1") == {}
    invoice = ordered(ports, "w1")
    assert ports.invoices.drawn("contract-1") == {"PO-1": usd("125.00")}
    ports.invoices.seal(invoice.invoice_id, item_count=1, net=usd("125.00"), limits={"contract-1": usd("200.00")})
    assert ports.invoices.drawn("contract-1") == {"PO-1": usd("125.00")}


def test_a_seal_beyond_the_limit_is_refused_and_draws_nothing(ports: Any) -> None:
    ordered(ports, "w1")
    with pytest.raises(BusinessException) as caught:
        ordered(ports, "w2")
    assert caught.value.code == "purchase_order_exceeded"
    assert ports.invoices.drawn("contract-1") == {"PO-1": usd("125.00")}
    ordered_freely = ports.invoices.open_draft(replace(some_group(), purchase_order="PO-1"), MARCH)
    ports.invoices.seal(ordered_freely.invoice_id, item_count=1, net=usd("125.00"))
    assert ports.invoices.drawn("contract-1") == {"PO-1": usd("250.00")}


def test_what_clauses_take_off_is_drawn_less_and_what_ended_not_at_all(ports: Any) -> None:
    invoice = ordered(ports, "w1")
    expected = [InvoiceStatus.SEALED, InvoiceStatus.PRICED]
    clause = usd("-25.00")
    ports.invoices.update(invoice.invoice_id, lambda now: replace(priced(now), by_clause=clause), expected=expected)
    assert ports.invoices.drawn("contract-1") == {"PO-1": usd("100.00")}
    ports.invoices.update(
        invoice.invoice_id, lambda now: replace(now, status=InvoiceStatus.CANCELLED), expected=expected
    )
    assert ports.invoices.drawn("contract-1").get("PO-1", usd("0.00")) == usd("0.00")


def test_parts_of_a_group_have_invoices_of_their_own(ports: Any) -> None:
    whole = ports.invoices.open_draft(some_group(), MARCH)
    expenses = ports.invoices.open_draft(replace(some_group(), part="expenses"), MARCH)
    assert whole.invoice_id != expenses.invoice_id
