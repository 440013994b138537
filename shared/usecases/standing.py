"""How an invoice stands for those who read it: what came for it, what credit took of it, what is open.

The saga's own status knows posted and paid. The ERP calls "paid" whatever has nothing left to pay, and a credit memo set
against an invoice is to it a payment: nobody who looks for money wants to read that.
"""

from __future__ import annotations

from decimal import Decimal

from shared.domain.invoice import Invoice, InvoiceStatus
from shared.domain.money import Money

ISSUED = (InvoiceStatus.POSTED, InvoiceStatus.PAID)


def money_paid(invoice: Invoice) -> Money:
    """What came besides the credit that the ERP set against it; of a memo, how much of it is set against its invoice."""
    zero = Money.zero(invoice.group.currency)
    settled = (invoice.paid or zero) - (invoice.credit_applied or zero)
    return settled if settled.amount > 0 else zero


def open_of(invoice: Invoice) -> Money | None:
    """What is still to come, or still to the customer's credit. None before it is posted."""
    if invoice.totals is None or invoice.status not in ISSUED:
        return None
    zero = Money.zero(invoice.group.currency)
    paid, credited = invoice.paid or zero, invoice.credit_applied or zero
    return invoice.totals.gross - (paid if paid.amount >= credited.amount else credited)


def standing(invoice: Invoice) -> str:
    """Its status, and of what is posted: posted, part_paid, paid, credited (in full), part_credited."""
    zero = Money.zero(invoice.group.currency)
    gross = invoice.totals.gross if invoice.totals else zero
    return standing_of(invoice.status, gross.amount, money_paid(invoice).amount, (invoice.credited or zero).amount)


def standing_of(status: InvoiceStatus, gross: Decimal, paid: Decimal, credited: Decimal) -> str:
    """The same of a part of it, as sales and delivery read it.

    Part paid goes before part credited; paid and credited in one is paid: nothing is open.
    """
    if status not in ISSUED:
        return status.value
    if credited and credited >= gross:
        return "credited"
    if status is InvoiceStatus.PAID:
        return status.value
    if paid > 0:
        return "part_paid"
    return "part_credited" if credited else status.value
