"""Rows of salesInvoices as payments: what is news, in which order, where a reading stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from functions.connectors.business_central.payment import is_news, paid_event
from functions.connectors.business_central.scan import GONE, Scan, read_scan
from shared.domain.identity import derived_id
from shared.domain.invoice import BillingGroup, Invoice, InvoiceStatus
from shared.domain.money import Money
from shared.faults import Poison

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
GROUP = BillingGroup("DE", "cus", "con", "monthly", "EUR", None)
INVOICE = Invoice(derived_id("invoice", "x"), GROUP, date(2026, 10, 31), 1, InvoiceStatus.POSTED)


def row(unpaid: str, status: str = "Open", **changes: Any) -> dict[str, Any]:
    amounts = {"totalAmountIncludingTax": Decimal("119.00"), "remainingAmount": Decimal(unpaid)}
    return {"id": "guid", "number": "PS-1", "status": status, "currencyCode": "EUR", **amounts, **changes}


def test_an_open_invoice_is_no_news_until_money_comes() -> None:
    assert not is_news(row("119.00"), INVOICE)
    assert is_news(row("19.00"), INVOICE) and is_news(row("0", "Paid"), INVOICE)


def test_what_is_known_is_no_news_and_a_bounced_payment_is() -> None:
    paid = replace(INVOICE, paid=Money(Decimal("119.00"), "EUR"))
    assert not is_news(row("0", "Paid"), paid)
    assert is_news(row("119.00"), paid)


@pytest.mark.parametrize("status", ["Canceled", "Corrective"])
def test_a_cancelled_invoice_shows_nothing_open_and_is_not_paid(status: str) -> None:
    assert not is_news(row("0", status), INVOICE)


@pytest.mark.parametrize("name", ["totalAmountIncludingTax", "remainingAmount"])
def test_a_row_without_amounts_is_poison(name: str) -> None:
    with pytest.raises(Poison, match="payment_unreadable"):
        is_news({key: value for key, value in row("1").items() if key != name}, INVOICE)


def test_a_payment_seen_twice_before_it_is_recorded_is_one_event() -> None:
    first = paid_event(row("19.00"), INVOICE, AT, 0)
    again = paid_event(row("19.00"), INVOICE, AT + timedelta(minutes=5), 0)
    assert first.id == again.id
    assert (first.data.state, first.data.paid.amount, first.data.open.amount) == (
        "part_paid", Decimal("100.00"), Decimal("19.00"),
    )  # fmt: skip


def test_a_payment_that_bounced_and_came_again_is_another_event_and_later() -> None:
    first = paid_event(row("0", "Paid"), INVOICE, AT, 0)
    bounced = paid_event(row("119.00"), INVOICE, AT, first.sequence)
    again = paid_event(row("0", "Paid"), INVOICE, AT, bounced.sequence)
    assert len({first.id, bounced.id, again.id}) == 3
    assert first.sequence < bounced.sequence < again.sequence


def test_a_reading_is_kept_as_json_and_knows_what_ceased_to_be_open() -> None:
    scan = Scan("2026-11-20T12:00:00.000Z", part=GONE, watched=("a", "b"), seen=("b", "c"))
    assert scan.gone == ("a",)
    assert read_scan(scan.as_json(), "never") == scan
    assert read_scan({}, "begin") == Scan("begin")
