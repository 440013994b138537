"""Bodies for S/4HANA: exact nets by SAP's own reckoning, keys within their fields, texts cut by the rule."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.connectors.sap_s4hana.mapping import partner_body, partner_key, project_key, reference
from functions.connectors.sap_s4hana.odata import amount, cut, day, plain, query, read_day
from functions.connectors.sap_s4hana.request_body import request_body
from functions.connectors.sap_s4hana.settings import SapS4HanaSettings
from shared.adapters.exact_json import exact_json
from shared.domain.currencies import minor_units
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import InvoiceKind, InvoiceLine, LineOrigin
from shared.domain.money import Money
from shared.faults import BusinessException
from tests.contract.connectors.documents import STANDARD, document, line
from tests.contract.connectors.test_netsuite_commands import customer

TIME = ExternalRef("kantata", "time_entry", "1")
SETTINGS = SapS4HanaSettings.model_validate(
    {
        "organizations": {"DE": {"sales_organization": "1010", "cost_center": "10101601"}},
        "materials": {"time": "P001", "expense": "E001", "instalment": "F001", "discount": "A001", "default": "P002"},
        "terms": {"30": "NT30"},
        "units": {"minute": "MIN"},
        "tax_types": {"DE": "DE0"},
    }
)


def sent(of: InvoiceLine) -> dict[str, str]:
    """The item and its one price, as one map of texts."""
    (item,) = request_body(document([of]), "17100001", SETTINGS)["to_Item"]
    (price,) = item.pop("to_PricingElement")
    return item | price


def reckoned(item: dict[str, str], currency: str) -> Decimal:
    """As SAP does: quantity times rate per base, half up to the currency's unit."""
    exact = (
        Decimal(item["RequestedQuantity"]) * Decimal(item["ConditionRateValue"]) / Decimal(item["ConditionQuantity"])
    )
    return exact.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)


def test_a_line_goes_as_it_was_priced_where_that_gives_its_net() -> None:
    item = sent(line("33.33", "EUR", STANDARD, TIME))
    assert (item["RequestedQuantity"], item["RequestedQuantityUnit"]) == ("50", "MIN")
    assert (item["ConditionRateValue"], item["ConditionQuantity"], item["ConditionQuantityUnit"]) == (
        "40.00",
        "60",
        "MIN",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"net": Money(Decimal("33.34"), "EUR")},
        {"unit": "each"},
        {"quantity": Decimal(0), "net": Money(Decimal("5.00"), "EUR")},
        {"quantity": Decimal("50.0001")},
        {"unit_price": Decimal("39.9999999999")},
        {"price_base_quantity": Decimal("60.5")},
        {"price_base_quantity": Decimal(100_000)},
    ],
)
def test_a_line_whose_price_does_not_give_its_net_goes_as_one_piece(changes: dict[str, object]) -> None:
    of = replace(line("33.33", "EUR", STANDARD, TIME), **changes)  # type: ignore[arg-type]
    item = sent(of)
    assert (item["RequestedQuantity"], item["RequestedQuantityUnit"], item["ConditionQuantity"]) == ("1", "EA", "1")
    assert Decimal(item["ConditionRateValue"]) == of.net.amount


def test_work_taken_back_has_a_positive_quantity_and_a_negative_rate() -> None:
    item = sent(line("-33.33", "EUR", STANDARD, TIME, quantity=Decimal(-50)))
    assert (item["RequestedQuantity"], item["ConditionRateValue"]) == ("50", "-40.00")
    assert reckoned(item, "EUR") == Decimal("-33.33")


@given(
    st.sampled_from(["EUR", "JPY"]),
    st.integers(-6000, 6000),
    st.decimals("0.01", "90000", places=4),
    st.sampled_from([1, 60, 480]),
    st.integers(-1, 1),
)
def test_sap_reckons_every_line_to_our_net(currency: str, minutes: int, price: Decimal, base: int, off: int) -> None:
    unit = Decimal(1).scaleb(-minor_units(currency))
    net = (price * minutes / base).quantize(unit, rounding=ROUND_HALF_UP) + off * unit
    of = line("0", currency, STANDARD, TIME, quantity=Decimal(minutes), unit_price=price)
    of = replace(of, price_base_quantity=Decimal(base), net=Money(net, currency))
    item = sent(of)
    assert reckoned(item, currency) == net
    assert Decimal(item["RequestedQuantity"]) > 0


def test_a_request_names_everything_by_our_ids_or_by_settings() -> None:
    of = document([line("33.33", "EUR", STANDARD, TIME)])
    body = request_body(of, "17100001", SETTINGS)
    assert (
        body["PurchaseOrderByCustomer"] == of.invoice_id.replace("-", "") and len(body["PurchaseOrderByCustomer"]) == 32
    )
    assert (body["SalesOrganization"], body["CustomerPaymentTerms"]) == ("1010", "NT30")
    assert (body["DebitMemoRequestType"], body["AssignmentReference"]) == ("DR", "PO-77")
    assert body["BillingDocumentDate"] == day(date(2026, 10, 31))
    (item,) = body["to_Item"]
    assert item["WBSElement"] == project_key(of.lines[0].project_id)


