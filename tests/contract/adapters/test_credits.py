"""Credits: granted once per request, never more than one ledger allows, undone as if nothing had been asked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.credit import Credit, Credited, CreditItems, Remedy
from shared.domain.invoice import BillingGroup, Invoice, InvoiceDocument, InvoiceKind, InvoiceStatus
from shared.domain.tax import TaxCategory, TaxDecision
from shared.domain.wip import WipItem
from shared.faults import BusinessException, Transient
from shared.usecases.credit_items import line_items, memo_id_of, undo_items
from shared.usecases.credit_plan import credit_plan
from tests.fakes.flow import NOON
from tests.fakes.records import some_item, source_of, usd
from tests.invoices import a_document
from tests.property.strategies import a_line

GROUP = BillingGroup("US", "customer-1", "contract-1", "monthly", "USD", None, "credit:inv-1")
NONE = TaxDecision(TaxCategory.OUTSIDE_SCOPE, Decimal(0), "no tax", "us")
POSTED = Invoice("inv-1", GROUP, NOON.date(), 1, InvoiceStatus.POSTED)


def an_invoice_of(count: int, ports: Any) -> InvoiceDocument:
    """So many lines of 125.00, each item claimed by the invoice, each source known."""
    items = [some_item(f"w{number:02}") for number in range(count)]
    invoice = ports.invoices.open_draft(replace(GROUP, part=""), NOON.date())
    for item in items:
        ports.wip.record(source_of(item), [item], previous=None)
    ports.wip.claim(invoice.invoice_id, [item.wip_id for item in items])
    lines = [replace(a_line(item.wip_id, item.value, NONE), wip_id=item.wip_id) for item in items]
    return a_document(lines)


def a_credit(
    request: str, document: InvoiceDocument, ports: Any, remedy: Remedy = Remedy.REBILL, **chosen: Any
) -> Credit:
    return credit_from(ports.credits.credited("inv-1"), request, document, remedy, **chosen)


def credit_from(
    credited: Credited, request: str, document: InvoiceDocument, remedy: Remedy = Remedy.REBILL, **chosen: Any
) -> Credit:
    plan = credit_plan(POSTED, document, credited, **chosen)
    return Credit(memo_id_of("inv-1", request), request, plan, remedy, "Wrong rate", "Ann", NOON)


def memo_of(credit: Credit) -> Invoice:
    return Invoice(
        credit.memo_id, GROUP, NOON.date(), 1, InvoiceStatus.DRAFT, kind=InvoiceKind.CREDIT_MEMO, credits="inv-1"
    )


def items_of(credit: Credit, ports: Any) -> list[CreditItems]:
    found = []
    for line in credit.plan.lines:
        item: WipItem = ports.wip.get(line.wip_id)
        found.append(line_items(credit, line, item, ports.wip.source(item.source_id)))
    return found


def grant(credit: Credit, ports: Any, credited: Credited | None = None) -> Credit:
    """credited: what the credit was reckoned from; None: nobody came between."""
    known = credited or ports.credits.credited("inv-1")
    granted: Credit = ports.credits.grant(credit, memo_of(credit), items_of(credit, ports), credited=known)
    return granted


def undo(credit: Credit, ports: Any) -> int:
    undone = []
    for line, items in zip(credit.plan.lines, items_of(credit, ports), strict=True):
        restored = ports.wip.get(items.restored.wip_id) if items.restored else None
        undone.append(undo_items(credit, line, restored, ports.wip.source(items.reversal.source_id)))
    changed: int = ports.credits.undo(credit.memo_id, undone)
    return changed


def test_a_grant_writes_ledger_memo_reversals_and_restored_items(ports: Any) -> None:
    document = an_invoice_of(2, ports)
    credit = grant(a_credit("r1", document, ports, line_ids=["w01"]), ports)
    ledger = ports.credits.credited("inv-1")
    assert (ledger.version, ledger.lines, ledger.memos) == (1, {"w01": usd("125.00")}, (credit.memo_id,))
    assert ports.credits.find(credit.memo_id) == credit
    memo = ports.invoices.get(credit.memo_id)
    assert (memo.status, memo.kind, memo.credits) == (InvoiceStatus.DRAFT, InvoiceKind.CREDIT_MEMO, "inv-1")
    [reversal] = ports.wip.claimed_by(credit.memo_id)
    [restored] = ports.wip.open_of("contract-1")
    assert (reversal.value, reversal.reverses) == (usd("-125.00"), "w01")
    assert (restored.value, restored.reverses) == (usd("125.00"), None)
    assert ports.wip.source("source of w01").wip_id == restored.wip_id
    assert [each.invoice_id for each in ports.invoices.unfinished("contract-1") if each.kind is memo.kind] == [
        credit.memo_id
    ]


def test_the_same_request_is_granted_once_and_answers_with_the_first(ports: Any) -> None:
    document = an_invoice_of(1, ports)
    first = a_credit("r1", document, ports, amount=usd("50.00"))
    grant(first, ports)
    again = replace(a_credit("r1", document, ports, amount=usd("75.00")), reason="Other words")
    assert grant(again, ports) == first
    assert ports.credits.credited("inv-1").lines == {"w00": usd("50.00")}


def test_of_two_requests_reckoned_from_one_ledger_the_second_comes_again(ports: Any) -> None:
    document = an_invoice_of(1, ports)
    first, second = (a_credit(name, document, ports, amount=usd("100.00")) for name in ("r1", "r2"))
    before = ports.credits.credited("inv-1")
    ports.credits.grant(first, memo_of(first), items_of(first, ports), credited=before)
    with pytest.raises(Transient) as moved:
        ports.credits.grant(second, memo_of(second), items_of(second, ports), credited=before)
    assert moved.value.code == "credits_moved"
    assert ports.credits.find(second.memo_id) is None
    with pytest.raises(BusinessException) as refusal:
        a_credit("r2", document, ports, amount=usd("100.00"))
    assert (refusal.value.code, refusal.value.facts["left"]) == ("credit_exceeds_line", "25.00")


def test_a_grant_of_many_lines_is_completed_by_anybody_once(ports: Any) -> None:
    document = an_invoice_of(17, ports)
    credit = a_credit("r1", document, ports)
    items = items_of(credit, ports)
    ports.credits.grant(credit, memo_of(credit), items, credited=ports.credits.credited("inv-1"))
    assert len(list(ports.wip.claimed_by(credit.memo_id))) == 14
    assert ports.credits.complete(credit.memo_id, items) == 3
    assert ports.credits.complete(credit.memo_id, items) == 0
    assert len(list(ports.wip.claimed_by(credit.memo_id))) == len(list(ports.wip.open_of("contract-1"))) == 17


def test_a_concession_is_claimed_by_its_write_off_and_never_open(ports: Any) -> None:
    credit = grant(a_credit("r1", an_invoice_of(1, ports), ports, Remedy.CONCESSION), ports)
    assert list(ports.wip.open_of("contract-1")) == []
    given_up = [item for item in ports.wip.of_legal_entity("US") if item.claimed_by == f"writeoff:{credit.memo_id}"]
    assert [item.value for item in given_up] == [usd("125.00")]


def test_a_correction_claims_the_reversal_that_stands(ports: Any) -> None:
    document = an_invoice_of(1, ports)
    reversal = replace(some_item("w00"), wip_id="back", value=usd("-125.00"), reverses="w00")
    source = ports.wip.source("source of w00")
    ports.wip.record(replace(source, sequence=2, wip_id=None), [reversal], previous=source)
    credit = replace(a_credit("r1", document, ports, Remedy.CORRECTION), reversals={"w00": "back"})
    items = [line_items(credit, credit.plan.lines[0], reversal, None)]
    ports.credits.grant(credit, memo_of(credit), items, credited=ports.credits.credited("inv-1"))
    assert [item.wip_id for item in ports.wip.claimed_by(credit.memo_id)] == ["back"]
    assert list(ports.wip.open_of("contract-1")) == []


def test_a_source_corrected_meanwhile_is_reckoned_again(ports: Any) -> None:
    document = an_invoice_of(1, ports)
    credit = a_credit("r1", document, ports)
    items = items_of(credit, ports)
    source = ports.wip.source("source of w00")
    ports.wip.record(replace(source, sequence=2), [], previous=source)
    with pytest.raises(Transient):
        ports.credits.grant(credit, memo_of(credit), items, credited=ports.credits.credited("inv-1"))
    assert ports.credits.credited("inv-1").version == 0


def test_a_correction_reckoned_before_a_credit_is_reckoned_again(ports: Any) -> None:
    """The item that stood for the source is credited; a reversal of it would take it back twice."""
    document = an_invoice_of(1, ports)
    before = ports.wip.source("source of w00")
    grant(a_credit("r1", document, ports), ports)
    with pytest.raises(Transient) as moved:
        ports.wip.record(replace(before, sequence=2, wip_id=None), [], previous=before)
    assert moved.value.code == "source_moved"


@pytest.mark.parametrize("remedy", [Remedy.REBILL, Remedy.CONCESSION])
def test_what_is_undone_may_be_credited_again(ports: Any, remedy: Remedy) -> None:
    document = an_invoice_of(1, ports)
    credit = grant(a_credit("r1", document, ports, remedy), ports)
    assert [undo(credit, ports), undo(credit, ports)] == [1, 1]
    assert {ports.credits.release(credit.memo_id).released for _ in range(2)} == {True}
    assert list(ports.wip.open_of("contract-1")) == []
    assert sum(item.value.amount for item in ports.wip.claimed_by(credit.memo_id)) == 0
    ledger = ports.credits.credited("inv-1")
    assert (ledger.lines, ledger.memos) == ({}, ())
    assert ports.wip.source("source of w00").wip_id == "w00"
    assert grant(a_credit("r2", document, ports), ports).plan == credit.plan


def test_what_was_billed_again_meanwhile_opens_the_reversal(ports: Any) -> None:
    credit = grant(a_credit("r1", an_invoice_of(1, ports), ports), ports)
    [restored] = ports.wip.open_of("contract-1")
    draft = ports.invoices.open_draft(replace(GROUP, part="other"), NOON.date())
    if draft.status is InvoiceStatus.DRAFT:
        ports.wip.claim(draft.invoice_id, [restored.wip_id])
    assert [undo(credit, ports), undo(credit, ports)] == [1, 0]
    [reversal] = ports.wip.open_of("contract-1")
    assert (reversal.reverses, reversal.value) == ("w00", usd("-125.00"))
