"""From a signed deal to the customer's money, through the vendors' own APIs, each step seen where people look for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from .small_firm import SmallFirm, Worked, wait

pytestmark = pytest.mark.estate


def test_a_signed_deal_becomes_cash(firm: SmallFirm) -> None:
    deals = [firm.sell("Harbor yard automation", "US"), firm.sell("Nordhafen berth planning", "DE")]
    firm.set_up(*deals)
    assert [len(firm.erp_projects(deal)) for deal in deals] == [1, 1]
    worked = [firm.work(deal) for deal in deals]
    assert sum(len(each.entry_ids) for each in worked) == 42
    firm.known(*worked)
    firm.bill("US", "DE")
    firm.posted(*worked)
    for each in worked:
        billed_once(firm, each)
        shown_to_delivery(firm, each, "posted")
        shown_to_sales(firm, each, "posted", Decimal(0))
    for each in worked:
        firm.finance.take_payment(firm.erp_invoices(each.deal)[0].invoice_id)
    for each in worked:
        wait("the payment", lambda each=each: [row["status"] for row in firm.invoices(each.deal)] == ["paid"])  # type: ignore[misc]
        shown_to_sales(firm, each, "paid", each.gross)
        shown_to_delivery(firm, each, "paid")
    assert firm.fabric.read("/audit")["holds"]


def billed_once(firm: SmallFirm, worked: Worked) -> None:
    """One invoice in the ERP, worth what was approved in the PSA, a line for each entry, under our id."""
    [invoice] = firm.erp_invoices(worked.deal)
    [ours] = firm.invoices(worked.deal)
    assert (invoice.net, invoice.gross) == (worked.net, worked.gross)
    assert len(invoice.lines) == len(worked.entry_ids)
    assert (invoice.reference, invoice.number) == (ours["invoice_id"], ours["erp_number"])
    assert (Decimal(ours["net"]), Decimal(ours["gross"])) == (worked.net, worked.gross)


def shown_to_delivery(firm: SmallFirm, worked: Worked, status: str) -> None:
    """Every entry is on an invoice in the PSA; our mark there tells the number and the status."""
    [ours] = firm.invoices(worked.deal)
    wait(f"delivery to see {status}", lambda: _statuses(firm, ours["invoice_id"]) == [status])
    [mark] = firm.psa_marks(ours["invoice_id"])
    assert mark.number == ours["erp_number"]
    assert all(entry.invoiced for entry in firm.entries(worked.entry_ids))
    assert mark.entries == set(worked.entry_ids)


def _statuses(firm: SmallFirm, invoice_id: str) -> list[str]:
    return [mark.status for mark in firm.psa_marks(invoice_id)]


def shown_to_sales(firm: SmallFirm, worked: Worked, status: str, paid: Decimal) -> None:
    """One record on the deal in the CRM, with the ERP's number and the amounts."""
    wait(f"sales to see {status}", lambda: [shown.status for shown in firm.crm_invoices(worked.deal)] == [status])
    [shown] = firm.crm_invoices(worked.deal)
    [ours] = firm.invoices(worked.deal)
    assert (shown.reference, shown.number) == (ours["invoice_id"], ours["erp_number"])
    assert (shown.gross, shown.paid) == (worked.gross, paid)


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
    nets = [invoice.net for invoice in firm.erp_invoices(deal)]
    assert sorted(nets) == sorted([first.net, late.net])
    firm.bill("US")
    firm.quiet.wait("a run with nothing to bill", 60, quiet_s=1.0)
    assert len(firm.erp_invoices(deal)) == 2