def test_a_memo_is_a_credit_memo_request_against_its_billing_document() -> None:
    of = replace(document([line("33.33", "EUR", STANDARD, TIME)]), kind=InvoiceKind.CREDIT_MEMO, credits="x")
    body = request_body(of, "17100001", SETTINGS, "90000001")
    assert (body["CreditMemoRequestType"], body["ReferenceSDDocument"]) == ("CR", "90000001")
    assert "CustomerPaymentTerms" not in body and "DebitMemoRequestType" not in body
    assert reckoned(body["to_Item"][0] | body["to_Item"][0]["to_PricingElement"][0], "EUR") > 0


@pytest.mark.parametrize(
    ("source", "origin", "material"),
    [
        (TIME, "work", "P001"),
        (ExternalRef("kantata", "expense", "1"), "work", "E001"),
        (ExternalRef("kantata", "retainer", "1"), "work", "P002"),
        (None, "work", "F001"),
        (None, "discount", "A001"),
        (None, "minimum", "P002"),
    ],
)
def test_a_line_is_sold_as_the_material_of_what_it_bills(
    source: ExternalRef | None, origin: str, material: str
) -> None:
    assert sent(line("33.33", "EUR", STANDARD, source, origin=LineOrigin(origin)))["Material"] == material


def test_what_settings_do_not_map_is_refused_and_not_guessed() -> None:
    of = document([line("33.33", "EUR", STANDARD, TIME)])
    for wrong, code in (
        (replace(of, due_on=date(2026, 11, 29)), "erp_terms_unmapped"),
        (replace(of, legal_entity_id="XX"), "erp_organization_unmapped"),
    ):
        with pytest.raises(BusinessException) as refused:
            request_body(wrong, "1", SETTINGS)
        assert refused.value.code == code
    with pytest.raises(BusinessException) as refused:
        request_body(of, "1", SETTINGS.model_copy(update={"materials": {"expense": "E001"}}))
    assert refused.value.code == "erp_item_unmapped"


def test_amounts_and_quantities_travel_as_texts() -> None:
    told = json.loads(exact_json(request_body(document([line("33.33", "EUR", STANDARD, TIME)]), "1", SETTINGS)))
    (item,) = told["to_Item"]
    assert all(isinstance(value, str) for name, value in item.items() if name != "to_PricingElement")
    assert all(isinstance(value, str) for value in item["to_PricingElement"][0].values())


def test_keys_fit_their_fields_in_capitals_and_differ() -> None:
    ids = [derived_id("x", str(number)) for number in range(50)]
    for key, length in ((partner_key, 20), (project_key, 24), (reference, 32)):
        keys = {key(each) for each in ids}
        assert len(keys) == 50 and {len(each) for each in keys} == {length}
    assert partner_key(ids[0]).isupper() and project_key(ids[0]).isupper()


def test_a_partner_is_a_customer_of_the_legal_entity_with_address_and_tax_number() -> None:
    body = partner_body(customer().customer, "DE", SETTINGS)
    assert body["to_Customer"]["to_CustomerSalesArea"] == [
        {"SalesOrganization": "1010", "DistributionChannel": "10", "Division": "00", "Currency": "EUR"}
    ]
    assert body["to_Customer"]["to_CustomerCompany"] == [{"CompanyCode": "1010"}]
    assert body["to_BusinessPartnerTax"] == [{"BPTaxType": "DE0", "BPTaxNumber": "DE811907980"}]
    assert "to_BusinessPartnerTax" not in partner_body(customer(tax_number=None).customer, "DE", SETTINGS)


@given(st.text(max_size=80), st.integers(1, 60))
def test_a_cut_text_fits_as_sap_counts_and_is_a_beginning(text: str, length: int) -> None:
    kept = cut(text, length)
    assert len(kept.encode("utf-16-le")) <= 2 * length
    assert text.strip().startswith(kept) and kept == kept.strip()


def test_a_character_of_two_units_is_kept_whole_or_not_at_all() -> None:
    assert (cut("ab🚀", 4), cut("ab🚀", 3)) == ("ab🚀", "ab")


@given(st.dates())
def test_a_day_reads_as_it_was_written(on: date) -> None:
    assert read_day(day(on)) == on


def test_numbers_are_compared_without_leading_zeros_and_amounts_have_their_currency() -> None:
    assert [plain(each) for each in ("0017100001", "17100001", "0", "000", "00A1")] == [
        "17100001", "17100001", "0", "0", "00A1",
    ]  # fmt: skip
    assert (str(amount("1000.000", "JPY")), str(amount("12.500", "EUR"))) == ("1000", "12.50")
    with pytest.raises(ValueError, match="no amount"):
        amount("much", "EUR")


def test_a_query_keeps_its_quotes_and_loses_what_is_empty() -> None:
    assert (
        query(filter="Name eq 'O''Neil & Co'", select="", top=5) == "?$filter=Name%20eq%20'O''Neil%20%26%20Co'&$top=5"
    )
