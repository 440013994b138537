"""What customers owe, worked out from their open invoices when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from sandbox.business_central.book import Record
from sandbox.business_central.kinds import DRAFTS, INVOICE
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.work import Work

_PERIODS = ("currentAmount", "period1Amount", "period2Amount", "period3Amount")


def financial_detail(work: Work, customer: Record) -> Record:
    today = work.clock.today()
    posted = _posted(work, customer)
    overdue = sum((row["remainingAmount"] for row in posted if row["dueDate"] < today), Decimal(0))
    sales = sum((row["totalAmountExcludingTax"] for row in posted if row["status"] != "Canceled"), Decimal(0))
    shown = {"id": customer["id"], "number": customer["number"], "balance": customer["balanceDue"]}
    shown |= {"totalSalesExcludingTax": sales, "overdueAmount": overdue}
    return ENTITIES["customerFinancialDetails"].blank() | shown


def aged(work: Work, customer: Record) -> Record:
    """By thirty days past due."""
    today = work.clock.now().date()
    sums = dict.fromkeys(_PERIODS, Decimal(0))
    for row in _posted(work, customer):
        late = (today - date.fromisoformat(row["dueDate"])).days
        sums[_PERIODS[0 if late <= 0 else min(1 + (late - 1) // 30, 3)]] += row["remainingAmount"]
    shown = {"customerId": customer["id"], "customerNumber": customer["number"], "name": customer["displayName"]}
    shown |= {"currencyCode": customer["currencyCode"], "agedAsOfDate": today.isoformat(), "periodLengthFilter": "30D"}
    whole = {"id": customer["id"], "balanceDue": sum(sums.values(), Decimal(0))} | sums
    return ENTITIES["agedAccountsReceivables"].blank() | shown | whole


def _posted(work: Work, customer: Record) -> list[Record]:
    found = work.book.where(INVOICE.heads, work.company, "customerId", customer["id"])
    return [row for row in found if row["status"] not in DRAFTS]


MADE: dict[str, Callable[[Work, Record], Record]] = {
    "customerFinancialDetails": financial_detail,
    "agedAccountsReceivables": aged,
}
