"""One invoice, written by hand, that keeps every rule; each change breaks the rules that it should and no other."""

from __future__ import annotations

import pytest

from shared.einvoice.check_ubl import check_ubl
from shared.einvoice.faulty import Faulty
from shared.einvoice.read_ubl import read_ubl

R120 = "PEPPOL-EN16931-R120"
VAT = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
FULL = f"<cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>{VAT}"
LOW = f"<cbc:ID>S</cbc:ID><cbc:Percent>7.00</cbc:Percent>{VAT}"
EXEMPT = f"<cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>{VAT}"


def a_line(number: int, quantity: str, price: str, net: str, tax: str, more: str = "") -> str:
    return f"""<cac:InvoiceLine><cbc:ID>{number}</cbc:ID>
    <cbc:InvoicedQuantity unitCode="HUR">{quantity}</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>{more}
    <cac:Item><cbc:Name>Work</cbc:Name><cac:ClassifiedTaxCategory>{tax}</cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>"""


def an_allowance(is_charge: str, amount: str, tax: str = "") -> str:
    category = f"<cac:TaxCategory>{tax}</cac:TaxCategory>" if tax else ""
    return f"""<cac:AllowanceCharge><cbc:ChargeIndicator>{is_charge}</cbc:ChargeIndicator>
    <cbc:AllowanceChargeReason>Agreed</cbc:AllowanceChargeReason>
    <cbc:Amount currencyID="EUR">{amount}</cbc:Amount>{category}</cac:AllowanceCharge>"""


def a_subtotal(base: str, amount: str, tax: str) -> str:
    return f"""<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{base}</cbc:TaxableAmount>
    <cbc:TaxAmount currencyID="EUR">{amount}</cbc:TaxAmount><cac:TaxCategory>{tax}</cac:TaxCategory></cac:TaxSubtotal>"""


