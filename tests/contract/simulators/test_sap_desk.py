"""What the firm's finance people see and do at their desk, and what the administrator sets up."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from sandbox.firm.desks import ErpDesk, erp_desk
from sandbox.sap_s4hana.administer import set_up
from tests.contract.simulators.sap_tenant import (
    CREDITS,
    DEBITS,
    PROJECTS,
    Tenant,
    item,
    on,
    request_body,
    said,
)
from tests.contract.simulators.test_sap_events import Endpoint
from tests.simulator import Simulator

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate
OURS = uuid.UUID("5f2c3f0e-9f4b-5e0a-8a53-3d1f8f5f0a11")


@pytest.fixture
def desk(sap_program: Simulator, sap: Tenant) -> ErpDesk:
    return erp_desk("sap_s4hana", sap_program.told)


def billed(sap: Tenant, customer: str) -> str:
    line = item("250.50", DebitMemoRequestItemText="Consulting", WBSElement="P-1.1")
    head = {"PurchaseOrderByCustomer": OURS.hex, "BillingDocumentDate": on("2026-10-31")}
    return str(sap.invoice("", line, customer=customer, **head)["BillingDocument"])


def test_an_invoice_is_read_with_its_project_and_what_is_open(sap: Tenant, desk: ErpDesk) -> None:
    project = sap.project("P-1", to_EnterpriseProjectElement={"results": [{"ProjectElement": "P-1.1"}]})
    number = billed(sap, sap.customer())
    desk.take_payment(number, Decimal("98.10"))
    (invoice,) = desk.invoices()
    assert (invoice.number, invoice.reference, invoice.project_id) == (number, str(OURS), project["ProjectUUID"])
    assert (invoice.net, invoice.gross, invoice.unpaid) == (Decimal("250.50"), Decimal("298.10"), Decimal("200.00"))
    assert invoice.lines == (("Consulting", Decimal("250.50")),)
    assert (desk.project_count(), desk.invoice_count()) == (1, 1)
    assert desk.projects()[0].names == ("Project P-1", "P-1")
    desk.take_payment(number)
    assert desk.invoices()[0].unpaid == 0


def test_a_credit_memo_says_what_it_took_of_which_invoice(sap: Tenant, desk: ErpDesk) -> None:
    sap.project("P-1", to_EnterpriseProjectElement={"results": [{"ProjectElement": "P-1.1"}]})
    customer = sap.customer()
    number = billed(sap, customer)
    line = item("50.50", WBSElement="P-1.1")
    body = request_body(customer, line, kind="CreditMemoRequest", ReferenceSDDocument=number)
    made = sap.make(f"{CREDITS}A_CreditMemoRequest", body)["CreditMemoRequest"]
    sap.billed(made, category="K")
    (memo,) = desk.credit_memos()
    (invoice,) = desk.invoices()
    assert (memo.net, memo.gross, memo.taken) == (Decimal("50.50"), Decimal("60.10"), {number: Decimal("60.10")})
    assert memo.project_id == invoice.project_id and invoice.unpaid == Decimal("238.00")


def test_a_cancellation_is_a_memo_over_the_whole(sap: Tenant, desk: ErpDesk) -> None:
    sap.project("P-1", to_EnterpriseProjectElement={"results": [{"ProjectElement": "P-1.1"}]})
    number = billed(sap, sap.customer())
    sap.call("POST", f"/sap/opu/odata/sap/API_BILLING_DOCUMENT_SRV/Cancel?BillingDocument='{number}'")
    (memo,), (invoice,) = desk.credit_memos(), desk.invoices()
    assert memo.taken == {number: invoice.gross} and invoice.unpaid == 0


def test_all_pages_are_read(sap: Tenant, desk: ErpDesk) -> None:
    sap.choose(page_size=2)
    for number in range(5):
        sap.project(f"P-{number}")
    assert len(desk.projects()) == 5


def test_projects_are_refused_until_somebody_repairs_it(sap: Tenant, desk: ErpDesk) -> None:
    desk.refuse_projects()
    body = {"Project": "P-1", "ProjectDescription": "A project", "ProjectCurrency": "EUR"}
    assert said(sap.call("POST", f"{PROJECTS}A_EnterpriseProject", body)) == (400, "CJ/035")
    desk.repair()
    assert sap.call("POST", f"{PROJECTS}A_EnterpriseProject", body).status_code == 201


def test_month_end_is_busy_and_loses_one_answer(sap: Tenant, desk: ErpDesk) -> None:
    customer = sap.customer()
    desk.month_end_weather()
    body = request_body(customer)
    busy = [sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body).status_code for _ in range(16)]
    assert busy == [429] * 15 + [201]
    assert [fault["skip"] for fault in sap.sim("GET", "faults").json()["faults"]][0] == 3


def test_one_webhook_stands_however_often_it_is_set_up(sap: Tenant, sap_program: Simulator) -> None:
    endpoint, told = Endpoint(), sap_program.told
    try:
        for _ in range(2):
            set_up(told | {"webhook_url": endpoint.url})
        (hook,) = sap.sim("GET", "webhooks").json()["webhooks"]
        assert (hook["url"], hook["username"]) == (endpoint.url, "EVENT_MESH")
        set_up(told)
        assert sap.sim("GET", "webhooks").json()["webhooks"] == []
    finally:
        endpoint.server.shutdown()
        endpoint.server.server_close()
