"""What a request comes to: net by rate and quantity, tax by where the parties are, prices given and changed."""

from __future__ import annotations

import pytest

from tests.contract.simulators.sap_tenant import (
    ANY,
    BILLS,
    DEBITS,
    PARTNERS,
    Tenant,
    customer_body,
    item,
    request_body,
    said,
)

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate


@pytest.mark.parametrize(
    ("rate", "per", "quantity", "net"),
    [
        ("100", "1", "1.5", "150.00"),
        ("10", "3", "1", "3.33"),
        ("0.005", "1", "1", "0.01"),
        ("-20.004", "1", "1", "-20.00"),
    ],
)
def test_net_is_quantity_times_rate_per_quantity(sap: Tenant, rate: str, per: str, quantity: str, net: str) -> None:
    price = {"ConditionType": "PPR0", "ConditionRateValue": rate, "ConditionQuantity": per}
    row = item(quantity=quantity) | {"to_PricingElement": {"results": [price]}}
    made = sap.request(sap.customer(), row)
    assert made["TotalNetAmount"] == net
    assert made["to_Item"]["results"][0]["to_PricingElement"]["results"][0]["ConditionAmount"] == net


def test_many_may_be_made_under_one_purchase_order(sap: Tenant) -> None:
    customer = sap.customer()
    numbers = {sap.request(customer, PurchaseOrderByCustomer="INV-1")["DebitMemoRequest"] for _ in range(2)}
    found = sap.rows(f"{DEBITS}A_DebitMemoRequest", filter="PurchaseOrderByCustomer eq 'INV-1'")
    assert {row["DebitMemoRequest"] for row in found} == numbers and len(numbers) == 2


def test_a_purchase_order_of_36_characters_is_too_long(sap: Tenant) -> None:
    answer = sap.call(
        "POST", f"{DEBITS}A_DebitMemoRequest", request_body(sap.customer(), PurchaseOrderByCustomer="x" * 36)
    )
    assert answer.status_code == 400


def test_tax_follows_from_where_the_parties_are(sap: Tenant) -> None:
    at_home = sap.customer("DE")
    in_the_union = sap.customer(
        "FR",
        to_BusinessPartnerAddress=[{"Country": "FR"}],
        to_BusinessPartnerTax=[{"BPTaxType": "FR0", "BPTaxNumber": "FR40303265045"}],
    )
    outside = sap.customer("CH", to_BusinessPartnerAddress=[{"Country": "CH"}])
    found = [sap.invoice(f"I-{one}", customer=one)["TaxAmount"] for one in (at_home, in_the_union, outside)]
    assert found == ["19.00", "0.00", "0.00"]


def test_a_classification_given_decides_over_countries(sap: Tenant) -> None:
    free = sap.invoice("I-1", CustomerTaxClassification1="0")
    reduced = sap.invoice("I-2", item(ProductTaxClassification1="2"), customer=free["SoldToParty"])
    assert (free["TaxAmount"], reduced["TaxAmount"]) == ("0.00", "7.00")


def test_a_sales_areas_classification_counts(sap: Tenant) -> None:
    tax = {"DepartureCountry": "DE", "CustomerTaxCategory": "TTX1", "CustomerTaxClassification": "0"}
    body = customer_body("T-1")
    body["to_Customer"]["to_CustomerSalesArea"][0]["to_SalesAreaTax"] = [tax]
    number = sap.make(f"{PARTNERS}A_BusinessPartner", body)["BusinessPartner"]
    assert sap.invoice("I-1", customer=number)["TaxAmount"] == "0.00"


def test_tax_is_on_the_sum_or_per_item_as_the_tenant_rounds(sap: Tenant) -> None:
    customer, lines = sap.customer(), [item("0.13")] * 10
    on_sum = sap.invoice("I-1", *lines, customer=customer)
    sap.choose(tax_rounding="item")
    per_item = sap.invoice("I-2", *lines, customer=customer)
    assert (on_sum["TaxAmount"], per_item["TaxAmount"]) == ("0.25", "0.20")


def test_items_carry_their_tax_as_a_pricing_element(sap: Tenant) -> None:
    number = sap.invoice("I-1", item("200"))["BillingDocument"]
    (row,) = sap.rows(f"{BILLS}A_BillingDocument('{number}')/to_Item", expand="to_PricingElement")
    tax = next(one for one in row["to_PricingElement"]["results"] if one["ConditionType"] == "TTX1")
    assert (tax["ConditionRateValue"], tax["ConditionAmount"], tax["TaxCode"]) == ("19.000000000", "38.00", "A1")


def test_tax_cannot_be_given_as_a_condition(sap: Tenant) -> None:
    row = item() | {"to_PricingElement": [{"ConditionType": "TTX1", "ConditionRateValue": "19"}]}
    assert said(sap.call("POST", f"{DEBITS}A_DebitMemoRequest", request_body(sap.customer(), row)))[1] == "VK/001"


def test_prices_are_given_with_their_item_and_changed_later(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    (price,) = sap.rows(f"{DEBITS}A_DebitMemoReqItemPrcgElmnt")
    body = {"DebitMemoRequest": made, "DebitMemoRequestItem": "10", "ConditionType": "PMP0"}
    assert sap.call("POST", f"{DEBITS}A_DebitMemoReqItemPrcgElmnt", body).status_code == 405
    change = {"ConditionRateValue": "70.50"}
    assert sap.call("PATCH", price["__metadata"]["uri"], change, headers=ANY).status_code == 204
    assert sap.read(f"{DEBITS}A_DebitMemoRequest('{made}')")["TotalNetAmount"] == "70.50"
