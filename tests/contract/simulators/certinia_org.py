"""What the tests of the simulated PSA say to it: a project with a resource on it, and weeks of time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.contract.simulators.salesforce_org import Org

WEEK_OVER_MONTH_END = "2026-03-30"
"""A Monday: two days in March, five in April."""
WEEK = "2026-03-09"


@dataclass
class Psa:
    """`org`: the planner, who may do everything; `fabric`: the integration user."""

    org: Org
    fabric: Org
    account: str = ""
    resource: str = ""
    project: str = ""
    assignment: str = ""

    def open(self, **project: Any) -> Psa:
        """An account, a resource, a project and the resource's assignment on it for the year."""
        self.account = self.org.create("Account", Name="Contoso")
        self.resource = self.new_resource("Rosa")
        self.project = self.new_project(**project)
        self.assignment = self.assign(self.project, self.resource)
        return self

    def new_resource(self, name: str) -> str:
        flags = {"pse__Is_Resource__c": True, "pse__Is_Resource_Active__c": True}
        return self.org.create("Contact", LastName=name, Email=f"{name}@firm.example", **flags)

    def new_project(self, name: str = "Contoso rollout", **fields: Any) -> str:
        given = {"Name": name, "pse__Account__c": self.account} | fields
        return self.org.create("pse__Proj__c", **given)

    def assign(self, project: str, resource: str, **fields: Any) -> str:
        dates = {"pse__Start_Date__c": "2026-01-01", "pse__End_Date__c": "2026-12-31"}
        schedule = self.org.create("pse__Schedule__c", pse__Monday_Hours__c=8, **dates)
        given = {"pse__Bill_Rate__c": 150, "pse__Role__c": "Consultant", "pse__Schedule__c": schedule} | fields
        return self.org.create("pse__Assignment__c", pse__Project__c=project, pse__Resource__c=resource, **given)

    def enter(self, start: str = WEEK, hours: dict[str, Any] | None = None, **fields: Any) -> str:
        """A timecard; hours by weekday, 8 on Monday unless told."""
        year, month, day = (int(part) for part in start.split("-"))
        from datetime import date, timedelta

        end = (date(year, month, day) + timedelta(6)).isoformat()
        worked = {f"pse__{day}_Hours__c": n for day, n in (hours or {"Monday": 8}).items()}
        given = {"pse__Resource__c": self.resource, "pse__Assignment__c": self.assignment} | worked | fields
        return self.org.create(
            "pse__Timecard_Header__c", pse__Start_Date__c=start, pse__End_Date__c=end, pse__Status__c="Saved", **given
        )

    def approve(self, timecard: str) -> None:
        self.org.change("pse__Timecard_Header__c", timecard, pse__Submitted__c=True, pse__Status__c="Submitted")
        self.org.change("pse__Timecard_Header__c", timecard, pse__Status__c="Approved")

    def approved(self, start: str = WEEK, hours: dict[str, Any] | None = None, **fields: Any) -> str:
        timecard = self.enter(start, hours, **fields)
        self.approve(timecard)
        return timecard

    def splits(self, timecard: str) -> list[dict[str, Any]]:
        return self.org.rows(
            "SELECT Id, pse__Start_Date__c, pse__End_Date__c, pse__Total_Hours__c, pse__Total_Billable_Amount__c, "
            "pse__Approved__c, pse__Include_In_Financials__c, pse__Eligible_for_Billing__c, pse__Billed__c, "
            "pse__Billing_Event_Item__c, pse__Billing_Event_Released__c, pse__Billing_Event_Invoiced__c, "
            "pse__Invoiced__c, pse__Invoice_Number__c, pse__Approved_for_Billing__c, SystemModstamp, CurrencyIsoCode "
            f"FROM pse__Timecard__c WHERE pse__Timecard_Header__c = '{timecard}' ORDER BY pse__Start_Date__c"
        )

    def press(self, button: str, **body: Any) -> list[str]:
        """What a person starts in the package's own pages; ids of the events concerned."""
        found: list[str] = self.org.sim("POST", f"psa/{button}", body)["events"]
        return found

    def press_in_vain(self, button: str, **body: Any) -> str:
        answer = self.org.client.post(f"/_sim/psa/{button}", json=body)
        assert answer.status_code == 400, answer.text
        return str(answer.json()["error"])

    def generate(self, **how: Any) -> str:
        [event] = self.press("generate", projects=[self.project], **how)
        return event

    def event(self, event: str) -> dict[str, Any]:
        return self.org.get("pse__Billing_Event__c", event)

    def items(self, event: str) -> list[dict[str, Any]]:
        return self.org.rows(
            "SELECT Id, pse__Category__c, pse__Amount__c, pse__Rounded_Amount__c, pse__Quantity__c, pse__Unit_Price__c, "
            "pse__Timecard_Split__c, pse__Object_Id__c, pse__Is_Released__c, pse__Invoiced__c, CurrencyIsoCode "
            f"FROM pse__Billing_Event_Item__c WHERE pse__Billing_Event__c = '{event}'"
        )

    def write_back(self, event: str, number: str = "INV-2026-0042") -> None:
        self.fabric.change("pse__Billing_Event__c", event, **invoice(number))


def invoice(number: str) -> dict[str, Any]:
    return {"pse__Invoiced__c": True, "pse__Invoice_Number__c": number, "pse__Invoice_Date__c": "2026-03-31"}


def total(rows: list[dict[str, Any]], field: str) -> Decimal:
    return sum((Decimal(row[field]) for row in rows), Decimal(0))
