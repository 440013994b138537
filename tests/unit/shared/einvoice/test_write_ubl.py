"""A posted invoice of ours as UBL: what stands in it, and that it keeps every rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest

from shared.domain.invoice import InvoiceDocument, InvoiceKind, InvoiceLine
from shared.domain.money import Money
from shared.domain.parties import Address
from shared.domain.tax import TaxCategory, TaxDecision
from shared.einvoice.check_ubl import check_ubl
from shared.einvoice.issued import Issued
from shared.einvoice.read_ubl import read_ubl
from shared.einvoice.ubl_names import CAC, CBC
from shared.einvoice.write_ubl import write_ubl
from shared.faults import BusinessException
from shared.usecases.total_invoice import total_invoice
from tests.build import OCTOBER, a_customer, eur, the_policies

VAT = TaxDecision(TaxCategory.STANDARD, Decimal("19.00"), None, "de-domestic")
REVERSE = TaxDecision(TaxCategory.REVERSE_CHARGE, Decimal(0), "Reverse charge", "de-eu-business")
OUTSIDE = TaxDecision(TaxCategory.OUTSIDE_SCOPE, Decimal(0), "VATEX-EU-O", "de-world")
NAMES = {"cac": CAC, "cbc": CBC}


def hours(minutes: int = 435, tax: TaxDecision = VAT, currency: str = "EUR", **changes: Any) -> InvoiceLine:
    net = Money(Decimal(minutes) * Decimal("142.50") / 60, currency).rounded()
    plain = InvoiceLine(
        "1",
        "w",
        "l",
        "p",
        "2026-10-05, Ada Moore",
        Decimal(minutes),
        "minute",
        Decimal("142.50"),
        Decimal(60),
        net,
        tax,
    )
    return replace(plain, **changes)


def a_document(*lines: InvoiceLine, **changes: Any) -> InvoiceDocument:
    every = lines or (hours(),)
    plain = InvoiceDocument(
        invoice_id="inv-1",
        legal_entity_id="DE01",
        customer_id="cus-1",
        contract_id="con-1",
        contract_reference="C-2026-001",
        project_id="prj-1",
        purchase_order="PO-7",
        currency=every[0].net.currency,
        issued_on=OCTOBER,
        due_on=date(2026, 11, 30),
        period_end=OCTOBER,
        lines=every,
        totals=total_invoice(every),
    )
    return replace(plain, **changes)


def issue(*lines: InvoiceLine, **changes: Any) -> Issued:
    return Issued("INV1001", a_document(*lines, **changes), the_policies().legal_entities[0], a_customer())


def written(issued: Issued) -> ElementTree.Element:
    body = write_ubl(issued)
    assert check_ubl(read_ubl(body)) == []
    return ElementTree.fromstring(body)


def text(root: ElementTree.Element, path: str) -> str | None:
    return root.findtext(path, namespaces=NAMES)


def test_an_invoice_says_who_when_what_and_how_much() -> None:
    root = written(issue())
    said = {
        "cbc:ID": "INV1001",
        "cbc:IssueDate": "2026-10-31",
        "cbc:DueDate": "2026-11-30",
        "cbc:InvoiceTypeCode": "380",
        "cac:OrderReference/cbc:ID": "PO-7",
        "cac:ContractDocumentReference/cbc:ID": "C-2026-001",
        "cac:AccountingSupplierParty/cac:Party/cbc:EndpointID": "DE999999999",
        "cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID": "DE123456788",
        "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cbc:CityName": "Hamburg",
        "cac:InvoiceLine/cbc:InvoicedQuantity": "435",
        "cac:InvoiceLine/cac:Price/cbc:BaseQuantity": "60",
        "cac:InvoiceLine/cbc:LineExtensionAmount": "1033.13",
        "cac:TaxTotal/cbc:TaxAmount": "196.29",
        "cac:LegalMonetaryTotal/cbc:PayableAmount": "1229.42",
    }
    assert {path: text(root, path) for path in said} == said


def test_a_credit_memo_is_a_credit_note_against_its_invoice() -> None:
    issued = issue(kind=InvoiceKind.CREDIT_MEMO, credits="inv-0", reason="Two hours too many")
    root = written(replace(issued, credited_number="INV1000", credited_on=date(2026, 9, 30)))
    assert root.tag.endswith("CreditNote-2}CreditNote") and text(root, "cbc:CreditNoteTypeCode") == "381"
    assert text(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == "INV1000"
    assert (
        text(root, "cac:CreditNoteLine/cbc:CreditedQuantity") == "435"
        and text(root, "cbc:Note") == "Two hours too many"
    )
    assert text(root, "cbc:DueDate") is None and text(root, "cac:PaymentTerms/cbc:Note") == "Due 2026-11-30"


def test_reverse_charge_says_why_and_names_both_vat_numbers() -> None:
    root = written(issue(hours(tax=REVERSE)))
    assert text(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:TaxExemptionReason") == "Reverse charge"
    assert len(root.findall(".//cac:PartyTaxScheme", NAMES)) == 2


def test_outside_the_scope_of_tax_there_is_neither_rate_nor_vat_number() -> None:
    root = written(issue(hours(tax=OUTSIDE)))
    assert root.findall(".//cac:PartyTaxScheme", NAMES) == [] and root.findall(".//cbc:Percent", NAMES) == []
    assert text(root, "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID") == "DE999999999"
    assert text(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:TaxExemptionReasonCode") == "VATEX-EU-O"


def test_the_tax_may_stand_once_more_in_the_currency_of_the_tax_office() -> None:
    root = written(replace(issue(), tax_in=Money(Decimal("2168.31"), "SEK")))
    assert [each.text for each in root.findall("cac:TaxTotal/cbc:TaxAmount", NAMES)] == ["196.29", "2168.31"]


def test_without_a_purchase_order_the_contract_is_the_buyers_reference() -> None:
    assert text(written(issue(purchase_order=None)), "cbc:BuyerReference") == "C-2026-001"


def test_a_currency_without_decimals_is_written_without() -> None:
    assert text(written(issue(hours(currency="JPY"))), "cac:LegalMonetaryTotal/cbc:PayableAmount") == "1229"


def test_a_currency_of_three_decimals_is_refused_not_cut() -> None:
    with pytest.raises(BusinessException, match="currency_past_two_decimals"):
        write_ubl(issue(hours(currency="KWD")))


def test_what_xml_cannot_hold_does_not_break_the_document() -> None:
    root = written(issue(hours(description="A \x00 & B <c> \U0001f600 \ud800")))
    assert text(root, "cac:InvoiceLine/cac:Item/cbc:Name") == "A \ufffd & B <c> \U0001f600 \ufffd"
    assert text(written(issue(hours(description=" "))), "cac:InvoiceLine/cac:Item/cbc:Name") == "Line 1"


def test_a_buyer_without_vat_number_has_no_electronic_address() -> None:
    root = written(replace(issue(), buyer=a_customer("US", "12-3456789")))
    party = "cac:AccountingCustomerParty/cac:Party/"
    assert text(root, party + "cbc:EndpointID") is None
    assert text(root, party + "cac:PartyLegalEntity/cbc:CompanyID") == "12-3456789"


def test_a_negative_line_takes_its_sign_from_the_quantity() -> None:
    root = written(issue(hours(), hours(-60, line_id="2")))
    assert [each.text for each in root.findall("cac:InvoiceLine/cbc:LineExtensionAmount", NAMES)] == [
        "1033.13",
        "-142.50",
    ]
    assert eur("890.63").amount == Decimal(text(root, "cac:LegalMonetaryTotal/cbc:LineExtensionAmount") or "0")


def test_the_sellers_street_and_account_are_told_where_they_are_known() -> None:
    plain = issue()
    seller = replace(
        plain.seller, address=Address("Gertraudenstr. 20", "Berlin", "10178", "", "DE"), iban="DE8937", bic="COBADEFF"
    )
    root = written(replace(plain, seller=seller))
    told = {
        "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cbc:StreetName": "Gertraudenstr. 20",
        "cac:PaymentMeans/cbc:PaymentMeansCode": "30",
        "cac:PaymentMeans/cbc:PaymentID": "INV1001",
        "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID": "DE8937",
        "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID": "COBADEFF",
    }
    assert {path: text(root, path) for path in told} == told
    assert text(written(plain), "cac:PaymentMeans/cbc:PaymentMeansCode") is None
    names = [child.tag.rpartition("}")[2] for child in root]
    assert names.index("PaymentMeans") + 1 == names.index("PaymentTerms")


def test_a_credit_memo_asks_for_no_payment() -> None:
    memo = issue(kind=InvoiceKind.CREDIT_MEMO, credits="inv-0", reason="Two hours too many")
    told = replace(memo, seller=replace(memo.seller, iban="DE8937"), credited_number="INV1000")
    assert text(written(told), "cac:PaymentMeans/cbc:PaymentID") is None
