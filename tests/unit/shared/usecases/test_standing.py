"""Money is money and credit is credit, whatever the ERP calls settled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shared.domain.invoice import BillingGroup, Invoice, InvoiceStatus, InvoiceTotals
from shared.domain.money import Money
from shared.usecases.standing import money_paid, open_of, standing

GROUP = BillingGroup("DE", "customer-1", "contract-1", "monthly", "EUR", None)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def an_invoice(status: InvoiceStatus, *, settled: str, credited: str, applied: str) -> Invoice:
    """Of 119.00. settled: what the ERP counts as paid, the credit set against it among it."""
    totals = InvoiceTotals(eur("100"), eur("19"), eur("119"), ())
    return Invoice(
        "i-1",
        GROUP,
        date(2026, 10, 31),
        1,
        status,
        totals=totals,
        paid=eur(settled),
        credited=eur(credited),
        credit_applied=eur(applied),
    )


POSTED, PAID = InvoiceStatus.POSTED, InvoiceStatus.PAID


@pytest.mark.parametrize(
    ("status", "settled", "credited", "applied", "stands", "money", "left"),
    [
        (POSTED, "0", "0", "0", "posted", "0", "119"),
        (POSTED, "19", "0", "0", "part_paid", "19", "100"),
        (PAID, "119", "0", "0", "paid", "119", "0"),
        (PAID, "119", "119", "119", "credited", "0", "0"),
        (POSTED, "0", "119", "119", "credited", "0", "0"),  # the ERP has not told yet what it set against it
        (POSTED, "19", "19", "19", "part_credited", "0", "100"),
        (POSTED, "50", "19", "19", "part_paid", "31", "69"),
        (PAID, "119", "19", "19", "paid", "100", "0"),
        (
            PAID,
            "119",
            "119",
            "0",
            "credited",
            "119",
            "0",
        ),  # paid first, then credited: the memo is open to the customer
    ],
)
def test_an_invoice_stands_as_money_and_credit_left_it(
    status: InvoiceStatus, settled: str, credited: str, applied: str, stands: str, money: str, left: str
) -> None:
    invoice = an_invoice(status, settled=settled, credited=credited, applied=applied)
    assert (standing(invoice), money_paid(invoice), open_of(invoice)) == (stands, eur(money), eur(left))


@pytest.mark.parametrize("status", [each for each in InvoiceStatus if each not in (POSTED, PAID)])
def test_what_is_not_issued_stands_as_the_saga_has_it_and_leaves_nothing_open(status: InvoiceStatus) -> None:
    invoice = an_invoice(status, settled="0", credited="0", applied="0")
    assert (standing(invoice), open_of(invoice)) == (status.value, None)
