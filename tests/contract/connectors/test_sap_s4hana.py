"""The S/4HANA connector on the simulator: what an attempt leaves half done, several legal entities, credits, part payments."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from events.commands import PostCreditMemo, PostCreditMemoResult, PostInvoice, PostInvoiceResult
from events.invoice_paid.v1 import InvoicePaid
from functions.connectors.sap_s4hana import hear_billing, poll
from functions.connectors.sap_s4hana.commands import posting, reference
from functions.connectors.sap_s4hana.mapping import partner_key
from functions.connectors.sap_s4hana.settings import SapS4HanaSettings
from functions.connectors.sap_s4hana.wiring import open_account
from infra.deployment import load
from shared.adapters.connection import Connection
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import InvoiceDocument, InvoiceKind
from shared.domain.money import Money
from shared.faults import BusinessException, Duplicate, Transient
from tests.conformance.roles import KnownInvoices
from tests.contract.connectors.documents import STANDARD, as_json, document, line
from tests.contract.connectors.test_netsuite_commands import CUSTOMER, customer, project, three_lines
from tests.contract.simulators.sap_tenant import BILLS, DEBITS, PARTNERS, PROJECTS, Tenant
from tests.fakes.flow import FakeClock
from tests.fakes.ports import FakePorts

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate
BILLED = {"method": "POST", "path": "CreateFromSDDocument"}


def sap_ports(sap: Tenant, **changes: Any) -> Any:
    ports: Any = FakePorts(clock=FakeClock(datetime.now(UTC)))
    ports.slots.pauses = False
    own = load("sandbox", roles={"crm": "salesforce", "psa": "kantata", "erp": "sap_s4hana"}).connectors["sap_s4hana"]
    ports.erp = SapS4HanaSettings.model_validate({**own, **changes})
    ports.sap = open_account(Connection(sap.base_url, sap.credentials), ports.slots, ports.erp)
    ports.invoices = KnownInvoices()
    return ports


def ready(sap: Tenant, **changes: Any) -> Any:
    ports = sap_ports(sap, **changes)
    reference.step(customer(), ports)
    reference.step(project(), ports)
    return ports


def post(of: InvoiceDocument, ports: Any) -> PostInvoiceResult:
    ports.documents.put("doc", as_json(of))
    ports.invoices.add(of)
    command = PostInvoice(invoice_id=of.invoice_id, legal_entity_id=of.legal_entity_id, document_key="doc")
    try:
        result = posting.step(command, ports)
    except Duplicate as repeat:
        return PostInvoiceResult.model_validate(repeat.result)
    assert isinstance(result, PostInvoiceResult)
    return result


def credit(of: InvoiceDocument, ports: Any) -> PostCreditMemoResult:
    memo_id = derived_id("memo", of.invoice_id)
    memo = replace(of, invoice_id=memo_id, kind=InvoiceKind.CREDIT_MEMO, credits=of.invoice_id, reason="Wrong rate")
    ports.documents.put("memo", as_json(memo))
    command = PostCreditMemo(invoice_id=memo_id, legal_entity_id=of.legal_entity_id, document_key="memo")
    result = posting.step(command, ports)
    assert isinstance(result, PostCreditMemoResult)
    return result


def paid(ports: Any) -> list[tuple[str, Decimal, Decimal]]:
    poll.handler.step(poll.Poll(feed="payments"), ports)
    told = sorted(ports.outbox.events.values(), key=lambda event: event.sequence)
    return [(each.data.state, each.data.paid.amount, each.data.open.amount) for each in told if is_payment(each)]


def is_payment(event: Any) -> bool:
    return isinstance(event.data, InvoicePaid)


def pay(sap: Tenant, number: str, amount: str | None = None) -> None:
    part = {} if amount is None else {"amount": amount}
    assert sap.sim("POST", "payments", {"billing_document": number} | part).status_code < 300


def test_an_invoice_is_billed_with_tax_to_the_cent(sap: Tenant) -> None:
    result = post(three_lines(), ready(sap))
    assert (result.net, result.tax, result.gross) == (Decimal("99.99"), Decimal("19.00"), Decimal("118.99"))
    rows = sap.rows(f"{BILLS}A_BillingDocumentItem")
    assert [(row["BillingQuantity"], row["NetAmount"]) for row in rows] == [("50.000", "33.33")] * 3
    (head,) = sap.rows(f"{BILLS}A_BillingDocument")
    assert (head["BillingDocumentType"], head["CustomerPaymentTerms"], head["AssignmentReference"]) == (
        "F2",
        "NT30",
        "PO-77",
    )


@pytest.mark.parametrize("action", ["commit_then_drop", "commit_then_500", "drop"])
def test_a_request_whose_billing_was_lost_is_billed_once(sap: Tenant, action: str) -> None:
    ports, of = ready(sap), three_lines()
    sap.plant(action, **BILLED)
    with pytest.raises(Transient):
        post(of, ports)
    result = post(of, ports)
    assert post(of, ports) == result
    assert len(sap.rows(f"{BILLS}A_BillingDocument")) == len(sap.rows(f"{DEBITS}A_DebitMemoRequest")) == 1


def test_what_is_seen_late_is_waited_for_and_not_made_again(sap: Tenant) -> None:
    ports, of = ready(sap, settle_s=30), three_lines()
    sap.plant("late_visible", method="POST", path="A_DebitMemoRequest$", seconds=0.4)
    for code in ("unknown_outcome", "erp_record_not_visible"):
        with pytest.raises(Transient) as fault:
            post(of, ports)
        assert fault.value.code == code
    ports.clock.pass_(seconds=31)
    wait_until_shown(sap)
    post(of, ports)
    assert len(sap.rows(f"{DEBITS}A_DebitMemoRequest")) == 1


def wait_until_shown(sap: Tenant) -> None:
    deadline = time.monotonic() + 10
    while not sap.rows(f"{DEBITS}A_DebitMemoRequest"):
        assert time.monotonic() < deadline, "never seen"
        time.sleep(0.02)


def test_an_object_locked_by_somebody_is_tried_again(sap: Tenant) -> None:
    ports, of = ready(sap), three_lines()
    sap.plant("locked", method="POST", path="A_DebitMemoRequest")
    with pytest.raises(Transient):
        post(of, ports)
    assert post(of, ports).gross == Decimal("118.99")


def test_a_session_lost_between_two_calls_is_opened_again(sap: Tenant) -> None:
    ports = ready(sap)
    sap.sim("DELETE", "sessions")
    assert post(three_lines(), ports).gross == Decimal("118.99")


def test_an_invoice_cancelled_there_is_not_posted_again(sap: Tenant) -> None:
    ports, of = ready(sap), three_lines()
    number = post(of, ports).number
    sap.log_in()
    assert sap.call("POST", f"{BILLS}Cancel?BillingDocument='{number}'").status_code == 200
    with pytest.raises(BusinessException) as dead:
        post(of, ports)
    assert dead.value.code == "erp_invoice_dead"
    assert paid(ports) == []


def test_a_closed_period_is_told_as_one(sap: Tenant) -> None:
    ports = ready(sap)
    assert sap.sim("POST", "periods/close", {"company_code": "1010", "period": "2026-10"}).status_code < 300
    with pytest.raises(BusinessException) as closed:
        post(three_lines(), ports)
    assert closed.value.code == "posting_period_closed"


def test_a_customer_of_two_legal_entities_is_one_partner_with_two_sales_areas(sap: Tenant) -> None:
    ports = sap_ports(sap)
    german = reference.step(customer(), ports)
    american = reference.step(
        customer("Muster Holding AG", currency="USD").model_copy(update={"legal_entity_id": "US"}), ports
    )
    assert german == american
    expand = "to_Customer/to_CustomerSalesArea,to_Customer/to_CustomerCompany"
    (row,) = sap.rows(f"{PARTNERS}A_BusinessPartner", expand=expand)
    assert (row["OrganizationBPName1"], row["BusinessPartnerIDByExtSystem"]) == (
        "Muster Holding AG",
        partner_key(CUSTOMER),
    )
    areas = row["to_Customer"]["to_CustomerSalesArea"]["results"]
    assert {(area["SalesOrganization"], area["Currency"]) for area in areas} == {("1010", "EUR"), ("1710", "USD")}
    assert len(row["to_Customer"]["to_CustomerCompany"]["results"]) == 2


def test_a_customer_that_moved_has_the_new_address_and_tax_number(sap: Tenant) -> None:
    ports = sap_ports(sap)
    reference.step(customer(), ports)
    moved = customer(tax_number="DE129273398")
    party = moved.customer.model_copy(update={"address": moved.customer.address.model_copy(update={"city": "Bonn"})})
    reference.step(moved.model_copy(update={"customer": party}), ports)
    (row,) = sap.rows(f"{PARTNERS}A_BusinessPartner", expand="to_BusinessPartnerAddress,to_BusinessPartnerTax")
    assert [each["CityName"] for each in row["to_BusinessPartnerAddress"]["results"]] == ["Bonn"]
    assert [each["BPTaxNumber"] for each in row["to_BusinessPartnerTax"]["results"]] == ["DE129273398"]


def test_a_project_whose_release_was_lost_is_released_by_the_next_try(sap: Tenant) -> None:
    ports = sap_ports(sap)
    reference.step(customer(), ports)
    sap.plant("drop", method="POST", path="ChangeEntProjProcgStatus")
    with pytest.raises(Transient):
        reference.step(project(), ports)
    reference.step(project(), ports)
    (row,) = sap.rows(f"{PROJECTS}A_EnterpriseProject")
    assert row["ProcessingStatus"] == "10"


def test_a_project_of_an_unknown_customer_is_refused(sap: Tenant) -> None:
    with pytest.raises(BusinessException) as refused:
        reference.step(project(), sap_ports(sap))
    assert refused.value.code == "erp_customer_missing"


def test_a_part_payment_is_told_before_the_rest(sap: Tenant) -> None:
    ports = ready(sap)
    number = post(three_lines(), ports).number
    assert paid(ports) == []
    pay(sap, number, "18.99")
    assert paid(ports) == [("part_paid", Decimal("18.99"), Decimal("100.00"))]
    pay(sap, number)
    assert paid(ports)[1:] == [("paid", Decimal("118.99"), Decimal(0))]
    assert len(paid(ports)) == 2


def test_an_old_invoice_paid_after_many_scans_is_still_told(sap: Tenant) -> None:
    """A payment does not move its change time: scans begin with the oldest open one."""
    ports = ready(sap, overlap_minutes=0, page_size=2)
    old, *others = [post(three_lines(), ports).number for _ in range(4)]
    for number in others:
        pay(sap, number)
    for _ in range(6):
        paid(ports)
    pay(sap, old)
    for _ in range(3):
        told = paid(ports)
    assert len(told) == 4


def test_a_memo_is_set_against_its_invoice_as_far_as_that_has_room(sap: Tenant) -> None:
    ports = ready(sap)
    open_one, paid_one, part_paid = three_lines(), three_lines(), three_lines()
    post(open_one, ports)
    pay(sap, post(paid_one, ports).number)
    pay(sap, post(part_paid, ports).number, "100.00")
    applied = [credit(of, ports).applied for of in (open_one, paid_one, part_paid)]
    assert applied == [Decimal("118.99"), Decimal(0), Decimal("18.99")]


def test_a_memo_against_an_invoice_that_is_not_there_is_refused(sap: Tenant) -> None:
    with pytest.raises(BusinessException) as refused:
        credit(three_lines(), ready(sap))
    assert refused.value.code == "erp_invoice_missing"


def test_a_memo_told_of_by_an_event_tells_of_its_invoice(sap: Tenant) -> None:
    ports, of = ready(sap), three_lines()
    post(of, ports)
    memo = credit(of, ports)
    hear_billing.handler.step(hear_billing.BillingHeard(billing_document=memo.number), ports)
    (event,) = [each for each in ports.outbox.events.values() if is_payment(each)]
    assert (event.subject, event.data.state) == (of.invoice_id, "paid")
    assert len(paid(ports)) == 1


def test_an_event_that_comes_before_its_document_waits(sap: Tenant) -> None:
    with pytest.raises(Transient):
        hear_billing.handler.step(hear_billing.BillingHeard(billing_document="0090000099"), sap_ports(sap))


def test_a_total_that_the_tenant_reckons_otherwise_is_told_as_it_is(sap: Tenant) -> None:
    """Tax by item: three times 6.33 is a cent below 19.00 on the sum."""
    sap.choose(tax_rounding="item")
    ports, of = ready(sap), three_lines()
    assert post(of, ports).gross == Decimal("118.98")
    with pytest.raises(BusinessException) as refused:
        post(of, ports)
    assert refused.value.code == "amount_disagreement"


def test_lines_above_and_below_zero_come_to_our_net(sap: Tenant) -> None:
    time = ExternalRef("kantata", "time_entry", "1")
    lines = [
        line("33.33", "EUR", STANDARD, time),
        replace(line("33.33", "EUR", STANDARD, time), quantity=Decimal(-20), net=Money(Decimal("-13.33"), "EUR")),
        replace(line("10.01", "EUR", STANDARD, None), unit="each", quantity=Decimal(1)),
    ]
    result = post(document(lines), ready(sap))
    assert (result.net, result.gross) == (Decimal("30.01"), Decimal("35.71"))
