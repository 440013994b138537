"""Expenses of the simulated PSA: currencies, reports, approval. Source: vendors/certinia.md, sections 3.8 and 8."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.contract.simulators.certinia_org import Psa

pytest_plugins = ["tests.contract.simulators.certinia_fixtures"]
EXPENSE, REPORT = "pse__Expense__c", "pse__Expense_Report__c"


def spend(psa: Psa, amount: str = "100.00", **fields: Any) -> str:
    given = {"pse__Resource__c": psa.resource, "pse__Project__c": psa.project, "pse__Type__c": "Airfare"} | fields
    return psa.org.create(EXPENSE, pse__Expense_Date__c="2026-03-10", pse__Amount__c=amount, **given)


def report(psa: Psa) -> str:
    return psa.org.create(REPORT, Name="March", pse__Resource__c=psa.resource, pse__Project__c=psa.project)


def test_an_expense_is_billed_in_the_projects_currency(psa: Psa) -> None:
    psa.project = psa.new_project(CurrencyIsoCode="EUR")
    row = psa.org.get(EXPENSE, spend(psa, CurrencyIsoCode="CHF"))
    assert (row["CurrencyIsoCode"], row["pse__Billing_Currency__c"]) == ("CHF", "EUR")
    assert row["pse__Billing_Amount__c"] == (Decimal(100) / Decimal("0.88") * Decimal("0.92")).quantize(Decimal("0.01"))
    assert row["pse__Reimbursement_Currency__c"] == "USD" and row["pse__Amount_To_Reimburse__c"].startswith("USD ")
    same = psa.org.get(EXPENSE, spend(psa))
    assert (same["CurrencyIsoCode"], same["pse__Billing_Amount__c"]) == ("EUR", 100)


def test_lines_follow_their_report(psa: Psa) -> None:
    made = report(psa)
    line = spend(psa, "12.50", pse__Expense_Report__c=made)
    assert psa.org.get(REPORT, made)["pse__Total_Billable_Amount__c"] == Decimal("12.50")
    status, error = psa.org.refused("PATCH", f"sobjects/{EXPENSE}/{line}", json={"pse__Status__c": "Approved"})
    assert status == 400 and "follows its expense report" in error["message"]
    psa.org.change(REPORT, made, pse__Status__c="Submitted")
    assert psa.org.get(EXPENSE, line)["pse__Submitted__c"] is True
    psa.org.change(REPORT, made, pse__Status__c="Approved")
    row = psa.org.get(EXPENSE, line)
    assert row["pse__Approved__c"] and row["pse__Include_In_Financials__c"] and row["pse__Eligible_for_Billing__c"]
    assert (
        "included in financials"
        in psa.org.refused("PATCH", f"sobjects/{EXPENSE}/{line}", json={"pse__Amount__c": 1})[1]["message"]
    )
    psa.org.change(REPORT, made, pse__Status__c="Rejected")
    assert psa.org.get(EXPENSE, line)["pse__Eligible_for_Billing__c"] is False


def test_an_expense_of_its_own_is_approved_by_itself_and_billed(psa: Psa) -> None:
    line = spend(psa, "40", pse__Non_Billable_Incurred_Amount__c="10")
    psa.org.change(EXPENSE, line, pse__Status__c="Submitted")
    psa.org.change(EXPENSE, line, pse__Status__c="Approved")
    event = psa.generate(release=True)
    [item] = psa.items(event)
    assert (item["pse__Category__c"], item["pse__Amount__c"]) == ("Expense", 30)
    psa.write_back(event)
    row = psa.org.get(EXPENSE, line)
    assert row["pse__Invoiced__c"] and row["pse__Invoice_Number__c"] == "INV-2026-0042"


def test_expenses_are_refused_where_they_cannot_be_entered(psa: Psa) -> None:
    body = {"pse__Resource__c": psa.resource, "pse__Project__c": psa.project, "pse__Amount__c": 1}
    late = body | {"pse__Expense_Date__c": "2027-01-01", "pse__Assignment__c": psa.assignment}
    assert "outside the assignment dates" in psa.org.refused("POST", f"sobjects/{EXPENSE}", json=late)[1]["message"]
    psa.org.change("pse__Proj__c", psa.project, pse__Closed_for_Expense_Entry__c=True)
    body |= {"pse__Expense_Date__c": "2026-03-01"}
    assert "closed for expense entry" in psa.org.refused("POST", f"sobjects/{EXPENSE}", json=body)[1]["message"]
