"""Tax: BR-CO-17, BR-CO-18, BR-45 to BR-48, and of each category the rules -01, -05 to -10; BR-O-11 to BR-O-14.

As the published validator: the base and the tax of S, L and M within 1.00, exclusive; all else exact. What it tolerates
though it is not exact is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from shared.domain.currencies import is_current, minor_units
from shared.einvoice.finding import Finding, shown, to_cents, total
from shared.einvoice.ubl_document import Figure, UblDocument, UblSubtotal, UblTax

PREFIX = {
    "S": "BR-S", "Z": "BR-Z", "E": "BR-E", "AE": "BR-AE", "K": "BR-IC", "G": "BR-G", "O": "BR-O", "L": "BR-AF", "M": "BR-AG",
}  # fmt: skip
"""The rules of category K, intra-community supply, are named BR-IC; L and M, IGIC and IPSI, BR-AF and BR-AG."""

_TAXED = ("S", "L", "M")
_NEEDS_REASON = ("E", "AE", "K", "G", "O")
_EXACT = Context(prec=120)
_ONE = Decimal(1)


def check_tax(document: UblDocument) -> Iterator[Finding]:
    if not document.subtotals:
        yield Finding("BR-CO-18", "cac:TaxTotal", "nothing", "at least one subtotal", "tax is shown by category")
    for subtotal in document.subtotals:
        yield from _complete(subtotal)
        yield from _amount(subtotal, _unit(document.currency))
        yield from _base(document, subtotal)
        yield from _reason(subtotal)
    for tax, last in _taxes(document):
        yield from _rate(tax, last)
    yield from _shown(document)
    yield from _alone(document)


def _complete(subtotal: UblSubtotal) -> Iterator[Finding]:
    tax = subtotal.tax
    for rule, name, figure in (
        ("BR-45", "cbc:TaxableAmount", subtotal.taxable),
        ("BR-46", "cbc:TaxAmount", subtotal.amount),
        ("BR-47", "cac:TaxCategory/cbc:ID", tax and tax.category),
        ("BR-48", "cac:TaxCategory/cbc:Percent", (tax and tax.percent) or (tax and tax.category == "O")),
    ):
        if not figure:
            yield Finding(rule, f"{subtotal.place}/{name}", "nothing", "a value", "mandatory in a tax subtotal")


def _amount(subtotal: UblSubtotal, unit: Decimal) -> Iterator[Finding]:
    """BR-CO-17 for every category, and again as the category's own rule -09. unit: a cent, or one yen."""
    tax, base, amount = subtotal.tax, subtotal.taxable, subtotal.amount
    if tax is None or base is None or amount is None:
        return
    percent = tax.percent.value if tax.percent else Decimal(0)
    exact = _product(base.value, percent).quantize(unit, ROUND_HALF_UP, _EXACT)
    words = f"{shown(base)} x {shown(percent)} %"
    if _whole(percent) == 0:
        tolerated = _whole(amount.value) == 0
    else:
        tolerated = _near(abs(amount.value), to_cents(_product(abs(base.value), percent)))
    if not tolerated:
        yield Finding("BR-CO-17", amount.place, shown(amount), shown(exact), words)
    elif amount.value != exact:
        yield Finding("BR-CO-17", amount.place, shown(amount), shown(exact), f"{words}; tolerated within 1.00", False)
    rule = f"{PREFIX.get(tax.category or '', '')}-09"
    if tax.category in _TAXED and not tolerated:
        yield Finding(rule, amount.place, shown(amount), shown(exact), words)
    elif tax.category in PREFIX and tax.category not in _TAXED and amount.value != 0:
        yield Finding(rule, amount.place, shown(amount), "0.00", f"category {tax.category} carries no tax")


def _base(document: UblDocument, subtotal: UblSubtotal) -> Iterator[Finding]:
    """Rule -08: the base is the category's lines + charges - allowances; per rate for the categories with rates."""
    tax, base = subtotal.tax, subtotal.taxable
    if tax is None or base is None or tax.category not in PREFIX:
        return
    rule, by_rate = f"{PREFIX[tax.category]}-08", tax.category in _TAXED
    if by_rate and tax.percent is None:
        return
    expected, any_found = _base_of(document, tax, by_rate)
    words = f"lines + charges - allowances of {tax.category}{f' {shown(tax.percent)} %' if by_rate else ''}"
    if base.value == expected and (any_found or not by_rate):
        return
    broken = not (by_rate and any_found and _near(base.value, expected))
    yield Finding(
        rule, base.place, shown(base), shown(expected), words + ("" if broken else "; tolerated within 1.00"), broken
    )


def _base_of(document: UblDocument, tax: UblTax, by_rate: bool) -> tuple[Decimal, bool]:
    """(the base, whether anything stands under this tax)."""
    lines = [line.net for line in document.lines if _same(line.tax, tax, by_rate)]
    rest = [each for each in document.allowances if _same(each.tax, tax, by_rate)]
    charges = total([each.amount for each in rest if each.is_charge])
    allowances = total([each.amount for each in rest if not each.is_charge])
    return total(lines) + charges - allowances, bool(lines or rest)


