"""Our tax decision in NetSuite's terms: one tax detail per line, summing to our tax per (category, rate) to the cent.

EN 16931 computes tax on the sum of a group, NetSuite keeps it per line; the cents between the two are put on the group's
largest line, so that its total is ours. Source: docs/connectors/netsuite.md, "Tax".
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from functions.connectors.netsuite.settings import NetSuiteSettings
from shared.domain.invoice import InvoiceDocument
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision


def rate_key(tax: TaxDecision) -> str:
    """ "S/19": how settings name a tax code. Rates compare as numbers, so 19.00 is 19."""
    return f"{tax.category.value}/{format(tax.rate.normalize(), 'f')}"


def tax_details(document: InvoiceDocument, settings: NetSuiteSettings) -> list[dict[str, Any]]:
    """`taxDetails.items`, in line order. A line outside the scope of tax has none, unless a code is set for it.

    Raises BusinessException("erp_tax_code_unmapped").
    """
    amounts = line_taxes(document)
    details = []
    for number, line in enumerate(document.lines, 1):
        key = rate_key(line.tax)
        code = settings.find_tax_code(document.legal_entity_id, key)
        if code is None and line.tax.category is TaxCategory.OUTSIDE_SCOPE:
            continue
        code = code or settings.tax_code(document.legal_entity_id, key)
        detail: dict[str, Any] = {
            "taxDetailsReference": f"L{number}",
            "taxCode": {"id": code.code},
            "taxBasis": line.net.amount,
            "taxRate": line.tax.rate,
            "taxAmount": amounts[number - 1].amount,
        }
        if code.type:
            detail["taxType"] = {"id": code.type}
        details.append(detail)
    return details


def line_taxes(document: InvoiceDocument) -> list[Money]:
    """Tax per line; per (category, rate) they sum to the document's subtotal."""
    taxes = [
        Money(line.net.amount * line.tax.rate / Decimal(100), document.currency).rounded() for line in document.lines
    ]
    groups: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(document.lines):
        groups[rate_key(line.tax)].append(index)
    for subtotal in document.totals.breakdown:
        members = groups.get(rate_key(subtotal.tax), [])
        if members:
            largest = max(members, key=lambda index: abs(document.lines[index].net.amount))
            summed = sum((taxes[index] for index in members), Money.zero(document.currency))
            taxes[largest] = taxes[largest] + (subtotal.amount - summed)
    return taxes
