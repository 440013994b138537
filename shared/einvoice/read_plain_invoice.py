"""JSON -> PlainInvoice, or every fault of it with its place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.domain.currencies import is_current, minor_units
from shared.einvoice.exact_json import JsonNumber, Twice, kind_of, read_json
from shared.einvoice.exact_numbers import decimals, exact_number, quoted
from shared.einvoice.faulty import Faulty
from shared.einvoice.plain_invoice import PlainAmount, PlainInvoice, PlainLine

ZERO_RATED = ("Z", "E", "AE", "K", "G")
CATEGORIES = ("S", *ZERO_RATED, "O", "L", "M")
"""UNCL5305 as EN 16931 uses it. L and M, of the Canaries, Ceuta and Melilla, have any rate from 0 on (BR-AF-05)."""

_INVOICE = ("currency", "lines", "document_allowances", "document_charges", "prepaid", "rounding")
_LINE = ("id", "quantity", "unit_price", "price_base_quantity", "allowances", "charges", "tax_category", "tax_rate")
_AMOUNT = ("amount", "tax_category", "tax_rate")
_NOUGHT, _ONE = Decimal(0), Decimal(1)


def read_plain_invoice(body: bytes) -> PlainInvoice:
    """Numbers are texts in plain decimal notation: a JSON number is refused, because whoever wrote it may have rounded.

    Raises Faulty with every fault of the document.
    """
    told = read_json(body)
    if not isinstance(told, dict):
        raise Faulty([f"input: expected one JSON object, found {kind_of(told)}"])
    reader = _Reader()
    invoice = reader.invoice(told)
    if reader.faults:
        raise Faulty(reader.faults)
    return invoice


class _Reader:
    """Goes on after a fault with a value that makes no further ones."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.units = 4

    def invoice(self, told: dict[str, Any]) -> PlainInvoice:
        self.fields("", told, _INVOICE)
        currency = self.currency(told)
        lines = [self.line(place, each) for place, each in self.rows(told, "lines", needed=True)]
        allowances = [self.amount(*each) for each in self.rows(told, "document_allowances")]
        charges = [self.amount(*each) for each in self.rows(told, "document_charges")]
        prepaid = self.number("", told, "prepaid", absent=_NOUGHT, at_unit="BR-DEC-16")
        rounding = self.number("", told, "rounding", absent=_NOUGHT, at_unit="BR-DEC-17")
        self.ids(lines)
        self.scope(lines, allowances, charges)
        return PlainInvoice(currency, tuple(lines), tuple(allowances), tuple(charges), prepaid, rounding)

    def line(self, place: str, told: dict[str, Any]) -> PlainLine:
        self.fields(place, told, _LINE)
        line_id, quantity = self.text(place, told, "id"), self.number(place, told, "quantity")
        price = self.number(place, told, "unit_price")
        if price < 0:
            self.fault(place, "unit_price", f"{price:f} is negative: credit by a negative quantity (BR-27)")
        base = self.number(place, told, "price_base_quantity", absent=_ONE)
        if base <= 0:
            self.fault(place, "price_base_quantity", f"{base:f} must be more than zero (PEPPOL-EN16931-R121)")
            base = _ONE
        allowances, charges = self.numbers(place, told, "allowances"), self.numbers(place, told, "charges")
        return PlainLine(line_id, quantity, price, base, allowances, charges, *self.tax(place, told))

    def amount(self, place: str, told: dict[str, Any]) -> PlainAmount:
        self.fields(place, told, _AMOUNT)
        rule = "BR-DEC-01" if place.startswith("document_allowances") else "BR-DEC-05"
        return PlainAmount(self.number(place, told, "amount", at_unit=rule), *self.tax(place, told))

    def tax(self, place: str, told: dict[str, Any]) -> tuple[str, Decimal | None]:
        """(category, rate): S more than 0, Z, E, AE, K, G exactly 0, O none or 0."""
        category = self.text(place, told, "tax_category")
        if category and category not in CATEGORIES:
            self.fault(place, "tax_category", f"{quoted(category)} is none of {', '.join(CATEGORIES)}")
        if category == "O" and told.get("tax_rate") is None:
            return category, None
        before = len(self.faults)
        rate = self.number(place, told, "tax_rate")
        if len(self.faults) > before:
            return category, rate
        if rate < 0:
            self.fault(place, "tax_rate", f"{rate:f} is negative")
        elif category == "S" and not rate:
            self.fault(place, "tax_rate", "0, but category S has a rate above 0: Z, E or another is meant (BR-S-05)")
        elif category in (*ZERO_RATED, "O") and rate:
            rule = "BR-IC-05" if category == "K" else f"BR-{category}-05"
            self.fault(place, "tax_rate", f"{rate:f}, but category {category} carries no tax: write 0 ({rule})")
        return category, rate

    def currency(self, told: dict[str, Any]) -> str:
        before = len(self.faults)
        currency = self.text("", told, "currency")
        if len(self.faults) > before:
            return currency
        if is_current(currency):
            self.units = minor_units(currency)
        else:
            self.fault(
                "",
                "currency",
                f"{quoted(currency)} is no currency of ISO 4217 that is billed in: write EUR, USD or another",
            )
        return currency

    def ids(self, lines: list[PlainLine]) -> None:
        first: dict[str, int] = {}
        for index, line in enumerate(lines):
            if line.line_id and first.setdefault(line.line_id, index) != index:
                self.fault(
                    f"lines[{index}]", "id", f"{quoted(line.line_id)} is the id of lines[{first[line.line_id]}], too"
                )

    def scope(self, lines: list[PlainLine], allowances: list[PlainAmount], charges: list[PlainAmount]) -> None:
        """O stands alone on its invoice. The first that stands beside another is told, the rest follows from it."""
        placed: list[tuple[str, str]] = [(f"lines[{n}]", each.tax_category) for n, each in enumerate(lines)]
        placed += [(f"document_allowances[{n}]", each.tax_category) for n, each in enumerate(allowances)]
        placed += [(f"document_charges[{n}]", each.tax_category) for n, each in enumerate(charges)]
        if not placed:
            return
        first_place, first = placed[0]
        for place, category in placed:
            if category and first and category != first and "O" in (category, first):
                words = (
                    f"{category} beside {first} of {first_place}: O stands alone on its invoice (BR-O-11 to BR-O-14)"
                )
                self.fault(place, "tax_category", words)
                return

    def rows(self, told: dict[str, Any], key: str, needed: bool = False) -> list[tuple[str, dict[str, Any]]]:
        """[(place, object)]; what is no object is told and left out."""
        rows = told.get(key)
        if rows is None and not needed:
            return []
        if not isinstance(rows, list):
            self.fault("", key, "missing" if rows is None else f"expected an array of objects, found {kind_of(rows)}")
            return []
        if needed and not rows:
            self.fault("", key, "empty: an invoice has at least one line (BR-16)")
        for index, row in enumerate(rows):
            if not isinstance(row, dict):
                self.fault("", f"{key}[{index}]", f"expected an object, found {kind_of(row)}")
        return [(f"{key}[{index}]", row) for index, row in enumerate(rows) if isinstance(row, dict)]

    def fields(self, place: str, told: dict[str, Any], known: tuple[str, ...]) -> None:
        if not told.keys() <= set(known):
            for key in (key for key in told if key not in known):
                self.fault(place, quoted(key)[1:-1], f"unknown field, known are {', '.join(known)}")
        if isinstance(told, Twice):
            for key in told.keys_twice:
                self.fault(place, quoted(key)[1:-1], "given twice")

    def text(self, place: str, told: dict[str, Any], key: str) -> str:
        value = told.get(key)
        if isinstance(value, str) and not isinstance(value, JsonNumber):
            if not value.strip():
                self.fault(place, key, "empty")
            return value
        if value is None:
            self.fault(place, key, "missing")
        else:
            wanted = f'write it as text, "{value[:40]}"' if isinstance(value, JsonNumber) else "expected a text"
            self.fault(place, key, f"{kind_of(value)}: {wanted}")
        return ""

    def number(
        self, place: str, told: dict[str, Any], key: str, absent: Decimal | None = None, at_unit: str = ""
    ) -> Decimal:
        """absent: what stands for a field that may be left out. at_unit: the rule that forbids further decimals."""
        value = told.get(key)
        if value is None:
            if absent is None:
                self.fault(place, key, "missing")
            return _NOUGHT if absent is None else absent
        number = self.exact(place, key, value, _ONE if absent is None else absent)
        if at_unit and decimals(number) > self.units:
            self.fault(place, key, f"{number:f} has more than the currency's {self.units} decimals ({at_unit})")
        return number

    def numbers(self, place: str, told: dict[str, Any], key: str) -> tuple[Decimal, ...]:
        values = told.get(key)
        if values is None:
            return ()
        if not isinstance(values, list):
            self.fault(place, key, f'expected an array of amounts like ["12.50"], found {kind_of(values)}')
            return ()
        return tuple(self.exact(place, f"{key}[{index}]", value, _NOUGHT) for index, value in enumerate(values))

    def exact(self, place: str, key: str, value: object, instead: Decimal) -> Decimal:
        if isinstance(value, JsonNumber) or not isinstance(value, str):
            wanted = (
                f'write it as text, "{value[:40]}"' if isinstance(value, JsonNumber) else 'expected a text like "12.5"'
            )
            self.fault(place, key, f"{kind_of(value)}: {wanted}")
            return instead
        try:
            return exact_number(value)
        except ValueError as exc:
            self.fault(place, key, str(exc))
            return instead

    def fault(self, place: str, key: str, words: str) -> None:
        self.faults.append(f"{place}.{key}: {words}" if place else f"{key}: {words}")