def _same(one: UblTax | None, other: UblTax, by_rate: bool) -> bool:
    if one is None or one.category != other.category:
        return False
    return not by_rate or (
        one.percent is not None and other.percent is not None and one.percent.value == other.percent.value
    )


def _reason(subtotal: UblSubtotal) -> Iterator[Finding]:
    tax = subtotal.tax
    if tax is None or tax.category not in PREFIX:
        return
    place = f"{tax.place}/cbc:TaxExemptionReason"
    if tax.category in _NEEDS_REASON and not tax.has_reason:
        words = f"category {tax.category} says why there is no tax"
        yield Finding(f"{PREFIX[tax.category]}-10", place, "nothing", "a reason or its code", words)
    elif tax.category not in _NEEDS_REASON and tax.has_reason:
        words = f"category {tax.category} needs none and may have none"
        yield Finding(f"{PREFIX[tax.category]}-10", place, "a reason", "nothing", words)


def _rate(tax: UblTax, last: str) -> Iterator[Finding]:
    """Rules -05 (line), -06 (allowance), -07 (charge): the rate that the category allows."""
    if tax.category not in PREFIX:
        return
    rule, place, percent = f"{PREFIX[tax.category]}-{last}", f"{tax.place}/cbc:Percent", tax.percent
    if tax.category == "O":
        if percent:
            yield Finding(rule, place, shown(percent), "nothing", "outside the scope of tax there is no rate")
    elif tax.category == "S":
        if percent is None or percent.value <= 0:
            yield Finding(rule, place, shown(percent), "more than 0", "the standard rate")
    elif tax.category in ("L", "M"):
        if percent is None or percent.value < 0:
            yield Finding(rule, place, shown(percent), "0 or more", f"category {tax.category}")
    elif percent is None or percent.value != 0:
        yield Finding(rule, place, shown(percent), "0", f"category {tax.category} carries no tax")


def _taxes(document: UblDocument) -> Iterator[tuple[UblTax, str]]:
    """(tax, the rule's last digits) of every line and every allowance or charge of the document."""
    yield from ((line.tax, "05") for line in document.lines if line.tax)
    yield from ((each.tax, "07" if each.is_charge else "06") for each in document.allowances if each.tax)


def _shown(document: UblDocument) -> Iterator[Finding]:
    """Rule -01: what is used is shown in the breakdown; a category without rates exactly once."""
    used = {tax.category for tax, _ in _taxes(document)}
    broken_down = [each.tax.category for each in document.subtotals if each.tax]
    for category, prefix in PREFIX.items():
        count = broken_down.count(category)
        if category in _TAXED:
            wrong = (category in used) != bool(count)
        else:
            wrong = count != 1 and (category in used or count > 1)
        if wrong:
            expected = "1" if category not in _TAXED else "at least 1" if category in used else "0"
            words = f"category {category} is {'' if category in used else 'not '}used by lines, allowances or charges"
            yield Finding(f"{prefix}-01", "cac:TaxTotal/cac:TaxSubtotal", f"{count}", expected, words)


def _alone(document: UblDocument) -> Iterator[Finding]:
    """BR-O-11 (breakdown), -12 (lines), -13 (allowances), -14 (charges): O stands beside no other category."""
    taxes = [each.tax for each in document.subtotals if each.tax]
    if not any(tax.category == "O" for tax in taxes):
        return
    yield from _others("BR-O-11", taxes)
    yield from _others("BR-O-12", [line.tax for line in document.lines if line.tax])
    yield from _others("BR-O-13", [each.tax for each in document.allowances if each.tax and not each.is_charge])
    yield from _others("BR-O-14", [each.tax for each in document.allowances if each.tax and each.is_charge])


def _others(rule: str, taxes: Sequence[UblTax]) -> Iterator[Finding]:
    other = next((tax for tax in taxes if tax.category != "O"), None)
    if other:
        words = "what is outside the scope of tax stands alone on its invoice"
        yield Finding(rule, f"{other.place}/cbc:ID", other.category or "nothing", "O", words)


def _unit(currency: str) -> Decimal:
    """What tax is rounded to: the currency's smallest unit, never less than a cent (BR-DEC)."""
    return Decimal(1).scaleb(-min(2, minor_units(currency))) if is_current(currency) else Decimal("0.01")


def _product(base: Decimal, percent: Decimal) -> Decimal:
    return _EXACT.multiply(_EXACT.multiply(base, percent), Decimal("0.01"))


def _near(found: Decimal, expected: Decimal) -> bool:
    return abs(found - expected) < _ONE


def _whole(value: Decimal | Figure) -> Decimal:
    """To the whole number, half toward plus infinity."""
    number = value.value if isinstance(value, Figure) else value
    return to_cents(number / 100) * 100
