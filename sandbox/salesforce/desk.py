"""What sellers do in Salesforce: accounts, deals with their products, signed contracts, closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.firm.clauses import PLAIN, as_terms
from sandbox.firm.desks import CrmDesk, ShownInvoice, Told
from sandbox.firm.shape import Client, Deal, Kind, Twist
from sandbox.firm.vendor_calls import Control, VendorCalls, client_credentials

COUNTRIES = {"US": "United States", "CA": "Canada", "DE": "Germany", "FR": "France", "CH": "Switzerland", "JP": "Japan"}


class Sellers:
    """Keeps what sandbox/firm/desks.py asks of a CRM."""

    def __init__(self, told: Told) -> None:
        granted = told["credentials"]
        token, instance = client_credentials(told["base_url"], "/services/oauth2/token", granted["people"])
        self._api = VendorCalls(f"{instance}/services/data/v{granted['api_version']}", token)
        self.control = Control(told["control_url"])
        self._accounts: dict[str, str] = {}
        self._entries: dict[tuple[Kind, str], str] = {}
        self._pricebook = self._one("SELECT Id FROM Pricebook2 WHERE IsStandard = true")
        self.deals: dict[str, str] = {}

    def open_catalogue(self, currencies: Sequence[str]) -> None:
        for kind in Kind:
            product = self._make("Product2", {"Name": kind.value, "Family": kind.value, "IsActive": True})
            for currency in currencies:
                entry = {"Pricebook2Id": self._pricebook, "Product2Id": product, "UnitPrice": 1, "IsActive": True}
                self._entries[kind, currency] = self._make("PricebookEntry", entry | {"CurrencyIsoCode": currency})

    def win_account(self, client: Client) -> None:
        self._accounts[client.name] = self._make("Account", {
            "Name": client.name, "BillingStreet": client.street, "BillingCity": client.city,
            "BillingState": client.region, "BillingPostalCode": client.postal_code,
            "BillingCountry": COUNTRIES[client.country], "CurrencyIsoCode": client.currency,
            "VAT_Number__c": client.tax_number,
        })  # fmt: skip

    def close(self, deal: Deal, currency: str, signed_on: date, starts_on: date) -> None:
        """The deal with its products and, as a rule, its signed contract; then it is won."""
        deal_id = self._make("Opportunity", {
            "Name": deal.name, "AccountId": self._accounts[deal.client], "StageName": "Negotiation/Review",
            "CloseDate": signed_on.isoformat(), "CurrencyIsoCode": currency, "Pricebook2Id": self._pricebook,
            "Legal_Entity__c": deal.office, "PO_Number__c": deal.purchase_order,
            "Payment_Terms_Days__c": deal.terms_days, "Billing_Frequency__c": "Monthly",
            "Invoice_Grouping__c": "Customer" if deal.together else None,
        })  # fmt: skip
        self.deals[deal.name] = deal_id
        for line in self._lines(deal, currency, starts_on):
            self._make("OpportunityLineItem", line | {"OpportunityId": deal_id})
        if deal.twist is not Twist.NO_REFERENCE:
            self.attach_contract(deal, starts_on)
        self._api.patch(f"/sobjects/Opportunity/{deal_id}", {"StageName": "Closed Won"})

    def attach_contract(self, deal: Deal, starts_on: date) -> None:
        """A contract is drafted first and activated then; the deal points to it."""
        contract = self._make("Contract", {
            "AccountId": self._accounts[deal.client], "Status": "Draft", "StartDate": starts_on.isoformat(),
            "ContractTerm": 12,
        })  # fmt: skip
        self._api.patch(f"/sobjects/Contract/{contract}", {"Status": "Activated"})
        self._api.patch(f"/sobjects/Opportunity/{self.deals[deal.name]}", {"ContractId": contract})

    def tell_again(self, copies: int) -> None:
        """Outbound messages come more than once, as their documentation warns."""
        again = {"action": "outbound_duplicate", "method": "OUTBOUND", "copies": copies, "times": 0}
        self.control.post("/faults", again)

    def tell_once(self) -> None:
        self.control.delete("/faults")

    def shown_invoices(self, deal: str) -> list[ShownInvoice]:
        opportunity = self.deals[deal]
        return [
            ShownInvoice(
                reference=row["Fabric_Key__c"],
                number=row["Number__c"],
                status=row["Status__c"].lower(),
                gross=Decimal(str(row["Gross__c"])),
                paid=Decimal(str(row["Amount_Paid__c"])),
            )
            for row in self.control.records("Fabric_Invoice__c")
            if row["Opportunity__c"] == opportunity
        ]

    def _lines(self, deal: Deal, currency: str, starts_on: date) -> list[dict[str, Any]]:
        entry = {"PricebookEntryId": self._entries[deal.kind, currency], "Quantity": 1}
        if deal.kind is Kind.TIME:
            words = f"{deal.name}: consulting"
            terms = as_terms(deal.clauses, currency, starts_on) if deal.clauses != PLAIN else None
            return [entry | {"UnitPrice": str(deal.estimate), "Description": words, "Billing_Terms__c": terms}]
        return [
            entry | {
                "UnitPrice": str(part.amount),
                "ServiceDate": part.due_on.isoformat() if part.due_on else None,
                "Description": part.name or f"{deal.name}: instalment {number}",
            }
            for number, part in enumerate(deal.parts, 1)
        ]  # fmt: skip

    def _make(self, kind: str, fields: Mapping[str, Any]) -> str:
        given = {name: value for name, value in fields.items() if value is not None}
        return str(self._api.post(f"/sobjects/{kind}", given)["id"])

    def _one(self, soql: str) -> str:
        return str(self._api.get("/query", q=soql)["records"][0]["Id"])


def open_desk(told: Told) -> CrmDesk:
    return Sellers(told)
