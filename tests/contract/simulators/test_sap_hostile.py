"""Whatever a caller sends, the tenant refuses in its own shape and goes on; nothing half done stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.sap_tenant import BILLS, BILLS_V4, DEBITS, PARTNERS, PROJECTS, Tenant, item, request_body

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate
SET = f"{PARTNERS}A_BusinessPartner"


@pytest.mark.parametrize(
    "path",
    [
        f"{SET}(",
        f"{SET}()",
        f"{SET}('1",
        f"{SET}('1')('2')",
        f"{SET}(Wrong='1')",
        f"{SET}('1')/to_Nowhere",
        f"{SET}('1')/to_BusinessPartnerRole",
        f"{SET}/$count/$count",
        f"{PARTNERS}A_BusinessPartnerRole('1')",
        f"{PARTNERS}A_BusinessPartnerRole(BusinessPartner='1')",
        f"{PARTNERS}$batch",
        f"{PARTNERS}Nothing",
        f"{PROJECTS}A_EnterpriseProject(guid'nonsense')",
        f"{PROJECTS}ChangeEntProjProcgStatus",
        f"{BILLS}GetPDF",
        f"{BILLS}GetPDF?BillingDocument=nonsense'",
        f"{BILLS}GetPDF?BillingDocument='404'",
        f"{BILLS_V4}BillingDocument/SAP__self.CreateFromSDDocument",
        f"{BILLS_V4}BillingDocument/SAP__self.Nothing",
        "/sap/opu/odata/sap/NO_SUCH_SRV/A_Thing",
        "/sap/opu/nothing",
        "/elsewhere",
    ],
)
def test_strange_addresses_are_refused(sap: Tenant, path: str) -> None:
    assert sap.client.get(path).status_code in (400, 404, 405)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"to_BusinessPartnerRole": 5}',
        b'{"to_BusinessPartnerRole": [5]}',
        b'{"to_BusinessPartnerRole": {"results": {}}}',
        b'{"to_Customer": []}',
        b'{"OrganizationBPName1": {"a": 1}}',
        b'{"OrganizationBPName1": 5}',
        b'{"BusinessPartnerCategory": "2", "OrganizationBPName1": "' + b"x" * 100_000 + b'"}',
    ],
)
def test_strange_bodies_are_refused(sap: Tenant, content: bytes) -> None:
    answer = sap.client.post(SET, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and answer.json()["error"]["code"]
    assert sap.rows(SET) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"_Reference": []},
        {"_Reference": 5},
        {"_Reference": [5]},
        {"_Reference": [{"Wrong": "1"}]},
        {"_Reference": [{"SDDocument": None}]},
        {"_Control": [], "_Reference": [{"SDDocument": "1"}]},
        {"_Control": {"DefaultBillingDocumentDate": "tomorrow"}, "_Reference": [{"SDDocument": "1"}]},
        {"_Reference": [{"SDDocument": "1", "SDDocumentCategory": "X"}]},
    ],
)
def test_strange_references_bill_nothing(sap: Tenant, body: Any) -> None:
    answer = sap.call("POST", f"{BILLS_V4}BillingDocument/SAP__self.CreateFromSDDocument", body)
    assert answer.status_code == 400 and answer.json()["error"]["message"]


@pytest.mark.parametrize("kind", ["text/plain", "multipart/mixed", "multipart/mixed; boundary=a"])
def test_strange_batches_are_refused(sap: Tenant, kind: str) -> None:
    answer = sap.client.post(f"{PARTNERS}$batch", content=b"--a\r\nnothing", headers={"Content-Type": kind})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "price",
    [
        {"ConditionType": "PMP0", "ConditionRateValue": "NaN"},
        {"ConditionType": "PMP0", "ConditionRateValue": "1e400"},
        {"ConditionType": "PMP0", "ConditionRateValue": "Infinity"},
        {"ConditionType": "PMP0", "ConditionRateValue": ""},
        {"ConditionType": "PMP0", "ConditionRateValue": True},
        {"ConditionType": "ZZZZ", "ConditionRateValue": "1"},
        {"ConditionType": "PMP0", "ConditionRateValue": "1", "ConditionCurrency": "USD"},
        {"ConditionRateValue": "1"},
    ],
)
def test_a_bad_price_in_the_last_item_leaves_no_document(sap: Tenant, price: dict[str, Any]) -> None:
    body = request_body(sap.customer(), item(), item(), item() | {"to_PricingElement": [price]})
    assert sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body).status_code == 400
    assert sap.rows(f"{DEBITS}A_DebitMemoRequest") == [] == sap.rows(f"{DEBITS}A_DebitMemoRequestItem")


@pytest.mark.parametrize("value", ["/Date(x)/", "/Date(99999999999999999)/", "yesterday", 5, "2026-13-01T00:00:00"])
def test_a_bad_date_is_refused(sap: Tenant, value: Any) -> None:
    body = request_body(sap.customer(), BillingDocumentDate=value)
    assert sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body).status_code == 400


def test_a_bad_settlement_at_the_bank_is_refused(sap: Tenant) -> None:
    for body in ({}, {"billing_document": "1"}, {"reference": "x"}, {"billing_document": "1", "amount": "much"}):
        assert sap.sim("POST", "payments", body).status_code == 400
