"""What customers owe by the journal: items of type D (receivables) that are an invoice's own or name it.

Source: docs/connectors/sap_s4hana.md, "Payments".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from functions.connectors.sap_s4hana.client import Row
from functions.connectors.sap_s4hana.odata import amount, literal, query, read_day
from shared.faults import Poison

ITEMS = "A_OperationalAcctgDocItemCube"


class Owed(NamedTuple):
    """left: of its total, below zero where it was credited after it was paid. items: how many booked on it. last_on: the
    newest of them."""

    left: Decimal
    items: int
    last_on: date


def condition(bill: Row) -> str:
    """The filter for the items of one billing document. Numbers are unique per company and year only."""
    entry, year = literal(str(bill["AccountingDocument"])), literal(str(bill["FiscalYear"]))
    return (
        f"CompanyCode eq {literal(str(bill['CompanyCode']))} and FinancialAccountType eq 'D' and "
        f"((AccountingDocument eq {entry} and FiscalYear eq {year}) or "
        f"(InvoiceReference eq {entry} and InvoiceReferenceFiscalYear eq {year}))"
    )


def question(bill: Row) -> str:
    """The same as an address below the service, for a batch."""
    return ITEMS + query(filter=condition(bill))


def owed(rows: Sequence[Row], currency: str) -> Owed:
    """Raises Poison("payment_unreadable") where there are none, or one has no amount."""
    try:
        left = sum((amount(row["AmountInTransactionCurrency"], currency) for row in rows), Decimal(0))
        return Owed(left, len(rows), max(read_day(row["PostingDate"]) for row in rows))
    except (KeyError, ValueError) as exc:
        raise Poison("payment_unreadable") from exc
