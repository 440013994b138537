"""Salesforce held to the promises: won deals as the feed, an invoice beside its deal as the command."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from events.commands import ReportInvoice
from events.values import Ref
from functions.connectors.salesforce import poll
from functions.connectors.salesforce.commands import status
from tests.contract.connectors.salesforce_ports import SECRET, Catalogue, salesforce_ports
from tests.contract.simulators.salesforce_org import Org

INVOICE = "0b5a4f39-5a9e-5d0b-9d63-000000000001"


def report(deal: str, **changes: Any) -> ReportInvoice:
    values: dict[str, Any] = {
        "invoice_id": INVOICE,
        "document_key": "doc",
        "opportunity_ref": Ref(system="salesforce", kind="opportunity", id=deal),
        "number": "INV1001",
        "status": "posted",
        "currency": "USD",
        "net": Decimal("1234567.89"),
        "tax": Decimal("0.00"),
        "gross": Decimal("1234567.89"),
        "paid": Decimal("0"),
        "issued_on": date(2026, 3, 31),
    }
    return ReportInvoice(**(values | changes))


class SalesforceWorld:
    system = "salesforce"
    events_each = 2

    def __init__(self, org: Org) -> None:
        self._org, self._catalogue = org, Catalogue(org)
        self._deal = self._catalogue.deal()
        self.ports = salesforce_ports(org, poll_rows=2)
        self.secrets = (org.credentials["private_key"][40:120], org.credentials["client_secret"], SECRET)

    def happen(self, count: int) -> None:
        for _ in range(count):
            self._catalogue.win()

    def pull(self) -> int | None:
        more = poll.handler.step(poll.Poll(feed="opportunities"), self.ports)["more"]
        self.ports.read()
        return 0 if more else None

    def command(self) -> Any:
        return status.step(report(self._deal), self.ports)

    def made(self) -> int:
        return len(self._org.rows(f"SELECT Id FROM Fabric_Invoice__c WHERE Fabric_Key__c = '{INVOICE}'"))

    def plant(self, side: str, action: str, **fault: Any) -> None:
        feed = {"method": "GET", "path": "/query"}
        write = {"method": "PATCH", "path": "/sobjects/Fabric_Invoice__c"}
        self._org.plant(action, **(feed if side == "feed" else write), **fault)
