"""The Salesforce connector on the simulator, with every shared port in memory."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from events.commands import ReportInvoice
from events.values import Ref
from functions.connectors.salesforce import read_deals
from functions.connectors.salesforce.settings import SalesforceSettings
from functions.connectors.salesforce.wiring import Edge, open_org
from shared.adapters.connection import Connection
from tests.contract.simulators.salesforce_org import Org
from tests.fakes.flow import FakeClock
from tests.fakes.ports import FakePorts

SECRET = "s3cr3t-path"
COUNTRIES = {"United States": "US", "Germany": "DE"}


class SalesforceFakes(FakePorts):
    def __init__(self, org: Org, settings: SalesforceSettings) -> None:
        super().__init__(clock=FakeClock(datetime.now(UTC)))
        self.slots.pauses = False
        self.own = settings
        self.edge = Edge(org.credentials["org_id"], SECRET)
        self.scope = self.policies.current().identity_scope
        connection = Connection(str(org.client.base_url).rstrip("/"), org.credentials)
        self.client = open_org(connection, self.slots, self.clock, settings)

    def take(self) -> list[str]:
        """Bodies on the queue of deals; the queue is empty then."""
        bodies = self.queues.bodies("salesforce-inbound")
        self.queues.sent = [each for each in self.queues.sent if each[0] != "salesforce-inbound"]
        return bodies

    def read(self) -> int:
        """Reads every deal on the queue; how many there were."""
        bodies = self.take()
        for body in bodies:
            read_deals.handler.step(read_deals.DealSeen.model_validate_json(body), self)
        return len(bodies)


def salesforce_ports(org: Org, **changes: Any) -> SalesforceFakes:
    """Settling is switched off: the simulator's change times tell milliseconds apart."""
    settings = {"countries": COUNTRIES, "settle_s": 0, "deal": {"account_tax_number": "Tax_Id__c"}}
    return SalesforceFakes(org, SalesforceSettings.model_validate(settings | changes))


class Catalogue:
    """A customer, a signed contract and products by family, made once; `win` makes won deals of them."""

    def __init__(self, org: Org, currency: str | None = "USD") -> None:
        self.org, self._currency = org, {"CurrencyIsoCode": currency} if currency else {}
        self.account = org.create(
            "Account",
            Name="Acme",
            BillingStreet="1 Main St",
            BillingCity="Springfield",
            BillingCountry="United States",
            Tax_Id__c="12-3456789",
            **self._currency,
        )
        self.contract = org.create("Contract", AccountId=self.account, StartDate="2026-03-15", ContractTerm=12)
        self._book = org.rows("SELECT Id FROM Pricebook2 WHERE IsStandard = true")[0]["Id"]
        self._entries: dict[str, str] = {}

    def deal(self, **fields: Any) -> str:
        given = {
            "Name": "Rollout",
            "AccountId": self.account,
            "ContractId": self.contract,
            "CloseDate": "2026-03-01",
            "Legal_Entity__c": "US",
            "PO_Number__c": "PO-7",
            "Payment_Terms_Days__c": 30,
            "Billing_Frequency__c": "Monthly",
            **self._currency,
        }
        return self.org.deal(**(given | fields))

    def line(self, deal: str, family: str = "Time and Materials", price: float = 50000, **fields: Any) -> str:
        entry = self._entries.setdefault(family, "") or self._entry(family)
        given = {"OpportunityId": deal, "PricebookEntryId": entry, "Quantity": 1, "UnitPrice": price}
        return self.org.create("OpportunityLineItem", **(given | fields))

    def _entry(self, family: str) -> str:
        product = self.org.create("Product2", Name=f"{family} work", IsActive=True, Family=family)
        entry = {"Pricebook2Id": self._book, "Product2Id": product, "UnitPrice": 1, "IsActive": True}
        self._entries[family] = self.org.create("PricebookEntry", **entry, **self._currency)
        return self._entries[family]

    def win(self, **fields: Any) -> str:
        """A won deal of one line of time and materials."""
        deal = self.deal(**fields)
        self.line(deal)
        self.org.change("Opportunity", deal, StageName="Closed Won")
        return deal


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
