"""Lines: BR-22, BR-24, BR-26 to BR-28, BR-CO-04, Peppol R120, R121, R130, R046; allowances: BR-31, BR-36, BR-41, BR-43, R040 to R042."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal

from shared.einvoice.finding import Finding, shown, to_cents, total
from shared.einvoice.ubl_document import UblAllowance, UblDocument, UblLine

_EXACT = Context(prec=120)
_SLACK = Decimal("0.02")
PEPPOL = "PEPPOL-EN16931"


def check_lines(document: UblDocument) -> Iterator[Finding]:
    for line in document.lines:
        yield from _complete(line)
        yield from _prices(line, document.is_peppol)
        yield from _net(line, document.is_peppol)
        for each in line.allowances:
            yield from _allowance(each, "BR-43" if each.is_charge else "BR-41", document.is_peppol)
    for each in document.allowances:
        yield from _allowance(each, "BR-36" if each.is_charge else "BR-31", document.is_peppol)
        if each.tax is None or each.tax.category is None:
            rule = "BR-37" if each.is_charge else "BR-32"
            yield Finding(
                rule, f"{each.place}/cac:TaxCategory", "nothing", "a tax category", "needed for the tax's base"
            )


def _complete(line: UblLine) -> Iterator[Finding]:
    for rule, name, there in (
        ("BR-22", "quantity", line.quantity),
        ("BR-24", "cbc:LineExtensionAmount", line.net),
        ("BR-26", "cac:Price/cbc:PriceAmount", line.price),
        ("BR-CO-04", "cac:Item/cac:ClassifiedTaxCategory", line.tax and line.tax.category),
    ):
        if not there:
            yield Finding(rule, f"{line.place}/{name}", "nothing", "a value", "mandatory on a line")


def _prices(line: UblLine, is_peppol: bool) -> Iterator[Finding]:
    words = "a price is never negative: a credit has a negative quantity"
    if line.price and line.price.value < 0:
        yield Finding("BR-27", line.price.place, shown(line.price), "0 or more", words)
    if line.gross_price and line.gross_price.value < 0:
        yield Finding("BR-28", line.gross_price.place, shown(line.gross_price), "0 or more", words)
    if line.base_quantity and line.base_quantity.value <= 0:
        place = line.base_quantity.place
        yield Finding(
            f"{PEPPOL}-R121", place, shown(line.base_quantity), "more than 0", "price per how many", is_peppol
        )
    if line.base_unit_code and line.quantity and line.base_unit_code != line.unit_code and line.base_quantity:
        place = f"{line.base_quantity.place}/@unitCode"
        words = "the unit of the quantity"
        yield Finding(f"{PEPPOL}-R130", place, line.base_unit_code, line.unit_code or "nothing", words, is_peppol)
    if line.price and line.gross_price:
        expected = line.gross_price.value - total([line.price_allowance])
        if line.price.value != expected:
            words = "gross price - its allowance"
            yield Finding(f"{PEPPOL}-R046", line.price.place, shown(line.price), shown(expected), words, is_peppol)


def _net(line: UblLine, is_peppol: bool) -> Iterator[Finding]:
    """Within 0.02, inclusive, of the product unrounded; allowances and charges are summed, then rounded."""
    if not (line.net and line.quantity and line.price):
        return
    base = line.base_quantity.value if line.base_quantity and line.base_quantity.value else Decimal(1)
    worked = _EXACT.divide(_EXACT.multiply(line.price.value, line.quantity.value), base)
    charges = to_cents(total([each.amount for each in line.allowances if each.is_charge]))
    allowances = to_cents(total([each.amount for each in line.allowances if not each.is_charge]))
    rest = charges - allowances
    rule, words = f"{PEPPOL}-R120", "price / base quantity x quantity + charges - allowances, each rounded by itself"
    exact = to_cents(abs(worked)).copy_sign(worked) + rest
    if abs(_EXACT.subtract(line.net.value, _EXACT.add(worked, rest))) > _SLACK:
        yield Finding(rule, line.net.place, shown(line.net), shown(exact), words, is_peppol)
    elif line.net.value != exact:
        yield Finding(rule, line.net.place, shown(line.net), shown(exact), f"{words}; tolerated within 0.02", False)


def _allowance(each: UblAllowance, rule: str, is_peppol: bool) -> Iterator[Finding]:
    word = "charge" if each.is_charge else "allowance"
    if each.amount is None:
        yield Finding(rule, f"{each.place}/cbc:Amount", "nothing", "an amount", f"every {word} has one")
    if each.multiplier and not each.base:
        place = f"{each.place}/cbc:BaseAmount"
        yield Finding(f"{PEPPOL}-R041", place, "nothing", "an amount", "percent of what", is_peppol)
    elif each.base and not each.multiplier:
        place = f"{each.place}/cbc:MultiplierFactorNumeric"
        yield Finding(
            f"{PEPPOL}-R042", place, "nothing", "a percentage", "the base is told, so the percentage is", is_peppol
        )
    elif each.base and each.multiplier:
        expected = _EXACT.multiply(_EXACT.multiply(each.base.value, each.multiplier.value), Decimal("0.01"))
        if abs(total([each.amount]) - expected) > _SLACK:
            words = f"{shown(each.multiplier)} % of {shown(each.base)}, within 0.02"
            place = f"{each.place}/cbc:Amount"
            yield Finding(f"{PEPPOL}-R040", place, shown(each.amount), shown(to_cents(expected)), words, is_peppol)
