"""A memo's document: the credited lines, the invoice's own tax, amounts positive."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.domain.credit import Credit, Remedy
from shared.domain.credit_ledger import no_credits
from shared.domain.invoice import InvoiceDocument, InvoiceKind, InvoiceStatus, LineOrigin
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.credit_items import line_items, memo_id_of
from shared.usecases.credit_plan import credit_plan
from shared.usecases.explain_line import explain_line
from shared.usecases.price_invoice import price_invoice
from shared.usecases.price_memo import price_memo
from tests.build import OCTOBER, a_contract, a_customer, an_invoice, eur, the_policies, time_item
from tests.fakes.flow import NOON

ITEMS = [time_item("t-1"), time_item("t-2", minutes=50)]


def invoiced() -> InvoiceDocument:
    """150.00 and 125.00 at 19 %."""
    sealed = an_invoice(item_count=2, net=eur("275.00"))
    _, document = price_invoice(
        sealed, ITEMS, contract=a_contract(), customer=a_customer(), policies=the_policies(), issued_on=OCTOBER
    )
    return document


def asked(document: InvoiceDocument, remedy: Remedy = Remedy.REBILL, **chosen: object) -> Credit:
    posted = an_invoice(status=InvoiceStatus.POSTED)
    plan = credit_plan(posted, document, no_credits("inv-1"), **chosen)  # type: ignore[arg-type]
    return Credit(memo_id_of("inv-1", "r-1"), "r-1", plan, remedy, "Wrong rate", "Ann", NOON)


def reversals(credit: Credit) -> list[WipItem]:
    by_id = {item.wip_id: item for item in ITEMS}
    return [line_items(credit, line, by_id[line.wip_id], None).reversal for line in credit.plan.lines if line.wip_id]


def sealed_memo(credit: Credit) -> object:
    return replace(
        an_invoice(), invoice_id=credit.memo_id, kind=InvoiceKind.CREDIT_MEMO, credits="inv-1", submitter="Ann"
    )


def test_a_whole_line_keeps_quantity_price_and_tax_decision() -> None:
    document = invoiced()
    credit = asked(document, line_ids=["2"])
    _, memo = price_memo(sealed_memo(credit), reversals(credit), credit=credit, of=document, issued_on=OCTOBER)  # type: ignore[arg-type]
    [line] = memo.lines
    assert (line.quantity, line.unit_price, line.price_base_quantity) == (Decimal(50), Decimal("150.00"), Decimal(60))
    assert (line.net, line.tax, line.wip_id) == (eur("125.00"), document.lines[1].tax, reversals(credit)[0].wip_id)
    assert (memo.totals.net, memo.totals.tax, memo.totals.gross) == (eur("125.00"), eur("23.75"), eur("148.75"))
    assert (memo.kind, memo.credits, memo.reason) == (InvoiceKind.CREDIT_MEMO, "inv-1", "Wrong rate")


def test_a_part_is_one_thing_at_its_amount() -> None:
    document = invoiced()
    credit = asked(document, amount=eur("27.50"))
    priced, memo = price_memo(sealed_memo(credit), reversals(credit), credit=credit, of=document, issued_on=OCTOBER)  # type: ignore[arg-type]
    assert [(line.quantity, line.unit, line.net) for line in memo.lines] == [
        (Decimal(1), "each", eur("15.00")),
        (Decimal(1), "each", eur("12.50")),
    ]
    assert memo.totals.breakdown[0].taxable == eur("27.50")
    assert (priced.status, priced.totals, priced.by_clause) == (InvoiceStatus.PRICED, memo.totals, eur("0.00"))


def test_a_line_without_work_is_credited_without_an_item() -> None:
    plain = invoiced()
    discount = replace(plain.lines[1], line_id="3", wip_id="", net=eur("-27.50"), origin=LineOrigin.DISCOUNT)
    totals = replace(
        plain.totals,
        net=eur("247.50"),
        tax=eur("47.03"),
        gross=eur("294.53"),
        breakdown=(replace(plain.totals.breakdown[0], taxable=eur("247.50"), amount=eur("47.03")),),
    )
    document = replace(plain, lines=(*plain.lines, discount), totals=totals)
    credit = asked(document)
    priced, memo = price_memo(sealed_memo(credit), reversals(credit), credit=credit, of=document, issued_on=OCTOBER)  # type: ignore[arg-type]
    assert memo.totals.gross == eur("294.53")
    assert (memo.lines[2].net, memo.lines[2].wip_id, priced.by_clause) == (eur("-27.50"), "", eur("27.50"))
    assert replace(priced, net=eur("-275.00")).drawn == eur("-247.50"), "the order has that room again, and no more"


def test_other_items_than_were_granted_stop_the_memo() -> None:
    document = invoiced()
    credit = asked(document)
    with pytest.raises(BusinessException) as refusal:
        price_memo(sealed_memo(credit), reversals(credit)[:1], credit=credit, of=document, issued_on=OCTOBER)  # type: ignore[arg-type]
    assert refusal.value.code == "credit_disagrees"


def test_a_memos_line_is_explained_down_to_the_entry() -> None:
    document = invoiced()
    credit = asked(document, line_ids=["1"])
    items = reversals(credit)
    memo, of_memo = price_memo(sealed_memo(credit), items, credit=credit, of=document, issued_on=OCTOBER)  # type: ignore[arg-type]
    reasons = explain_line(of_memo, "1", invoice=memo, item=items[0], contract=a_contract())
    words = {reason.step: reason.words for reason in reasons}
    assert words["credit"] == "given back of invoice inv-1: Wrong rate, asked by Ann"
    assert "t-1" in str([reason.facts for reason in reasons if reason.step == "source"])
