import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceStatus
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.apply_source import reversal_of
from shared.usecases.price_invoice import price_invoice
from tests.build import APPROVED_AT, a_contract, a_customer, an_invoice, eur, the_policies, time_item

ISSUED = date(2026, 11, 3)


def priced(items: list[WipItem], **changes: Any) -> tuple[Invoice, InvoiceDocument]:
    asked: dict[str, Any] = {
        "contract": a_contract(),
        "customer": a_customer(),
        "policies": the_policies(),
        "issued_on": ISSUED,
    }
    return price_invoice(changes.pop("invoice", an_invoice()), items, **(asked | changes))


def test_the_worked_invoice_to_the_cent() -> None:
    """8 h and 50 min at 150.00, a correction from 3 h to 2 h of work billed before; 19 % German VAT."""
    old = time_item("t-3", minutes=180)
    items = [
        time_item("t-1", minutes=480),
        time_item("t-2", minutes=50),
        reversal_of(old, 2),
        time_item("t-3", sequence=2, minutes=120),
    ]
    invoice, document = priced(items)
    assert [str(line.net.amount) for line in document.lines] == ["1200.00", "125.00", "-450.00", "300.00"]
    assert document.totals.net == eur("1175.00")
    assert document.totals.tax == eur("223.25")
    assert document.totals.gross == eur("1398.25")
    assert (invoice.status, invoice.totals) == (InvoiceStatus.PRICED, document.totals)


def test_no_unit_price_is_negative_and_each_line_multiplies_out() -> None:
    old = time_item("t-3", minutes=25)
    _, document = priced([time_item(minutes=415), reversal_of(old, 2)])
    for line in document.lines:
        assert line.unit_price >= 0
        assert line.net.amount == round(line.quantity / line.price_base_quantity * line.unit_price, 2)
    assert [line.quantity for line in document.lines] == [Decimal(415), Decimal(-25)]


def test_payment_terms_count_from_the_day_of_issue() -> None:
    invoice, document = priced([time_item()], contract=a_contract(payment_terms_days=14))
    assert (document.issued_on, document.due_on, invoice.due_on) == (ISSUED, date(2026, 11, 17), date(2026, 11, 17))


def test_the_same_items_in_any_order_make_the_same_document() -> None:
    items = [time_item(f"t-{n}", worked_on=date(2026, 10, 1 + n % 7), minutes=n + 1) for n in range(40)]
    assert priced(items)[1] == priced(random.Random(3).sample(items, len(items)))[1]


def test_lines_are_numbered_from_one_in_order_of_date() -> None:
    _, document = priced([time_item("b", worked_on=date(2026, 10, 9)), time_item("a", worked_on=date(2026, 10, 2))])
    assert [(line.line_id, line.description[:10]) for line in document.lines] == [
        ("1", "2026-10-02"),
        ("2", "2026-10-09"),
    ]


def test_cancelled_pairs_are_no_lines() -> None:
    item = time_item()
    _, document = priced([item, reversal_of(item, 2), time_item(sequence=2, minutes=90)])
    assert [line.net for line in document.lines] == [eur("225.00")]


def test_a_business_abroad_in_the_eu_pays_no_tax_and_the_line_says_why() -> None:
    _, document = priced([time_item()], customer=a_customer("FR", "FR12345678901"))
    assert (document.totals.tax, document.totals.gross) == (eur("0.00"), eur("150.00"))
    assert document.lines[0].tax.reason == "Reverse charge"


def test_the_head_knows_its_document_and_its_last_approval() -> None:
    late = replace(time_item("t-2"), approved_at=APPROVED_AT.replace(day=30))
    invoice, _ = priced([time_item(), late])
    assert invoice.document_key == "invoices/inv-1/document.json"
    assert invoice.last_approval_at == APPROVED_AT.replace(day=30)


def test_an_invoice_of_several_projects_is_booked_on_one_and_its_lines_keep_their_own() -> None:
    _, document = priced([time_item(), replace(time_item("t-2"), project_id="prj-2")])
    assert document.project_id == "prj-1"
    assert sorted(line.project_id for line in document.lines) == ["prj-1", "prj-2"]


def test_work_before_the_billed_period_shows_its_day_and_is_marked_late() -> None:
    _, document = priced([time_item(), time_item("t-2", worked_on=date(2026, 9, 30))])
    assert [(line.worked_on, line.late) for line in document.lines] == [
        (date(2026, 9, 30), True),
        (date(2026, 10, 5), False),
    ]


@pytest.mark.parametrize(
    ("items", "changes", "code"),
    [
        ([], {}, "nothing_to_bill"),
        ([reversal_of(time_item(), 2)], {}, "invoice_below_zero"),
        ([time_item()], {"contract": a_contract(reference=None)}, "missing_contract_reference"),
        ([time_item()], {"policies": the_policies(legal_entities=())}, "legal_entity_unknown"),
        ([time_item()], {"policies": the_policies(tax_rules=())}, "tax_undetermined"),
        ([time_item()], {"invoice": an_invoice(status=InvoiceStatus.DRAFT)}, "invoice_state"),
    ],
)
def test_what_cannot_be_priced_is_refused_by_name(items: list[WipItem], changes: dict[str, Any], code: str) -> None:
    with pytest.raises(BusinessException, match=code):
        priced(items, **changes)
