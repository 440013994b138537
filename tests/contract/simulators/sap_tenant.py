"""A caller that talks to the S/4HANA simulator as an integration would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.simulator import Controlled

V2 = "/sap/opu/odata/sap/"
PARTNERS = f"{V2}API_BUSINESS_PARTNER/"
PROJECTS = f"{V2}API_ENTERPRISE_PROJECT_SRV;v=0002/"
ORDERS = f"{V2}API_SALES_ORDER_SRV/"
DEBITS = f"{V2}API_DEBIT_MEMO_REQUEST_SRV/"
CREDITS = f"{V2}API_CREDIT_MEMO_REQUEST_SRV/"
BILLS = f"{V2}API_BILLING_DOCUMENT_SRV/"
JOURNAL = f"{V2}API_OPLACCTGDOCITEMCUBE_SRV/"
BILLS_V4 = "/sap/opu/odata4/sap/api_billingdocument/srvd_a2x/sap/billingdocument/0001/"
Body = dict[str, Any]


class Tenant(Controlled):
    """Calls as the communication user, in one session; control calls under /_sim."""

    def __init__(self, told: Body) -> None:
        super().__init__(told, auth=(told["credentials"]["user"], told["credentials"]["password"]))
        self.client.headers["Accept"] = "application/json"

    def log_in(self) -> Tenant:
        self.client.cookies.clear()
        answer = self.client.get(PARTNERS, headers={"X-CSRF-Token": "Fetch"})
        assert answer.status_code == 200, answer.text
        self.client.headers["X-CSRF-Token"] = answer.headers["x-csrf-token"]
        return self

    def call(self, method: str, path: str, body: Any = None, **kw: Any) -> httpx.Response:
        return self.client.request(method, path, **({"json": body} if body is not None else {}), **kw)

    def read(self, path: str, **options: str) -> Body:
        """One V2 entity, or the `d` of a collection."""
        answer = self.client.get(path, params={f"${name}": value for name, value in options.items()})
        assert answer.status_code == 200, answer.text
        body: Body = answer.json()["d"]
        return body

    def rows(self, path: str, **options: str) -> list[Body]:
        rows: list[Body] = self.read(path, **options)["results"]
        return rows

    def make(self, path: str, body: Mapping[str, Any]) -> Body:
        answer = self.call("POST", path, dict(body))
        assert answer.status_code == 201, answer.text
        made: Body = answer.json()["d"]
        return made

    # What most tests need first

    def customer(self, reference: str = "CUST-1", organization: str = "1010", **more: Any) -> str:
        made = self.make(f"{PARTNERS}A_BusinessPartner", customer_body(reference, organization, **more))
        return str(made["BusinessPartner"])

    def project(self, number: str = "P-1", *, released: bool = True, **more: Any) -> Body:
        body = {"Project": number, "ProjectDescription": f"Project {number}", "ProjectCurrency": "EUR", **more}
        made = self.make(f"{PROJECTS}A_EnterpriseProject", body)
        return self.set_status(made["ProjectUUID"], "10") if released else made

    def set_status(self, project: str, status: str) -> Body:
        query = f"ProjectUUID=guid'{project}'&ProcessingStatus='{status}'"
        answer = self.call("POST", f"{PROJECTS}ChangeEntProjProcgStatus?{query}")
        assert answer.status_code == 200, answer.text
        changed: Body = answer.json()["d"]
        return changed

    def request(self, customer: str, *items: Body, path: str = f"{DEBITS}A_DebitMemoRequest", **head: Any) -> Body:
        return self.make(path, request_body(customer, *items, **head))

    def bill(self, *numbers: str, category: str = "L", **control: Any) -> httpx.Response:
        references = [{"SDDocument": number, "SDDocumentCategory": category} for number in numbers]
        body = {"_Control": control, "_Reference": references}
        return self.call("POST", f"{BILLS_V4}BillingDocument/SAP__self.CreateFromSDDocument", body)

    def billed(self, *numbers: str, category: str = "L", **control: Any) -> list[str]:
        answer = self.bill(*numbers, category=category, **control)
        assert answer.status_code == 200, answer.text
        return [row["BillingDocument"] for row in answer.json()["value"]]

    def invoice(self, reference: str = "INV-1", *items: Body, customer: str = "", **head: Any) -> Body:
        """A billing document from a debit memo request, as it reads in V2."""
        customer = customer or self.customer()
        head = {"PurchaseOrderByCustomer": reference, "BillingDocumentDate": on("2026-10-31")} | head
        made = self.request(customer, *items, **head)
        (number,) = self.billed(made["DebitMemoRequest"])
        return self.document(number)

    def document(self, number: str) -> Body:
        return self.read(f"{BILLS}A_BillingDocument('{number}')")


def customer_body(reference: str = "CUST-1", organization: str = "1010", **more: Any) -> Body:
    currency = {"1010": "EUR", "1710": "USD", "1510": "JPY"}[organization]
    country = {"1010": "DE", "1710": "US", "1510": "JP"}[organization]
    area = {"SalesOrganization": organization, "DistributionChannel": "10", "Division": "00"}
    return {
        "BusinessPartnerCategory": "2",
        "OrganizationBPName1": f"Company {reference}",
        "BusinessPartnerIDByExtSystem": reference,
        "to_BusinessPartnerRole": [{"BusinessPartnerRole": "FLCU01"}],
        "to_BusinessPartnerAddress": {"results": [{"Country": country, "CityName": "Somewhere"}]},
        "to_Customer": {"to_CustomerSalesArea": [area | {"Currency": currency, "CustomerPaymentTerms": "NT30"}]},
    } | more


def item(net: str = "100.00", quantity: str = "1", **more: Any) -> Body:
    price = {"ConditionType": "PMP0", "ConditionRateValue": net, "ConditionQuantity": "1"}
    return {"Material": "P001", "RequestedQuantity": quantity, "to_PricingElement": [price]} | more


def request_body(customer: str, *items: Body, kind: str = "DebitMemoRequest", **head: Any) -> Body:
    document_type = {"DebitMemoRequest": "DR", "CreditMemoRequest": "CR", "SalesOrder": "OR"}[kind]
    area = {"SalesOrganization": "1010", "DistributionChannel": "10", "OrganizationDivision": "00"}
    own = {f"{kind}Type": document_type, "SoldToParty": customer, "to_Item": {"results": list(items or (item(),))}}
    return area | own | head


def on(day: str) -> str:
    """A day as V2 writes it."""
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return f"/Date({int(moment.timestamp()) * 1000})/"


def said(answer: httpx.Response) -> tuple[int, str]:
    """(status, code) of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


ANY = {"If-Match": "*"}
OCTOBER = {"BillingDocumentDate": on("2026-10-31")}
