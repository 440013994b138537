"""Commands to NetSuite on the simulator: once, exact to the cent, whatever is repeated or lost on the way."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.commands import CommandMessage, EnsureCustomer, EnsureErpProject, PostInvoice, PostInvoiceResult
from events.values import Party, PostalAddress, Ref
from functions.connectors.netsuite.commands import posting, reference
from functions.connectors.netsuite.push_invoice import post_invoice
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import InvoiceDocument, LineOrigin
from shared.faults import BusinessException, Duplicate, Throttled, Transient
from shared.runtime.command_queue import command_queue
from tests.contract.connectors.documents import OUTSIDE, STANDARD, as_json, document, line
from tests.contract.connectors.netsuite_ports import NetSuiteFakes, netsuite_ports
from tests.contract.simulators.netsuite_account import Account

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate
CUSTOMER, PROJECT = derived_id("customer", "c"), derived_id("project", "p")


def customer(name: str = "Muster AG", **changes: Any) -> EnsureCustomer:
    address = PostalAddress(street="Hauptstr. 1", city="Berlin", postal_code="10115", country="DE")
    account = Ref(system="salesforce", kind="account", id="001")
    values: dict[str, Any] = {"customer_id": CUSTOMER, "ref": account, "name": name, "address": address}
    party = Party(**(values | {"tax_number": "DE811907980", "currency": "EUR"} | changes))
    return EnsureCustomer(legal_entity_id="DE", customer=party)


def project(**changes: Any) -> EnsureErpProject:
    values: dict[str, Any] = {"project_id": PROJECT, "contract_id": "k", "contract_reference": "C-2026-7"}
    values |= {"legal_entity_id": "DE", "customer_id": CUSTOMER, "name": "Rollout", "currency": "EUR"}
    return EnsureErpProject(**(values | {"starts_on": date(2026, 3, 1)} | changes))


def ready(account: Account, **changes: Any) -> NetSuiteFakes:
    ports = netsuite_ports(account, **changes)
    reference.step(customer(), ports)
    reference.step(project(), ports)
    return ports


def three_lines() -> InvoiceDocument:
    """Three times 33.33 at 19 %: 18.99 by line, 19.00 by group."""
    refs = [ExternalRef("kantata", "time_entry", str(9000 + n)) for n in range(3)]
    return document([line("33.33", "EUR", STANDARD, ref) for ref in refs])


def command_for(of_invoice: InvoiceDocument, ports: NetSuiteFakes) -> PostInvoice:
    ports.documents.put("doc", as_json(of_invoice))
    return PostInvoice(invoice_id=of_invoice.invoice_id, legal_entity_id="DE", document_key="doc")


def post(command: PostInvoice, ports: NetSuiteFakes) -> PostInvoiceResult:
    """As the queue would: what stood already is as good as what was made now."""
    try:
        return posting.step(command, ports)
    except Duplicate as repeat:
        return PostInvoiceResult.model_validate(repeat.result)


def in_erp(account: Account) -> list[dict[str, Any]]:
    account.log_in()
    return account.rows("SELECT id, tranid, foreigntotal FROM transaction WHERE type = 'CustInvc' ORDER BY id")


def test_a_customer_is_made_once_with_one_address(netsuite: Account) -> None:
    ports = netsuite_ports(netsuite)
    first = reference.step(customer(), ports)
    again = reference.step(customer("Muster Holding AG"), ports)
    assert first == again and first.ref.kind == "customer"
    record = netsuite.read(f"customer/eid:{CUSTOMER}-DE", expandSubResources="true")
    assert (record["companyName"], record["vatRegNumber"]) == ("Muster Holding AG", "DE811907980")
    assert record["addressBook"]["totalResults"] == 1
    assert (record["subsidiary"]["id"], record["isPerson"]) == ("2", False)


def test_a_project_is_a_job_under_its_customer_once(netsuite: Account) -> None:
    ports = ready(netsuite)
    first, again = reference.step(project(), ports), reference.step(project(), ports)
    assert first == again and first.ref.kind == "job"
    assert len(netsuite.rows("SELECT id FROM job")) == 1
    assert netsuite.read(f"job/eid:{PROJECT}")["parent"]["id"] == netsuite.read(f"customer/eid:{CUSTOMER}-DE")["id"]


def test_a_project_of_an_unknown_customer_is_refused(netsuite: Account) -> None:
    with pytest.raises(BusinessException):
        reference.step(project(), netsuite_ports(netsuite))


def test_an_invoice_is_posted_and_read_back_to_the_cent(netsuite: Account) -> None:
    ports = ready(netsuite)
    of_invoice = three_lines()
    result = posting.step(command_for(of_invoice, ports), ports)
    assert (result.net, result.tax, result.gross) == (Decimal("99.99"), Decimal("19.00"), Decimal("118.99"))
    assert (result.currency, result.issued_on, result.due_on) == ("EUR", date(2026, 10, 31), date(2026, 11, 30))
    (row,) = in_erp(netsuite)
    assert (result.ref.id, result.number) == (row["id"], row["tranid"])
    record = netsuite.read(f"invoice/eid:{of_invoice.invoice_id}", expandSubResources="true")
    assert record["otherRefNum"] == "PO-77"
    lines = record["item"]["items"]
    assert [each["quantity"] for each in lines] == [0.83333] * 3
    assert [each["amount"] for each in lines] == [33.33] * 3


def test_an_invoice_without_tax_has_none_in_the_erp(netsuite: Account) -> None:
    ports = netsuite_ports(netsuite)
    us = customer(currency="USD", tax_number=None).model_copy(update={"legal_entity_id": "US"})
    reference.step(us, ports)
    reference.step(project(legal_entity_id="US", currency="USD"), ports)
    of_invoice = document([line("1033.13", "USD", OUTSIDE, None)], legal_entity="US")
    result = posting.step(command_for(of_invoice, ports), ports)
    assert (result.net, result.tax, result.gross) == (Decimal("1033.13"), Decimal(0), Decimal("1033.13"))


def test_a_line_taken_back_lowers_the_invoice(netsuite: Account) -> None:
    ports = ready(netsuite)
    ref = ExternalRef("kantata", "time_entry", "9000")
    back = line("-33.33", "EUR", STANDARD, ref, quantity=Decimal(-50))
    of_invoice = document([line("100.00", "EUR", STANDARD, ref, quantity=Decimal(150)), back])
    result = posting.step(command_for(of_invoice, ports), ports)
    assert (result.net, result.tax, result.gross) == (Decimal("66.67"), Decimal("12.67"), Decimal("79.34"))


@pytest.mark.parametrize(("covered", "net", "gross"), [("-60.00", "40.00", "47.60"), ("-100.00", "0.00", "0.00")])
def test_work_that_a_retainer_or_deposit_pays_lowers_the_invoice_to_zero(
    netsuite: Account, covered: str, net: str, gross: str
) -> None:
    ports = ready(netsuite)
    one = {"quantity": Decimal(1), "unit": "each", "price_base_quantity": Decimal(1)}
    work = line("100.00", "EUR", STANDARD, None, **one, unit_price=Decimal("100.00"))
    taken = one | {"quantity": Decimal(-1), "unit_price": -Decimal(covered), "origin": LineOrigin.COVERED}
    of_invoice = document([work, line(covered, "EUR", STANDARD, None, **taken)])
    result = posting.step(command_for(of_invoice, ports), ports)
    assert (result.net, result.gross) == (Decimal(net), Decimal(gross))


def test_the_same_invoice_again_answers_with_the_first_result(netsuite: Account) -> None:
    ports = ready(netsuite)
    command = command_for(three_lines(), ports)
    first = posting.step(command, ports)
    with pytest.raises(Duplicate) as repeat:
        posting.step(command, ports)
    assert PostInvoiceResult.model_validate(repeat.value.result) == first
    assert len(in_erp(netsuite)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "commit_then_drop"},
        {"action": "drop"},
        {"action": "status", "status": 503},
        {"action": "slow", "seconds": 0.2},
        {"action": "throttle"},
        {"action": "expire_token"},
    ],
    ids=lambda fault: fault["action"],
)
@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_an_invoice_stands_once_whatever_happens_to_a_call(
    netsuite: Account, fault: dict[str, Any], method: str
) -> None:
    ports = ready(netsuite)
    command = command_for(three_lines(), ports)
    netsuite.plant(**fault, method=method, path="/record/v1/invoice")
    for _ in range(3):
        try:
            result = post(command, ports)
        except (Transient, Throttled):
            continue
        break
    assert result.gross == Decimal("118.99")
    assert len(in_erp(netsuite)) == 1
    record = netsuite.read(f"invoice/eid:{command.invoice_id}", expandSubResources="true")
    assert len(record["item"]["items"]) == 3


def test_a_lost_answer_is_looked_up_at_once(netsuite: Account) -> None:
    ports = ready(netsuite)
    netsuite.plant("commit_then_drop", method="PUT", path="/record/v1/invoice")
    with pytest.raises(Duplicate) as found:
        posting.step(command_for(three_lines(), ports), ports)
    assert PostInvoiceResult.model_validate(found.value.result).gross == Decimal("118.99")


def test_a_throttled_invoice_is_not_made(netsuite: Account) -> None:
    ports = ready(netsuite)
    netsuite.plant("throttle", method="PUT", path="/record/v1/invoice")
    with pytest.raises(Throttled):
        posting.step(command_for(three_lines(), ports), ports)
    assert in_erp(netsuite) == []


def test_an_invoice_that_stands_with_another_total_is_a_disagreement(netsuite: Account) -> None:
    ports = ready(netsuite)
    of_invoice = three_lines()
    ports.references.link(ExternalRef("netsuite", "asked", of_invoice.invoice_id), of_invoice.invoice_id)
    body = netsuite.invoice_body({"quantity": 1, "rate": 50}, entity={"externalId": f"{CUSTOMER}-DE"})
    netsuite.write("PUT", f"invoice/eid:{of_invoice.invoice_id}", body)
    with pytest.raises(BusinessException) as refused:
        posting.step(command_for(of_invoice, ports), ports)
    assert (refused.value.code, refused.value.facts["ours"]) == ("amount_disagreement", "118.99")
    assert refused.value.facts["theirs"] != "118.99"


def test_a_closed_period_is_a_business_exception_and_goes_on_once_open(netsuite: Account) -> None:
    ports = ready(netsuite)
    command = command_for(three_lines(), ports)
    netsuite.sim("POST", "periods/close", {"period": "2026-10"})
    with pytest.raises(BusinessException) as refused:
        posting.step(command, ports)
    assert refused.value.code == "posting_period_closed"
    netsuite.sim("POST", "periods/open", {"period": "2026-10"})
    assert posting.step(command, ports).gross == Decimal("118.99")


def test_an_unmapped_tax_code_asks_nothing_of_netsuite(netsuite: Account) -> None:
    ports = ready(netsuite, tax_codes={})
    with pytest.raises(BusinessException) as refused:
        posting.step(command_for(three_lines(), ports), ports)
    assert (refused.value.code, refused.value.facts["tax"]) == ("erp_tax_code_unmapped", "S/19")
    assert in_erp(netsuite) == []


def test_posting_and_reference_calls_hold_slots_of_their_lanes(netsuite: Account) -> None:
    ports = ready(netsuite)
    posting.step(command_for(three_lines(), ports), ports)
    assert {lane for _, lane in ports.slots.leased} == {"reference", "posting"}


def delivered(command: PostInvoice) -> dict[str, Any]:
    """The command as SQS hands it to the function."""
    message = CommandMessage(
        command="PostInvoice",
        task_token="token-1",
        correlation_id="k",
        execution=command.invoice_id,
        payload=command.model_dump(mode="json"),
    )
    record = {"messageId": "m-1", "receiptHandle": "r-1", "body": message.model_dump_json()}
    record |= {"attributes": {"ApproximateReceiveCount": "1"}, "eventSource": "aws:sqs"}
    record |= {"eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:netsuite-posting"}
    return {"Records": [record]}


@pytest.mark.parametrize("lost", [False, True])
def test_the_saga_gets_number_and_totals_whether_or_not_an_answer_was_lost(netsuite: Account, lost: bool) -> None:
    ports = ready(netsuite)
    queue = command_queue({PostInvoice: post_invoice}, lane="posting", wire=lambda: ports)
    if lost:
        netsuite.plant("commit_then_drop", method="PUT", path="/record/v1/invoice")
    assert queue(delivered(command_for(three_lines(), ports)), None) == {"batchItemFailures": []}
    answer = ports.tasks.succeeded["token-1"]
    assert (answer["gross"], answer["tax"], answer["ref"]["kind"]) == ("118.99", "19.00", "invoice")
    assert answer["number"] == in_erp(netsuite)[0]["tranid"]


def test_a_refusal_fails_the_sagas_task_with_netsuites_words(netsuite: Account) -> None:
    ports = ready(netsuite)
    queue = command_queue({PostInvoice: post_invoice}, lane="posting", wire=lambda: ports)
    netsuite.sim("POST", "periods/close", {"period": "2026-10"})
    assert queue(delivered(command_for(three_lines(), ports)), None) == {"batchItemFailures": []}
    error, cause = ports.tasks.failed["token-1"]
    assert (error, json.loads(cause)["code"]) == ("BusinessException", "posting_period_closed")
    assert "closed" in json.loads(cause)["facts"]["detail"]


def test_a_busy_account_puts_the_command_off_and_the_saga_waits(netsuite: Account) -> None:
    ports = ready(netsuite)
    queue = command_queue({PostInvoice: post_invoice}, lane="posting", wire=lambda: ports)
    netsuite.plant("throttle", method="PUT", path="/record/v1/invoice")
    failures = queue(delivered(command_for(three_lines(), ports)), None)
    assert failures == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert not ports.tasks.succeeded and not ports.tasks.failed
