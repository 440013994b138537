"""Cancelling and credit memos (notes, A3; checklist 1 and 9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.business_central_account import Tenant, error, line
from tests.contract.simulators.test_business_central_invoices import refusal, totals

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


def test_cancelling_makes_a_corrective_memo_and_works_once(tenant: Tenant) -> None:
    tenant.customer()
    draft = tenant.draft()
    assert "posted invoice only" in refusal(tenant, draft, "cancel")
    tenant.post(f"salesInvoices({draft['id']})")
    tenant.post(f"salesInvoices({draft['id']})", "cancel")
    cancelled = tenant.read(f"salesInvoices({draft['id']})")
    assert (cancelled["status"], cancelled["remainingAmount"]) == ("Canceled", 0)
    memo = tenant.list("salesCreditMemos", filter=f"invoiceId eq {draft['id']}")[0]
    assert (memo["status"], memo["number"], totals(memo)) == ("Corrective", "PS-CR104001", totals(draft))
    assert memo["invoiceNumber"] == cancelled["number"]
    assert "already been canceled" in refusal(tenant, draft, "cancel")
    assert tenant.read(f"customers({draft['customerId']})")["balanceDue"] == 0


def test_a_paid_or_part_paid_invoice_is_not_cancelled(tenant: Tenant) -> None:
    tenant.customer()
    posted = tenant.posted()
    tenant.sim("POST", "payments", {"invoice_id": posted["id"], "amount": "5"})
    assert "fully or partially paid" in refusal(tenant, posted, "cancel")
    assert "partially paid" in refusal(tenant, posted, "makeCorrectiveCreditMemo")
    tenant.sim("POST", "payments", {"invoice_id": posted["id"]})
    assert tenant.read(f"salesInvoices({posted['id']})")["status"] == "Paid"
    assert "fully or partially paid" in refusal(tenant, posted, "cancel")
    assert "closed" in refusal(tenant, posted, "makeCorrectiveCreditMemo")


@pytest.mark.parametrize(
    ("stage", "memo_status", "invoice", "words"),
    [("created", "Draft", ("Open", 1785), "created but not posted"), ("posted", "Paid", ("Paid", 0), "is posted")],
)
def test_cancelling_can_fail_half_way(tenant: Tenant, stage: str, memo_status: str, invoice: Any, words: str) -> None:
    tenant.customer()
    posted = tenant.posted()
    tenant.plant("cancel_halfway", path="NAV.cancel$", stage=stage)
    assert words in refusal(tenant, posted, "cancel")
    memo = tenant.list("salesCreditMemos", filter=f"invoiceId eq {posted['id']}")[0]
    assert memo["status"] == memo_status
    now = tenant.read(f"salesInvoices({posted['id']})")
    assert (now["status"], now["remainingAmount"]) == invoice


def test_a_corrective_memo_is_a_full_copy_to_be_edited_and_posted(tenant: Tenant) -> None:
    tenant.customer()
    posted = tenant.posted("R-1", {"quantity": 10, "unitPrice": 150, "description": "Work"})
    tenant.post(f"salesInvoices({posted['id']})", "makeCorrectiveCreditMemo")
    memo = tenant.list("salesCreditMemos", filter=f"invoiceId eq {posted['id']}")[0]
    assert (memo["status"], totals(memo)) == ("Draft", totals(posted))
    own = tenant.list(f"salesCreditMemos({memo['id']})/salesCreditMemoLines")[0]
    assert (own["description"], own["quantity"]) == ("Work", 10)
    tenant.change(f"salesCreditMemoLines({own['id']})", {"quantity": 4})
    assert tenant.read(f"salesInvoices({posted['id']})")["remainingAmount"] == 1785  # a draft takes nothing off
    tenant.post(f"salesCreditMemos({memo['id']})")
    memo = tenant.read(f"salesCreditMemos({memo['id']})")
    assert (memo["status"], memo["totalAmountIncludingTax"]) == ("Paid", 714)
    now = tenant.read(f"salesInvoices({posted['id']})")
    assert (now["status"], now["remainingAmount"]) == ("Open", 1071)


def test_a_memo_of_its_own_is_set_against_its_invoice_or_stays_open(tenant: Tenant) -> None:
    made = tenant.customer()
    posted = tenant.posted()
    body = {"customerId": made["id"], "creditMemoDate": "2026-11-02", "postingDate": "2026-11-02",
            "externalDocumentNumber": "CM-1", "salesCreditMemoLines": [line(quantity=10, unitPrice=150)]}  # fmt: skip
    memo = tenant.make("salesCreditMemos", body | {"invoiceId": posted["id"]})
    assert memo["invoiceNumber"] == posted["number"]
    tenant.post(f"salesCreditMemos({memo['id']})")
    now = tenant.read(f"salesInvoices({posted['id']})")
    assert (now["status"], now["remainingAmount"]) == ("Paid", 0)
    free = tenant.make("salesCreditMemos", body)
    tenant.post(f"salesCreditMemos({free['id']})")
    assert tenant.read(f"salesCreditMemos({free['id']})")["status"] == "Open"
    assert "draft credit memo only" in error(tenant.act(f"salesCreditMemos({free['id']})", "post"))[2]
    draft = tenant.draft("R-2")
    for wrong in (draft["id"], "11111111-1111-1111-1111-111111111111"):
        answer = tenant.call("POST", "salesCreditMemos", body | {"invoiceId": wrong})
        assert error(answer)[2] == 'The "invoiceId" does not match to an Invoice.'
    early = tenant.make(
        "salesCreditMemos", body | {"invoiceId": tenant.posted("R-3")["id"], "postingDate": "2026-10-30"}
    )
    assert "earlier posting date" in error(tenant.act(f"salesCreditMemos({early['id']})", "post"))[2]
    assert tenant.read(f"salesCreditMemos({early['id']})")["status"] == "Draft"
