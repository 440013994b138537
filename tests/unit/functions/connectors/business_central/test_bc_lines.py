"""Bodies for Business Central: only fields of the notes, exact amounts, settings instead of code."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.connectors.business_central.document_lines import kind_of, line_bodies
from functions.connectors.business_central.mapping import customer_body, invoice_body, memo_body, posted, status_of
from functions.connectors.business_central.settings import BusinessCentralSettings
from functions.connectors.business_central.texts import number_of, reference_of
from shared.domain.identity import ExternalRef
from shared.domain.invoice import LineOrigin
from shared.domain.money import Money
from shared.faults import BusinessException, Poison
from tests.contract.connectors.documents import OUTSIDE, STANDARD, document, line
from tests.contract.connectors.test_netsuite_commands import customer

TIME = ExternalRef("kantata", "time_entry", "1")
COMPANY = "cb92f7d5-d344-5b4b-82b4-ca66bd40add6"
AREA = "CB92F7D5-D344-5B4B-82B4-CA66BD40ADD6"
VALUES: dict[str, Any] = {
    "companies": {"DE": COMPANY},
    "posts_to": {"time": "40100", "expense": "40300", "milestone": "40250", "instalment": "40200", "default": "49999"},
    "tax_codes": {"DE:S/19": "VAT19", "AE/0": "REVERSE"},
    "tax_by_line": False,
}
SETTINGS = BusinessCentralSettings(**VALUES)


def test_an_invoice_names_everything_by_our_ids_or_by_settings() -> None:
    ours = document([line("33.33", "EUR", STANDARD, TIME)])
    body = invoice_body(ours, SETTINGS)
    assert body["externalDocumentNumber"] == reference_of(ours.invoice_id)
    assert body["customerNumber"] == number_of(ours.customer_id)
    assert body["shortcutDimension2Code"] == number_of(ours.project_id)
    assert body["invoiceDate"] == body["postingDate"] == "2026-10-31"
    assert (body["dueDate"], body["customerPurchaseOrderReference"]) == ("2026-11-30", "PO-77")


def test_a_memo_names_the_invoice_it_is_set_against() -> None:
    body = memo_body(document([line("33.33", "EUR", STANDARD, TIME)]), "inv-guid", SETTINGS)
    assert body["invoiceId"] == "inv-guid" and body["creditMemoDate"] == "2026-10-31"
    assert "dueDate" not in body and "customerPurchaseOrderReference" not in body


@pytest.mark.parametrize(
    ("source", "origin", "kind"),
    [
        (TIME, LineOrigin.WORK, "time"),
        (ExternalRef("k", "expense", "1"), LineOrigin.WORK, "expense"),
        (ExternalRef("k", "milestone", "1"), LineOrigin.WORK, "milestone"),
        (ExternalRef("k", "other", "1"), LineOrigin.WORK, "default"),
        (None, LineOrigin.WORK, "instalment"),
        (None, LineOrigin.DISCOUNT, "discount"),
    ],
)
def test_what_a_line_bills_names_its_account(source: ExternalRef | None, origin: LineOrigin, kind: str) -> None:
    assert kind_of(line("33.33", "EUR", STANDARD, source, origin=origin)) == kind


def test_quantity_and_price_go_where_their_product_is_our_net() -> None:
    (body,) = line_bodies(document([line("33.33", "EUR", STANDARD, TIME)]), SETTINGS)
    assert (body["quantity"], body["unitPrice"]) == (Decimal("0.83333"), Decimal("40.00000"))
    assert (body["lineType"], body["lineObjectNumber"], body["taxCode"]) == ("Account", "40100", "VAT19")


@given(
    st.integers(0, 6000), st.decimals("0", "900", places=2), st.sampled_from(["EUR", "JPY"]), st.sampled_from([1, -1])
)
def test_every_line_multiplies_to_its_net_and_has_a_quantity(
    minutes: int, price: Decimal, currency: str, sign: int
) -> None:
    net = Money(price * minutes * sign / 60, currency).rounded()
    work = line(str(net.amount), currency, STANDARD, TIME, quantity=Decimal(minutes), unit_price=price * sign)
    (body,) = line_bodies(document([work]), SETTINGS)
    unit = Decimal("0.01") if currency == "EUR" else Decimal(1)
    assert body["quantity"] != 0
    assert (body["quantity"] * body["unitPrice"]).quantize(unit, ROUND_HALF_UP) == net.amount


def test_a_tax_that_nobody_mapped_stops_the_invoice_unless_it_is_outside_the_scope() -> None:
    unmapped = BusinessCentralSettings(**VALUES | {"tax_codes": {}})
    with pytest.raises(BusinessException, match="erp_tax_code_unmapped"):
        line_bodies(document([line("33.33", "EUR", STANDARD, TIME)]), unmapped)
    (body,) = line_bodies(document([line("33.33", "EUR", OUTSIDE, TIME)]), unmapped)
    assert "taxCode" not in body


def test_an_account_that_nobody_mapped_stops_the_invoice() -> None:
    with pytest.raises(BusinessException, match="erp_item_unmapped"):
        BusinessCentralSettings(**VALUES | {"posts_to": {}}).object_number("time")
    with pytest.raises(BusinessException, match="erp_company_unmapped"):
        SETTINGS.company("FR")


def test_a_customers_tax_area_goes_by_country_or_is_the_tenants_own() -> None:
    party = customer().customer
    assert "taxAreaId" not in customer_body(party, "DE", SETTINGS)
    mapped = BusinessCentralSettings(**VALUES | {"tax_areas": {"DE:*": AREA}})
    assert customer_body(party, "DE", mapped)["taxAreaId"] == AREA.lower()


ROW = {
    "id": "guid",
    "number": "PS-INV103001",
    "status": "Open",
    "invoiceDate": "2026-10-31",
    "dueDate": "0001-01-01",
    "currencyCode": "EUR",
    "totalAmountExcludingTax": Decimal("33.33"),
    "totalTaxAmount": Decimal("6.33"),
    "totalAmountIncludingTax": Decimal("39.66"),
}


def test_a_posted_row_is_told_with_the_erps_own_totals() -> None:
    told = posted(ROW, "invoice", "invoiceDate")
    assert (told.number, told.net, told.tax, told.gross, told.due_on) == (
        "PS-INV103001", Decimal("33.33"), Decimal("6.33"), Decimal("39.66"), None,
    )  # fmt: skip
    assert status_of({"status": "In_x0020_Review"}) == "In Review"


@pytest.mark.parametrize("name", ["id", "number", "invoiceDate", "totalTaxAmount", "currencyCode"])
def test_a_posted_row_that_lacks_something_is_poison(name: str) -> None:
    with pytest.raises(Poison, match="erp_invoice_unreadable"):
        posted({key: value for key, value in ROW.items() if key != name}, "invoice", "invoiceDate")
