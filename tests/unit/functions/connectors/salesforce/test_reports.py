"""What sales sees of a project and an invoice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from events.commands import ReportInvoice, ReportProject
from events.values import Ref
from functions.connectors.salesforce.commands import reference, status
from functions.connectors.salesforce.query import deals_by_id
from functions.connectors.salesforce.settings import ReportFields
from tests.salesforce_deals import DEAL, SETTINGS, SalesforceFakes

OPPORTUNITY = Ref(system="salesforce", kind="opportunity", id=DEAL)


def invoice(**changes: Any) -> ReportInvoice:
    values: dict[str, Any] = {
        "invoice_id": "i-1",
        "document_key": "doc",
        "opportunity_ref": OPPORTUNITY,
        "customer_ref": Ref(system="salesforce", kind="account", id="001XX0000000001YAA"),
        "number": "INV1001",
        "status": "part_paid",
        "currency": "USD",
        "net": Decimal("100.00"),
        "tax": Decimal("0.00"),
        "gross": Decimal("100.00"),
        "paid": Decimal("40.00"),
        "issued_on": date(2026, 3, 31),
        "due_on": date(2026, 4, 30),
    }
    return ReportInvoice(**(values | changes))


def test_an_invoice_is_shown_beside_its_deal_by_our_key() -> None:
    ports = SalesforceFakes()
    result = status.step(invoice(), ports)
    ((kind, key, fields),) = ports.client.said
    assert (kind, key, result.ref.id) == ("Fabric_Invoice__c", "Fabric_Key__c=i-1", "a01XX0000000001YAA")
    assert (fields["Name"], fields["Status__c"], fields["Amount_Paid__c"]) == ("INV1001", "Part paid", Decimal("40.00"))
    assert (fields["Opportunity__c"], fields["Due_Date__c"]) == (DEAL, "2026-04-30")
    assert not {"Id", "Fabric_Key__c"} & set(fields)


def test_a_credited_invoice_says_so_and_its_credit_is_no_payment() -> None:
    ports = SalesforceFakes()
    status.step(invoice(status="part_credited", paid=Decimal(0), credited=Decimal("30.00")), ports)
    ((_, _, fields),) = ports.client.said
    assert (fields["Status__c"], fields["Amount_Paid__c"]) == ("Part credited", Decimal(0))


def test_an_invoice_without_a_number_is_named_by_our_id_and_blanks_nothing() -> None:
    ports = SalesforceFakes()
    status.step(invoice(number=None, due_on=None, status="rejected"), ports)
    ((_, _, fields),) = ports.client.said
    assert fields["Name"] == "i-1" and not {"Number__c", "Due_Date__c"} & set(fields)


def test_a_deal_shows_its_project() -> None:
    ports = SalesforceFakes()
    command = ReportProject(opportunity_ref=OPPORTUNITY, project_id="p-1", status="active", url="https://psa/77")
    assert reference.step(command, ports).ref == OPPORTUNITY
    assert ports.client.said == [
        (
            "Opportunity",
            DEAL,
            {
                "Fabric_Project_Id__c": "p-1",
                "Fabric_Project_Status__c": "Active",
                "Fabric_Project_URL__c": "https://psa/77",
            },
        )
    ]


def test_a_field_the_org_does_not_have_is_not_written() -> None:
    own = SETTINGS.model_copy(update={"report": ReportFields(project_url="", project_status="")})
    ports = SalesforceFakes(settings=own)
    reference.step(ReportProject(opportunity_ref=OPPORTUNITY, project_id="p-1", status="active"), ports)
    assert ports.client.said[0][2] == {"Fabric_Project_Id__c": "p-1"}


def test_the_query_asks_for_currencies_only_where_there_are_several() -> None:
    assert "Account.CurrencyIsoCode" in deals_by_id([DEAL], SETTINGS)
    assert "CurrencyIsoCode" not in deals_by_id([DEAL], SETTINGS.model_copy(update={"multi_currency": False}))
