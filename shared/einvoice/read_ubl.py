"""UBL 2.1 XML -> UblDocument. The reader refuses entities and document type definitions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from shared.einvoice.exact_json import LARGEST
from shared.einvoice.exact_numbers import exact_number
from shared.einvoice.faulty import Faulty
from shared.einvoice.ubl_document import (
    Figure,
    UblAllowance,
    UblDocument,
    UblLine,
    UblSubtotal,
    UblTax,
    UblTaxTotal,
)
from shared.einvoice.ubl_names import CREDIT_NOTE, INVOICE, tag

TOTALS = (
    "LineExtensionAmount",
    "TaxExclusiveAmount",
    "TaxInclusiveAmount",
    "AllowanceTotalAmount",
    "ChargeTotalAmount",
    "PrepaidAmount",
    "PayableRoundingAmount",
    "PayableAmount",
)
_KINDS = {f"{{{INVOICE}}}Invoice": "Invoice", f"{{{CREDIT_NOTE}}}CreditNote": "CreditNote"}


def read_ubl(body: bytes) -> UblDocument:
    """Raises Faulty for what is no XML, no UBL invoice or credit note, or has amounts that are no numbers."""
    root = _root(body)
    reader = _Reader()
    document = reader.document(root, _KINDS[root.tag])
    if reader.faults:
        raise Faulty(reader.faults)
    return document


def _root(body: bytes) -> Element:
    if len(body) > LARGEST:
        raise Faulty([f"input: larger than {LARGEST // 1024 // 1024} MB"])
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as exc:
        raise Faulty([f"input: refused, it declares entities or a document type ({type(exc).__name__})"]) from None
    except (ParseError, ValueError, LookupError) as exc:
        raise Faulty([f"input: not XML: {exc}"]) from None
    if root.tag not in _KINDS:
        raise Faulty([f"input: the root is {root.tag[:120]}, expected a UBL 2.1 Invoice or CreditNote"])
    return root


class _Reader:
    """Notes what it cannot read and goes on."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def document(self, root: Element, kind: str) -> UblDocument:
        lines = [self.line(place, each, kind) for place, each in self.every(root, f"cac:{kind}Line", "")]
        totals = [each for _, each in self.every(root, "cac:LegalMonetaryTotal", "")]
        if len(totals) > 1:
            self.faults.append(f"cac:LegalMonetaryTotal: stands {len(totals)} times, expected once")
        currency = _text(root, "cbc:DocumentCurrencyCode")
        if not currency:
            self.faults.append("cbc:DocumentCurrencyCode: missing")
        return UblDocument(
            kind=kind,
            customization=_text(root, "cbc:CustomizationID") or "",
            currency=currency or "",
            tax_currency=_text(root, "cbc:TaxCurrencyCode"),
            has_due_date_or_terms=_has_terms(root),
            lines=tuple(lines),
            allowances=self.allowances(root, ""),
            tax_totals=tuple(self.tax_total(place, each) for place, each in self.every(root, "cac:TaxTotal", "")),
            totals=self.totals(totals[0]) if totals else {},
        )

    def totals(self, total: Element) -> dict[str, Figure]:
        found = {name: self.figure(total, f"cbc:{name}", "cac:LegalMonetaryTotal") for name in TOTALS}
        return {name: figure for name, figure in found.items() if figure}

    def line(self, place: str, line: Element, kind: str) -> UblLine:
        quantity = "cbc:InvoicedQuantity" if kind == "Invoice" else "cbc:CreditedQuantity"
        price = f"{place}/cac:Price"
        return UblLine(
            place=place,
            quantity=self.figure(line, quantity, place),
            unit_code=_attribute(line.find(tag(quantity)), "unitCode"),
            net=self.figure(line, "cbc:LineExtensionAmount", place),
            price=self.figure(line, "cac:Price/cbc:PriceAmount", place),
            base_quantity=self.figure(line, "cac:Price/cbc:BaseQuantity", place),
            base_unit_code=_attribute(line.find(_path("cac:Price/cbc:BaseQuantity")), "unitCode"),
            price_allowance=self.figure(line, "cac:Price/cac:AllowanceCharge/cbc:Amount", place),
            gross_price=self.figure(line, "cac:Price/cac:AllowanceCharge/cbc:BaseAmount", place),
            allowances=self.allowances(line, place),
            tax=self.tax(line.find(_path("cac:Item")), "cac:ClassifiedTaxCategory", f"{price[:-5]}Item"),
        )

    def allowances(self, parent: Element, place: str) -> tuple[UblAllowance, ...]:
        return tuple(self.allowance(*each) for each in self.every(parent, "cac:AllowanceCharge", place))

    def allowance(self, place: str, told: Element) -> UblAllowance:
        indicator = _text(told, "cbc:ChargeIndicator")
        if indicator not in ("true", "false", "1", "0"):
            self.faults.append(f"{place}/cbc:ChargeIndicator: {indicator or 'missing'}, expected true or false")
        return UblAllowance(
            place=place,
            is_charge=indicator in ("true", "1"),
            amount=self.figure(told, "cbc:Amount", place),
            base=self.figure(told, "cbc:BaseAmount", place),
            multiplier=self.figure(told, "cbc:MultiplierFactorNumeric", place),
            tax=self.tax(told, "cac:TaxCategory", place),
        )

    def tax_total(self, place: str, told: Element) -> UblTaxTotal:
        subtotals = [
            UblSubtotal(
                place=where,
                taxable=self.figure(each, "cbc:TaxableAmount", where),
                amount=self.figure(each, "cbc:TaxAmount", where),
                tax=self.tax(each, "cac:TaxCategory", where),
            )
            for where, each in self.every(told, "cac:TaxSubtotal", place)
        ]
        return UblTaxTotal(place, self.figure(told, "cbc:TaxAmount", place), tuple(subtotals))

    def tax(self, parent: Element | None, name: str, place: str) -> UblTax | None:
        """The VAT category; other taxes' categories may stand beside it."""
        categories = parent.findall(tag(name)) if parent is not None else []
        for each in categories:
            scheme = _text(each, "cac:TaxScheme/cbc:ID")
            if scheme is None or scheme.upper() == "VAT":
                where = f"{place}/{name}"
                reasons = ("cbc:TaxExemptionReason", "cbc:TaxExemptionReasonCode")
                told = any(each.find(tag(reason)) is not None for reason in reasons)
                return UblTax(where, _text(each, "cbc:ID"), self.figure(each, "cbc:Percent", where), told)
        return None

    def figure(self, parent: Element, path: str, place: str) -> Figure | None:
        found = parent.find(_path(path))
        if found is None:
            return None
        where = f"{place}/{path}" if place else path
        return Figure(self.number(found.text, where), where, _attribute(found, "currencyID"))

    def number(self, text: str | None, place: str) -> Decimal:
        try:
            return exact_number(" ".join((text or "").split()))
        except ValueError as exc:
            self.faults.append(f"{place}: {exc}")
            return Decimal(0)

    def every(self, parent: Element, name: str, place: str) -> Iterator[tuple[str, Element]]:
        for number, each in enumerate(parent.findall(tag(name)), start=1):
            where = name if name == "cac:LegalMonetaryTotal" else f"{name}[{number}]"
            yield (f"{place}/{where}" if place else where), each


def _has_terms(root: Element) -> bool:
    """A due date anywhere, or the words of the payment terms (BT-9, BT-20)."""
    return next(root.iter(tag("cbc:DueDate")), None) is not None or bool(
        root.findall(_path("cac:PaymentTerms/cbc:Note"))
    )


@cache
def _path(short: str) -> str:
    return "/".join(tag(step) for step in short.split("/"))


def _text(parent: Element, short: str) -> str | None:
    found = parent.find(_path(short))
    return " ".join(found.text.split()) if found is not None and found.text else None


def _attribute(found: Element | None, name: str) -> str | None:
    return found.get(name) if found is not None else None
