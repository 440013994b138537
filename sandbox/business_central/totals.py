"""Amounts of a document: of each line, its part of the document's discount, its tax; all rounded half away from zero.

Tax is rounded line by line, or per rate over the document with the cents handed from line to line (notes, checklist 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.business_central.book import Record

ZERO = Decimal(0)
_HUNDRED = Decimal(100)


def rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


class _Carried:
    """Parts of a sum, each rounded so that all before it together are right."""

    def __init__(self, decimals: int) -> None:
        self._exact, self._given, self._decimals = ZERO, ZERO, decimals

    def next(self, exact: Decimal) -> Decimal:
        self._exact += exact
        part = rounded(self._exact, self._decimals) - self._given
        self._given += part
        return part


def line_amounts(line: Record, decimals: int) -> dict[str, Decimal]:
    """Of one line by itself: its discount and its amount before tax."""
    gross = rounded(line["quantity"] * line["unitPrice"], decimals)
    discount = line["discountAmount"]
    if line["discountPercent"]:
        discount = rounded(gross * line["discountPercent"] / _HUNDRED, decimals)
    return {"discountAmount": discount, "amountExcludingTax": gross - discount}


def totals(lines: Sequence[Record], discount: Decimal, decimals: int, how: str) -> tuple[list[dict[str, Any]], Record]:
    """(what changes on each line, the document's totals). lines: with `amountExcludingTax` and `taxPercent` set."""
    whole = sum((line["amountExcludingTax"] for line in lines), ZERO)
    share = _Carried(decimals)
    gross_tax: dict[Decimal, _Carried] = defaultdict(lambda: _Carried(decimals))
    net_tax: dict[Decimal, _Carried] = defaultdict(lambda: _Carried(decimals))
    changes: list[dict[str, Any]] = []
    for line in lines:
        amount, percent = line["amountExcludingTax"], line["taxPercent"]
        part = share.next(discount * amount / whole) if discount and whole else ZERO
        before, after = amount * percent / _HUNDRED, (amount - part) * percent / _HUNDRED
        if how == "line":
            tax, net = rounded(before, decimals), rounded(after, decimals)
        else:
            tax, net = gross_tax[percent].next(before), net_tax[percent].next(after)
        changes.append(
            {
                "totalTaxAmount": tax,
                "amountIncludingTax": amount + tax,
                "invoiceDiscountAllocation": part,
                "netAmount": amount - part,
                "netTaxAmount": net,
                "netAmountIncludingTax": amount - part + net,
            }
        )
    net_sum = sum((change["netAmount"] for change in changes), ZERO)
    tax_sum = sum((change["netTaxAmount"] for change in changes), ZERO)
    head = {"totalAmountExcludingTax": net_sum, "totalTaxAmount": tax_sum, "totalAmountIncludingTax": net_sum + tax_sum}
    return changes, head
