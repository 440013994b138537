"""A won deal as SOQL gives it, and the connector's ports in memory with a client that answers from a list."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from functions.connectors.salesforce.settings import SalesforceSettings
from functions.connectors.salesforce.wiring import Edge
from tests.fakes.ports import FakePorts

ORG = "00DXX00000000012AA"
SECRET = "s3cr3t-path"
DEAL = "006XX0000000001YAA"
AT = "2026-03-01T10:00:00.000+0000"
SETTINGS = SalesforceSettings.model_validate({"countries": {"United States": "US"}, "settle_s": 0})


def line(
    family: str = "Time and Materials", number: int = 1, total: str = "50000.00", **changes: Any
) -> dict[str, Any]:
    plain = {
        "attributes": {"type": "OpportunityLineItem"},
        "Id": f"00kXX000000000{number}YAA",
        "Description": None,
        "Quantity": Decimal("1.00"),
        "UnitPrice": Decimal(total),
        "TotalPrice": Decimal(total),
        "ServiceDate": None,
        "SystemModstamp": AT,
        "Product2": {"attributes": {"type": "Product2"}, "Name": "Consulting", "Family": family},
    }
    return plain | changes


def deal(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Won by a US customer in USD, with a signed contract; one line of time and materials unless others are given."""
    account = {
        "Id": "001XX0000000001YAA",
        "Name": "Acme",
        "BillingStreet": "1 Main St",
        "BillingCity": "Springfield",
        "BillingState": "IL",
        "BillingPostalCode": "12345",
        "BillingCountry": "United States",
        "CurrencyIsoCode": "USD",
        "SystemModstamp": "2026-02-01T10:00:00.000+0000",
    }
    contract = {
        "ContractNumber": "00000101",
        "StartDate": "2026-03-15",
        "EndDate": None,
        "SystemModstamp": "2026-02-28T10:00:00.000+0000",
    }
    records = list(lines) or [line()]
    plain = {
        "attributes": {"type": "Opportunity"},
        "Id": DEAL,
        "Name": "Rollout",
        "IsWon": True,
        "Amount": Decimal("50000.00"),
        "CloseDate": "2026-03-01",
        "ContractId": "800XX0000000001YAA",
        "SystemModstamp": AT,
        "CurrencyIsoCode": "USD",
        "Legal_Entity__c": "US",
        "PO_Number__c": "PO-7",
        "Payment_Terms_Days__c": Decimal("30.0"),
        "Billing_Frequency__c": "Monthly",
        "Account": account,
        "Contract": contract,
        "OpportunityLineItems": {"totalSize": len(records), "done": True, "records": records},
    }
    return plain | changes


class FakeOrg:
    """rows: what every query answers. said: (kind, key, fields) of each write, lanes of each query."""

    def __init__(self, *rows: Mapping[str, Any]) -> None:
        self.rows = list(rows)
        self.queries: list[str] = []
        self.said: list[tuple[str, str, Mapping[str, Any]]] = []

    def query(self, soql: str, *, lane: str) -> list[dict[str, Any]]:
        self.queries.append(soql)
        return [dict(row) for row in self.rows]

    def update(self, kind: str, record_id: str, fields: Mapping[str, Any], *, lane: str = "reference") -> None:
        self.said.append((kind, record_id, fields))

    def upsert(self, kind: str, key_field: str, key: str, fields: Mapping[str, Any], *, lane: str = "status") -> str:
        self.said.append((kind, f"{key_field}={key}", fields))
        return "a01XX0000000001YAA"


class SalesforceFakes(FakePorts):
    def __init__(self, *rows: Mapping[str, Any], settings: SalesforceSettings = SETTINGS, client: Any = None) -> None:
        super().__init__()
        self.own, self.edge = settings, Edge(ORG, SECRET)
        self.scope = self.policies.current().identity_scope
        self.client = client or FakeOrg(*rows)
