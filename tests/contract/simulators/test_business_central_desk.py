"""What the firm's finance people read and do at the desk, and what goes wrong there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest

from sandbox.business_central.administer import set_up
from sandbox.business_central.desk import Finance, open_desk
from tests.contract.simulators.business_central_account import Tenant, error, line
from tests.simulator import Simulator

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


@pytest.fixture
def finance(tenant: Tenant, business_central_program: Simulator) -> Finance:
    told = business_central_program.told
    set_up(told)
    set_up(told)  # data are kept between estates
    desk = open_desk(told)
    assert isinstance(desk, Finance)
    return desk


def billed(tenant: Tenant, reference: str, **fields: Any) -> str:
    """A posted invoice on project P-1."""
    lines = [line(quantity=2, unitPrice=100, description="Work", description2="in detail"),
             {"lineType": "Comment", "description": "Thank you"}]  # fmt: skip
    body = {"externalDocumentNumber": reference, "customerNumber": "C-1", "shortcutDimension2Code": "P-1"}
    made = tenant.make("salesInvoices", body | {"salesInvoiceLines": lines} | fields)
    tenant.post(f"salesInvoices({made['id']})")
    return str(made["id"])


def test_the_desk_tells_posted_documents_by_project(tenant: Tenant, finance: Finance) -> None:
    project = tenant.make("projects", {"number": "P-1", "displayName": "Harbor rollout"})
    customer = tenant.customer()
    invoice_id = billed(tenant, "R-1")
    tenant.draft("R-2")
    (invoice,) = finance.invoices()
    assert (finance.project_count(), finance.invoice_count()) == (1, 1)
    assert [(one.project_id, one.names) for one in finance.projects()] == [(project["id"], ("Harbor rollout", "P-1"))]
    assert (invoice.invoice_id, invoice.number, invoice.reference) == (invoice_id, "PS-INV103001", "R-1")
    assert (invoice.customer_id, invoice.project_id, invoice.currency) == (customer["id"], project["id"], "EUR")
    assert (invoice.net, invoice.gross, invoice.unpaid) == (Decimal(200), Decimal(238), Decimal(238))
    assert invoice.lines == (("Work in detail", Decimal(200)),)


def test_customers_pay_in_part_and_in_full(tenant: Tenant, finance: Finance) -> None:
    tenant.make("projects", {"number": "P-1", "displayName": "Harbor rollout"})
    tenant.customer()
    invoice_id = billed(tenant, "R-1")
    finance.take_payment(invoice_id, Decimal("38.5"))
    assert finance.invoices()[0].unpaid == Decimal("199.5")
    finance.take_payment(invoice_id)
    assert finance.invoices()[0].unpaid == 0


def test_a_credit_memo_tells_what_it_took_of_which_invoice(tenant: Tenant, finance: Finance) -> None:
    project = tenant.make("projects", {"number": "P-1", "displayName": "Harbor rollout"})
    tenant.customer()
    invoice_id = billed(tenant, "R-1")
    tenant.post(f"salesInvoices({invoice_id})", "makeCorrectiveCreditMemo")
    assert finance.credit_memos() == []
    draft = tenant.list("salesCreditMemos")[0]
    tenant.post(f"salesCreditMemos({draft['id']})")
    (memo,) = finance.credit_memos()
    assert (memo.memo_id, memo.project_id, memo.net, memo.gross) == (draft["id"], project["id"], 200, 238)
    assert memo.taken == {invoice_id: Decimal(238)}
    assert finance.invoices()[0].unpaid == 0


def test_projects_are_refused_until_somebody_repairs_it(tenant: Tenant, finance: Finance) -> None:
    finance.refuse_projects()
    refused = tenant.call("POST", "projects", {"number": "P-1", "displayName": "X"})
    assert error(refused)[:2] == (400, "Application_FieldValidationException")
    finance.repair()
    tenant.make("projects", {"number": "P-1", "displayName": "X"})


def test_month_end_is_busy_and_loses_one_answer(tenant: Tenant, finance: Finance) -> None:
    tenant.customer()
    finance.month_end_weather()
    statuses: list[object] = []
    for n in range(20):
        body = {"externalDocumentNumber": f"R-{n}", "customerNumber": "C-1"}
        try:
            statuses.append(tenant.call("POST", "salesInvoices", body).status_code)
        except httpx.TransportError:
            statuses.append("lost")
    assert statuses == [429, 429, 429, "lost", *[429] * 12, 201, 201, 201, 201]
    found = {row["externalDocumentNumber"] for row in tenant.list("salesInvoices")}
    assert found == {"R-3", "R-16", "R-17", "R-18", "R-19"}
    finance.month_end_weather()
    finance.repair()
    assert tenant.call("POST", "salesInvoices", {"customerNumber": "C-1"}).status_code == 201