REASON = EXEMPT.replace(VAT, f"<cbc:TaxExemptionReason>Art. 132</cbc:TaxExemptionReason>{VAT}")
TOTALS = {
    "LineExtensionAmount": "1181.13",
    "TaxExclusiveAmount": "1186.13",
    "TaxInclusiveAmount": "1383.37",
    "AllowanceTotalAmount": "20.00",
    "ChargeTotalAmount": "25.00",
    "PrepaidAmount": "200.00",
    "PayableRoundingAmount": "0.03",
    "PayableAmount": "1183.40",
}
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
GOOD = (
    f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>{PEPPOL}</cbc:CustomizationID><cbc:ID>1</cbc:ID><cbc:DueDate>2026-11-30</cbc:DueDate>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"""
    + an_allowance("false", "20.00", FULL)
    + an_allowance("true", "25.00", FULL)
    + '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">197.24</cbc:TaxAmount>'
    + a_subtotal("1028.13", "195.34", FULL)
    + a_subtotal("27.10", "1.90", LOW)
    + a_subtotal("130.90", "0.00", REASON)
    + "</cac:TaxTotal><cac:LegalMonetaryTotal>"
    + "".join(f'<cbc:{name} currencyID="EUR">{amount}</cbc:{name}>' for name, amount in TOTALS.items())
    + "</cac:LegalMonetaryTotal>"
    + a_line(1, "7.25", "142.50", "1033.13", FULL)
    + a_line(2, "-1", "10.00", "-10.00", FULL)
    + a_line(3, "2", "13.55", "27.10", LOW)
    + a_line(4, "1", "130.90", "130.90", EXEMPT, an_allowance("true", "0.50") + an_allowance("false", "0.50"))
    + "</Invoice>"
)


def rules_of(xml: str, broken: bool = True) -> list[str]:
    return sorted(finding.rule for finding in check_ubl(read_ubl(xml.encode())) if finding.broken is broken)


def amount(name: str, value: str) -> str:
    return f'<cbc:{name} currencyID="EUR">{value}</cbc:{name}>'


def test_an_invoice_that_is_right_is_clean_without_a_note() -> None:
    assert check_ubl(read_ubl(GOOD.encode())) == []


def test_a_credit_note_is_read_as_well() -> None:
    credit = GOOD.replace("InvoiceLine", "CreditNoteLine").replace("InvoicedQuantity", "CreditedQuantity")
    credit = (
        credit.replace("<Invoice ", "<CreditNote ")
        .replace("</Invoice>", "</CreditNote>")
        .replace("Invoice-2", "CreditNote-2")
    )
    assert read_ubl(credit.encode()).kind == "CreditNote" and check_ubl(read_ubl(credit.encode())) == []


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        (TOTALS["LineExtensionAmount"], "1181.12", ["BR-CO-10", "BR-CO-13"]),
        (amount("AllowanceTotalAmount", "20.00"), amount("AllowanceTotalAmount", "20.01"), ["BR-CO-11", "BR-CO-13"]),
        (amount("AllowanceTotalAmount", "20.00"), "", ["BR-CO-11", "BR-CO-13"]),
        (amount("ChargeTotalAmount", "25.00"), amount("ChargeTotalAmount", "24.00"), ["BR-CO-12", "BR-CO-13"]),
        (amount("TaxExclusiveAmount", "1186.13"), amount("TaxExclusiveAmount", "1186.14"), ["BR-CO-13", "BR-CO-15"]),
        (">197.24<", ">197.25<", ["BR-CO-14", "BR-CO-15"]),
        (amount("TaxInclusiveAmount", "1383.37"), amount("TaxInclusiveAmount", "1383.38"), ["BR-CO-15", "BR-CO-16"]),
        (amount("TaxInclusiveAmount", "1383.37"), "", ["BR-14"]),
        (amount("PayableAmount", "1183.40"), amount("PayableAmount", "1183.37"), ["BR-CO-16"]),
        (amount("PrepaidAmount", "200.00"), "", ["BR-CO-16"]),
        ("<cbc:DueDate>2026-11-30</cbc:DueDate>", "", ["BR-CO-25"]),
        (">195.34<", ">196.34<", ["BR-CO-14", "BR-CO-17", "BR-S-09"]),
        (">195.34<", ">194.34<", ["BR-CO-14", "BR-CO-17", "BR-S-09"]),
        (">1028.13<", ">1029.13<", ["BR-S-08"]),
        (">130.90</cbc:TaxableAmount>", ">130.91</cbc:TaxableAmount>", ["BR-E-08"]),
        (a_subtotal("130.90", "0.00", REASON), a_subtotal("130.90", "0.01", REASON), ["BR-CO-14", "BR-E-09"]),
        (REASON, EXEMPT, ["BR-E-10"]),
        (a_subtotal("27.10", "1.90", LOW), a_subtotal("27.10", "1.90", LOW.replace(VAT, f"<cbc:TaxExemptionReason>x</cbc:TaxExemptionReason>{VAT}")), ["BR-S-10"]),
        (a_subtotal("130.90", "0.00", REASON), "", ["BR-E-01"]),
        (a_subtotal("27.10", "1.90", LOW), a_subtotal("27.10", "1.90", FULL.replace(">19<", ">7.5<")), ["BR-S-08"]),
        ("<cbc:InvoicedQuantity unitCode=\"HUR\">7.25<", "<cbc:InvoicedQuantity unitCode=\"HUR\">7.26<", [R120]),
        ('<cbc:PriceAmount currencyID="EUR">10.00<', '<cbc:PriceAmount currencyID="EUR">-10.00<', ["BR-27", R120]),
        (">1033.13</cbc:Line", ">1033.1300001</cbc:Line", ["BR-DEC-23"]),
        (amount("PayableRoundingAmount", "0.03"), amount("PayableRoundingAmount", "0.030"), []),
        ('currencyID="EUR">200.00', 'currencyID="USD">200.00', ["PEPPOL-EN16931-R051"]),
        ('<cbc:TaxAmount currencyID="EUR">197.24', '<cbc:TaxAmount currencyID="USD">197.24', ["BR-CO-15", "PEPPOL-EN16931-R051"]),
    ],
)  # fmt: skip
def test_each_change_breaks_its_rules_and_no_other(old: str, new: str, rules: list[str]) -> None:
    assert GOOD.count(old) >= 1
    assert rules_of(GOOD.replace(old, new, 1)) == rules


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (">1028.13<", ">1029.12<", "BR-S-08"),
        (">195.34<", ">195.35<", "BR-CO-17"),
        ("130.90</cbc:PriceAmount>", "130.88</cbc:PriceAmount>", R120),
    ],
)
def test_what_the_published_validator_tolerates_is_a_note(old: str, new: str, rule: str) -> None:
    changed = GOOD.replace(old, new, 1).replace(">197.24<", ">197.25<" if rule == "BR-CO-17" else ">197.24<")
    changed = changed.replace("1383.37", "1383.38").replace("1183.40", "1183.41") if rule == "BR-CO-17" else changed
    assert rules_of(changed) == [] and rule in rules_of(changed, broken=False)


def test_a_rule_of_peppol_is_a_note_where_the_document_is_not_of_peppol() -> None:
    other = GOOD.replace(PEPPOL, "urn:cen.eu:en16931:2017").replace('unitCode="HUR">7.25<', 'unitCode="HUR">7.26<')
    assert rules_of(other) == [] and rules_of(other, broken=False) == [R120]


def test_what_is_outside_the_scope_of_tax_has_no_rate_and_stands_alone() -> None:
    outside = GOOD.replace("<cbc:ID>E</cbc:ID>", "<cbc:ID>O</cbc:ID>")
    assert rules_of(outside) == ["BR-O-05", "BR-O-11", "BR-O-12", "BR-O-13", "BR-O-14"]


@pytest.mark.parametrize(("category", "prefix"), [("Z", "BR-Z"), ("AE", "BR-AE"), ("K", "BR-IC"), ("G", "BR-G")])
def test_each_category_without_tax_has_its_own_rules(category: str, prefix: str) -> None:
    told = GOOD.replace("<cbc:ID>E</cbc:ID>", f"<cbc:ID>{category}</cbc:ID>")
    told = told.replace(">130.90</cbc:TaxableAmount>", ">131.90</cbc:TaxableAmount>")
    assert rules_of(told) == sorted([f"{prefix}-08", *(["BR-Z-10"] if category == "Z" else [])])
    taxed = told.replace("<cbc:Percent>0</cbc:Percent>", "<cbc:Percent>19</cbc:Percent>")
    assert f"{prefix}-05" in rules_of(taxed)


def test_the_tax_in_another_currency_is_a_total_of_its_own() -> None:
    code, other = (
        "<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>",
        '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">{}</cbc:TaxAmount></cac:TaxTotal>',
    )
    both = GOOD.replace("</cbc:DocumentCurrencyCode>", f"</cbc:DocumentCurrencyCode>{code}")
    assert rules_of(both) == ["BR-53", "PEPPOL-EN16931-R054"]
    assert rules_of(both.replace("<cac:LegalM", other.format("2100.00") + "<cac:LegalM")) == []
    assert rules_of(both.replace("<cac:LegalM", other.format("-2100.00") + "<cac:LegalM")) == ["PEPPOL-EN16931-R055"]
    assert rules_of(both.replace("<cac:LegalM", other.format("2100.001") + "<cac:LegalM")) == ["BR-DEC-15"]


def test_a_finding_says_rule_place_found_and_expected() -> None:
    (finding,) = check_ubl(read_ubl(GOOD.replace(">1183.40<", ">1183.37<").encode()))
    words = "BR-CO-16 cac:LegalMonetaryTotal/cbc:PayableAmount: found 1183.37, expected 1183.40 (gross - prepaid + rounding)"
    assert str(finding) == words


BOMB = '<!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "input: not XML: no element found: line 1, column 0"),
        (b"<a/>", "input: the root is a, expected a UBL 2.1 Invoice or CreditNote"),
        (b"\xff\xfe<", "input: not XML: "),
        (GOOD.replace("<Invoice ", BOMB + "<Invoice ", 1).encode(), "input: refused, it declares entities or a document type"),
        (GOOD.replace(">1183.40<", ">1.183,40<").encode(), 'cac:LegalMonetaryTotal/cbc:PayableAmount: "1.183,40" is not a decimal number: write 1183.40'),
        (GOOD.replace("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "").encode(), "cbc:DocumentCurrencyCode: missing"),
        (GOOD.replace(">false<", ">maybe<", 1).encode(), "cac:AllowanceCharge[1]/cbc:ChargeIndicator: maybe, expected true or false"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(body: bytes, fault: str) -> None:
    with pytest.raises(Faulty) as refused:
        read_ubl(body)
    assert len(refused.value.faults) == 1 and refused.value.faults[0].startswith(fault)
