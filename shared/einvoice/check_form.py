"""The form of amounts: BR-DEC-01 to BR-DEC-28, one currency (R051), the tax currency (BR-53, R005, R053 to R055)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.einvoice.check_lines import PEPPOL
from shared.einvoice.exact_numbers import decimals
from shared.einvoice.finding import Finding, shown
from shared.einvoice.ubl_document import Figure, UblDocument

_OF_TOTALS = {
    "LineExtensionAmount": "BR-DEC-09",
    "AllowanceTotalAmount": "BR-DEC-10",
    "ChargeTotalAmount": "BR-DEC-11",
    "TaxExclusiveAmount": "BR-DEC-12",
    "TaxInclusiveAmount": "BR-DEC-14",
    "PrepaidAmount": "BR-DEC-16",
    "PayableRoundingAmount": "BR-DEC-17",
    "PayableAmount": "BR-DEC-18",
}


def check_form(document: UblDocument) -> Iterator[Finding]:
    for rule, figure in _amounts(document):
        if figure is None:
            continue
        if rule and decimals(figure.value) > 2:
            yield Finding(rule, figure.place, f"{figure.value:f}", "at most 2 decimals", "amounts are in cents")
        if figure.currency != document.currency and rule != "BR-DEC-15":
            words, told = "one currency throughout", figure.currency or "no currencyID"
            yield Finding(f"{PEPPOL}-R051", figure.place, told, document.currency, words, document.is_peppol)
    yield from _tax_currency(document)
    yield from _tax_totals(document)


def _amounts(document: UblDocument) -> Iterator[tuple[str, Figure | None]]:
    """(the rule about its decimals, the amount); unit prices may have any number of them."""
    for name, figure in document.totals.items():
        yield _OF_TOTALS[name], figure
    for total in document.tax_totals:
        foreign = not total.subtotals and total.amount and total.amount.currency != document.currency
        yield ("BR-DEC-15" if foreign else "BR-DEC-13"), total.amount
        for each in total.subtotals:
            yield "BR-DEC-19", each.taxable
            yield "BR-DEC-20", each.amount
    for allowance in document.allowances:
        yield ("BR-DEC-05" if allowance.is_charge else "BR-DEC-01"), allowance.amount
        yield ("BR-DEC-06" if allowance.is_charge else "BR-DEC-02"), allowance.base
    for line in document.lines:
        yield "BR-DEC-23", line.net
        yield "", line.price
        for allowance in line.allowances:
            yield ("BR-DEC-27" if allowance.is_charge else "BR-DEC-24"), allowance.amount
            yield ("BR-DEC-28" if allowance.is_charge else "BR-DEC-25"), allowance.base


def _tax_currency(document: UblDocument) -> Iterator[Finding]:
    wanted = document.tax_currency
    if not wanted:
        return
    place = "cac:TaxTotal/cbc:TaxAmount"
    amounts = {each.amount.currency: each.amount for each in document.tax_totals if each.amount}
    if wanted not in amounts:
        yield Finding("BR-53", place, "nothing", f"the tax in {wanted}", "the tax currency's total is mandatory")
    if wanted == document.currency:
        words = "told only where it is not the document's"
        yield Finding(f"{PEPPOL}-R005", "cbc:TaxCurrencyCode", wanted, "another currency", words, document.is_peppol)
    one, other = amounts.get(document.currency), amounts.get(wanted)
    if one and other and one.value * other.value < 0:
        words = f"the sign of the tax in {document.currency}, {shown(one)}"
        yield Finding(f"{PEPPOL}-R055", other.place, shown(other), "the same sign", words, document.is_peppol)


def _tax_totals(document: UblDocument) -> Iterator[Finding]:
    with_parts = sum(bool(total.subtotals) for total in document.tax_totals)
    without, wanted = len(document.tax_totals) - with_parts, 1 if document.tax_currency else 0
    if with_parts > 1 or (document.is_peppol and with_parts != 1):
        words = "tax totals with a breakdown"
        yield Finding(f"{PEPPOL}-R053", "cac:TaxTotal", f"{with_parts}", "1", words, document.is_peppol)
    if without != wanted:
        words = "tax totals without a breakdown: one, and only where there is a tax currency"
        yield Finding(f"{PEPPOL}-R054", "cac:TaxTotal", f"{without}", f"{wanted}", words, document.is_peppol)
