"""From a signed deal to the customer's money, through the vendors' own APIs, each step seen where people look for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from .small_firm import SmallFirm, Worked, wait

pytestmark = pytest.mark.estate


def test_a_signed_deal_becomes_cash(firm: SmallFirm) -> None:
    deals = [firm.sell("Harbor yard automation", "US"), firm.sell("Nordhafen berth planning", "DE")]
    firm.set_up(*deals)
    jobs = [row["companyName"] for row in firm.payers.jobs()]
    assert [jobs.count(deal.name) for deal in deals] == [1, 1]
    worked = [firm.work(deal) for deal in deals]
    assert sum(len(each.entry_ids) for each in worked) == 42
    firm.known(*worked)
    firm.bill("US", "DE")
    firm.posted(*worked)
    for each in worked:
        billed_once(firm, each)
        shown_to_delivery(firm, each, "posted")
        shown_to_sales(firm, each, "Posted", Decimal(0))
    for each in worked:
        firm.payers.control.post("/payments", {"invoice_id": firm.erp_invoices(each.deal)[0]["id"]})
    for each in worked:
        wait("the payment", lambda each=each: [row["status"] for row in firm.invoices(each.deal)] == ["paid"])  # type: ignore[misc]
        shown_to_sales(firm, each, "Paid", each.gross)
        shown_to_delivery(firm, each, "paid")
    assert firm.fabric.read("/audit")["holds"]


def billed_once(firm: SmallFirm, worked: Worked) -> None:
    """One invoice in NetSuite, worth what was approved in Kantata, a line for each entry, under our id."""
    [invoice] = firm.erp_invoices(worked.deal)
    [ours] = firm.invoices(worked.deal)
    assert (Decimal(invoice["subtotal"]), Decimal(invoice["total"])) == (worked.net, worked.gross)
    assert len(invoice["item"]) == len(worked.entry_ids)
    assert (invoice["externalId"], invoice["tranId"]) == (ours["invoice_id"], ours["erp_number"])
    assert (Decimal(ours["net"]), Decimal(ours["gross"])) == (worked.net, worked.gross)


def shown_to_delivery(firm: SmallFirm, worked: Worked, status: str) -> None:
    """Every entry is on an invoice in Kantata; our reference there tells the number and the status."""
    [ours] = firm.invoices(worked.deal)
    wait(f"delivery to see {status}", lambda: _statuses(firm, ours["invoice_id"]) == [status])
    [reference] = firm.psa_references(ours["invoice_id"])
    assert (reference["service_name"], reference["external_message"]) == ("billweave", ours["erp_number"])
    assert {row["invoice_id"] for row in firm.entries(worked.entry_ids)} == {reference["subject_id"]}


def _statuses(firm: SmallFirm, invoice_id: str) -> list[str]:
    return [row["external_status"] for row in firm.psa_references(invoice_id)]


def shown_to_sales(firm: SmallFirm, worked: Worked, status: str, paid: Decimal) -> None:
    """One record on the deal in Salesforce, with the ERP's number and the amounts."""
    wait(f"sales to see {status}", lambda: [row["Status__c"] for row in firm.crm_invoices(worked.deal)] == [status])
    [record] = firm.crm_invoices(worked.deal)
    [ours] = firm.invoices(worked.deal)
    assert (record["Fabric_Key__c"], record["Number__c"]) == (ours["invoice_id"], ours["erp_number"])
    assert (Decimal(record["Gross__c"]), Decimal(record["Amount_Paid__c"])) == (worked.gross, paid)


def test_time_that_comes_after_the_month_was_billed_is_on_a_second_invoice(firm: SmallFirm) -> None:
    deal = firm.sell("Harbor customs desk", "US")
    firm.set_up(deal)
    first = firm.work(deal, days=1)
    firm.known(first)
    firm.bill("US")
    firm.posted(first)
    late = firm.work(deal, days=1)
    firm.known(first, late)
    firm.bill("US")
    wait("the second invoice in the books", lambda: len(firm.erp_invoices(deal)) == 2)
    nets = [Decimal(row["subtotal"]) for row in firm.erp_invoices(deal)]
    assert sorted(nets) == sorted([first.net, late.net])
    firm.bill("US")
    firm.quiet.wait("a run with nothing to bill", 60, quiet_s=1.0)
    assert len(firm.erp_invoices(deal)) == 2
