"""What was answered survives kill -9; what went wrong on the way is found by looking; and it is quick enough to play with."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from sandbox.sap_s4hana.call import Call
from sandbox.sap_s4hana.given import filled
from sandbox.sap_s4hana.services import ENTITIES, service_at
from sandbox.sap_s4hana.tenant import Tenant as SimulatedTenant
from tests.contract.simulators.sap_tenant import (
    BILLS,
    DEBITS,
    PARTNERS,
    PROJECTS,
    Tenant,
    customer_body,
    item,
    request_body,
    said,
)
from tests.simulator import Simulator, running

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate


program = running("sap_s4hana", "function")


def test_everything_answered_is_there_after_kill_9(program: Simulator) -> None:
    before = Tenant(program.told).log_in()
    before.choose(page_size=7)
    before.sim("POST", "periods/close", {"period": "2026-01"})
    invoice = before.invoice("I-1")
    number = invoice["BillingDocument"]
    before.sim("POST", "payments", {"billing_document": number, "amount": "19"})
    paid = before.document(number)
    program.kill()
    program.start()
    after = Tenant(program.told)
    assert after.credentials == before.credentials and after.base_url == before.base_url
    assert after.document(number) == paid
    assert after.sim("GET", "settings").json()["page_size"] == 7
    late = after.log_in().request(after.customer("C-2"), BillingDocumentDate="2026-01-31T00:00:00")["DebitMemoRequest"]
    assert said(after.bill(late)) == (400, "F5/201")
    assert len(after.billed(late, DefaultBillingDocumentDate="2026-02-28")) == 1


def test_sessions_die_with_the_process(program: Simulator) -> None:
    tenant = Tenant(program.told).log_in()
    program.kill()
    program.start()
    answer = tenant.call("POST", f"{PARTNERS}A_BusinessPartner", customer_body())
    assert answer.status_code == 403 and answer.headers["x-csrf-token"] == "Required"


@pytest.mark.parametrize("action", ["commit_then_drop", "late_visible"])
def test_a_lost_answer_leaves_one_document_to_be_found(sap: Tenant, action: str) -> None:
    body = request_body(sap.customer(), PurchaseOrderByCustomer="I-1")
    sap.plant(action, method="POST", path="A_DebitMemoRequest$", seconds=60)
    with pytest.raises(httpx.HTTPError):
        sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body)
    found = sap.rows(f"{DEBITS}A_DebitMemoRequest", filter="PurchaseOrderByCustomer eq 'I-1'")
    assert len(found) == (1 if action == "commit_then_drop" else 0)
    sap.sim("POST", "clock", {"advance_s": 61})
    assert len(sap.rows(f"{DEBITS}A_DebitMemoRequest", filter="PurchaseOrderByCustomer eq 'I-1'")) == 1


def test_a_500_may_have_been_carried_out(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    sap.plant("commit_then_500", path="CreateFromSDDocument")
    answer = sap.bill(made)
    assert answer.status_code == 500 and "text/html" in answer.headers["content-type"]
    assert said(sap.bill(made)) == (400, "VF/108")


def test_a_lock_passes_on_retry(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    sap.plant("locked", path="CreateFromSDDocument")
    answer = sap.bill(made)
    assert answer.status_code == 400 and "is currently being processed" in answer.json()["error"]["message"]
    assert sap.bill(made).status_code == 200


@pytest.mark.parametrize("status", [429, 503])
def test_throttling_is_a_page_with_a_wait_if_there_is_one(sap: Tenant, status: int) -> None:
    sap.plant("throttle", status=status, retry_after=7)
    answer = sap.client.get(PARTNERS)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
    assert "text/html" in answer.headers["content-type"]
    sap.plant("html_error")
    assert "retry-after" not in sap.client.get(PARTNERS).headers


def test_calls_beyond_the_limit_are_refused(sap: Tenant) -> None:
    sap.sim("POST", "limits", {"concurrency": 0})
    assert sap.client.get(PARTNERS).status_code == 429
    sap.sim("POST", "limits", {"concurrency": None})
    assert sap.client.get(PARTNERS).status_code == 200


def test_a_request_id_counts_only_where_the_tenant_honours_it(sap: Tenant) -> None:
    customer, header = sap.customer(), {"RequestID": "0A" * 16, "RepeatabilityCreation": "2026-10-31T10:00:00Z"}

    def post() -> httpx.Response:
        return sap.call("POST", f"{DEBITS}A_DebitMemoRequest", request_body(customer), headers=header)

    first, second = post(), post()
    assert first.json()["d"]["DebitMemoRequest"] != second.json()["d"]["DebitMemoRequest"]
    assert "repeatabilityresult" not in second.headers
    sap.choose(honours_request_id=True)
    third, fourth = post(), post()
    assert third.json() == fourth.json() and fourth.headers["repeatabilityresult"] == "accepted"


def test_a_page_of_200_among_10000_takes_less_than_50_ms(tmp_path: Path) -> None:
    tenant = SimulatedTenant(tmp_path)
    entity = ENTITIES["A_BillingDocument"]
    with tenant.book.unit():
        for number in range(10_000):
            own = {
                "BillingDocument": str(90000000 + number),
                "TransactionCurrency": "EUR",
                "SoldToParty": str(number % 50),
            }
            stamp = f"2026-10-31T10:{number // 60 % 60:02}:{number % 60:02}.000001Z"
            tenant.book.put("A_BillingDocument", filled(entity, {}, **own, LastChangeDateTime=stamp))
    found = service_at(f"{BILLS}A_BillingDocument")
    assert found is not None
    service, path = found
    changed = "LastChangeDateTime gt datetimeoffset'2026-10-31T10:30:00Z'"
    for options in ({}, {"$filter": "SoldToParty eq '7'"}, {"$filter": changed, "$orderby": "LastChangeDateTime"}):
        call = Call("GET", service, path, "http://tenant", "me", {"$top": "200", "$format": "json", **options})
        best = min(_seconds(tenant, call) for _ in range(5))
        assert best < 0.05, f"{options}: {best * 1000:.0f} ms"


def _seconds(tenant: SimulatedTenant, call: Call) -> float:
    start = time.perf_counter()
    assert tenant.gateway.answer(call).status == 200
    return time.perf_counter() - start


def test_a_document_of_250_items_is_made_and_billed_within_a_second(sap: Tenant) -> None:
    sap.project("P-1")
    body = request_body(sap.customer(), *[item("100.10", "1.5", WBSElement="P-1")] * 250)
    start = time.perf_counter()
    made = sap.make(f"{DEBITS}A_DebitMemoRequest", body)["DebitMemoRequest"]
    sap.billed(made)
    took = time.perf_counter() - start
    assert took < 1.0, f"{took:.2f} s"
    assert sap.client.get(f"{PROJECTS}A_EnterpriseProject/$count").text == "1"
