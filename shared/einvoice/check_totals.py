"""BR-12 to BR-16, BR-CO-10 to BR-CO-16, BR-CO-25: the document's totals. All exact, as in the published validator."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shared.einvoice.finding import Finding, shown, to_cents, total
from shared.einvoice.ubl_document import Figure, UblDocument

_TOTAL = "cac:LegalMonetaryTotal"
_NEEDED = {
    "BR-12": "LineExtensionAmount",
    "BR-13": "TaxExclusiveAmount",
    "BR-14": "TaxInclusiveAmount",
    "BR-15": "PayableAmount",
}


def check_totals(document: UblDocument) -> Iterator[Finding]:
    if not document.lines:
        yield Finding("BR-16", f"cac:{document.kind}Line", "nothing", "at least one line", "an invoice has lines")
    for rule, name in _NEEDED.items():
        if name not in document.totals:
            yield Finding(rule, f"{_TOTAL}/cbc:{name}", "nothing", "an amount", "this total is mandatory")
    yield from _sums(document)
    yield from _net(document)
    yield from _gross(document)
    yield from _payable(document)


def _sums(document: UblDocument) -> Iterator[Finding]:
    nets = to_cents(total([line.net for line in document.lines]))
    yield from _exact(document, "BR-CO-10", "LineExtensionAmount", nets, "the sum of the lines' net amounts")
    for rule, name, is_charge, word in (
        ("BR-CO-11", "AllowanceTotalAmount", False, "allowances"),
        ("BR-CO-12", "ChargeTotalAmount", True, "charges"),
    ):
        told = [each for each in document.allowances if each.is_charge is is_charge]
        whole = to_cents(total([each.amount for each in told]))
        if name in document.totals:
            yield from _exact(document, rule, name, whole, f"the sum of the document's {word}")
        elif told:
            words = f"the sum of the document's {word}, which stands wherever there are any"
            yield Finding(rule, f"{_TOTAL}/cbc:{name}", "nothing", shown(whole), words)


def _net(document: UblDocument) -> Iterator[Finding]:
    of = document.totals
    if "LineExtensionAmount" in of:
        minus, plus = total([of.get("AllowanceTotalAmount")]), total([of.get("ChargeTotalAmount")])
        expected = to_cents(of["LineExtensionAmount"].value - minus + plus)
        yield from _exact(document, "BR-CO-13", "TaxExclusiveAmount", expected, "line nets - allowances + charges")


def _gross(document: UblDocument) -> Iterator[Finding]:
    for each in document.tax_totals:
        expected = to_cents(total([subtotal.amount for subtotal in each.subtotals]))
        if each.subtotals and (each.amount is None or each.amount.value != expected):
            place, words = f"{each.place}/cbc:TaxAmount", "the sum of the categories' taxes"
            yield Finding("BR-CO-14", place, shown(each.amount), shown(expected), words)
    taxes = [each.amount for each in document.tax_totals if _is_in(each.amount, document.currency)]
    if len(taxes) != 1 or taxes[0] is None:
        place, words = "cac:TaxTotal/cbc:TaxAmount", "gross = net + tax needs one tax total in the document's currency"
        yield Finding("BR-CO-15", place, f"{len(taxes)} in {document.currency}", "exactly one", words)
    elif "TaxExclusiveAmount" in document.totals:
        expected = to_cents(document.totals["TaxExclusiveAmount"].value + taxes[0].value)
        yield from _exact(document, "BR-CO-15", "TaxInclusiveAmount", expected, "net + tax")


def _payable(document: UblDocument) -> Iterator[Finding]:
    of = document.totals
    if "TaxInclusiveAmount" in of:
        prepaid, rounding = total([of.get("PrepaidAmount")]), total([of.get("PayableRoundingAmount")])
        expected = to_cents(of["TaxInclusiveAmount"].value - prepaid + rounding)
        yield from _exact(document, "BR-CO-16", "PayableAmount", expected, "gross - prepaid + rounding")
    payable = of.get("PayableAmount")
    if payable and payable.value > 0 and not document.has_due_date_or_terms:
        words = "what is payable needs a due date (BT-9) or payment terms (BT-20)"
        yield Finding("BR-CO-25", payable.place, f"{shown(payable)} payable, no date", "a due date or terms", words)


def _exact(document: UblDocument, rule: str, name: str, expected: Decimal, words: str) -> Iterator[Finding]:
    figure = document.totals.get(name)
    if figure and figure.value != expected:
        yield Finding(rule, figure.place, shown(figure), shown(expected), words)


def _is_in(figure: Figure | None, currency: str) -> bool:
    return figure is not None and figure.currency == currency
