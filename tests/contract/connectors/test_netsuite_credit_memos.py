"""Credit memos to NetSuite on the simulator: once, set against their invoice, whatever is repeated or lost on the way."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from events.commands import PostCreditMemo, PostCreditMemoResult
from functions.connectors.netsuite.commands import posting
from functions.connectors.netsuite.pull_payments import pull_payments
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import BillingGroup, Invoice, InvoiceDocument, InvoiceKind, InvoiceStatus
from shared.faults import BusinessException, Duplicate, Throttled, Transient
from tests.contract.connectors.documents import STANDARD, as_json, document, line
from tests.contract.connectors.netsuite_ports import NetSuiteFakes
from tests.contract.connectors.test_netsuite_commands import command_for, ready, three_lines
from tests.contract.connectors.test_netsuite_payments import OurInvoices, pay
from tests.contract.simulators.netsuite_account import Account

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate


def invoiced(account: Account) -> tuple[NetSuiteFakes, InvoiceDocument]:
    """118.99: three lines of 33.33 and 19.00 of tax."""
    ports = ready(account)
    of_invoice = three_lines()
    posting.step(command_for(of_invoice, ports), ports)
    return ports, of_invoice


def memo_for(of_invoice: InvoiceDocument, *nets: str) -> InvoiceDocument:
    """Credits so much of its lines, whole when nothing is said."""
    lines = of_invoice.lines if not nets else [line(net, "EUR", STANDARD, None) for net in nets]
    return replace(
        document(lines),
        invoice_id=derived_id("credit_memo", of_invoice.invoice_id, *nets),
        kind=InvoiceKind.CREDIT_MEMO,
        credits=of_invoice.invoice_id,
        reason="Wrong rate",
    )


def command_of(memo: InvoiceDocument, ports: NetSuiteFakes) -> PostCreditMemo:
    ports.documents.put(f"memo-{memo.invoice_id}", as_json(memo))
    return PostCreditMemo(invoice_id=memo.invoice_id, legal_entity_id="DE", document_key=f"memo-{memo.invoice_id}")


def post(command: PostCreditMemo, ports: NetSuiteFakes) -> PostCreditMemoResult:
    """As the queue would: what stood already is as good as what was made now."""
    try:
        return posting.step(command, ports)
    except Duplicate as repeat:
        return PostCreditMemoResult.model_validate(repeat.result)


def in_erp(account: Account) -> list[dict[str, Any]]:
    account.log_in()
    return account.rows("SELECT id, tranid, foreigntotal FROM transaction WHERE type = 'CustCred' ORDER BY id")


def invoice_in_erp(account: Account, of_invoice: InvoiceDocument) -> dict[str, Any]:
    account.log_in()
    return account.read(f"invoice/eid:{of_invoice.invoice_id}")


def test_a_full_memo_is_posted_to_the_cent_and_settles_its_invoice(netsuite: Account) -> None:
    ports, of_invoice = invoiced(netsuite)
    memo = memo_for(of_invoice)
    result = posting.step(command_of(memo, ports), ports)
    assert (result.net, result.tax, result.gross) == (Decimal("99.99"), Decimal("19.00"), Decimal("118.99"))
    assert (result.applied, result.ref.kind) == (Decimal("118.99"), "credit_memo")
    (row,) = in_erp(netsuite)
    assert (result.ref.id, result.number) == (row["id"], row["tranid"])
    invoice = invoice_in_erp(netsuite, of_invoice)
    assert (invoice["amountRemaining"], invoice["status"]["id"]) == (0, "B")
    record = netsuite.read(f"creditMemo/eid:{memo.invoice_id}", expandSubResources="true")
    assert [each["amount"] for each in record["item"]["items"]] == [33.33] * 3
    assert "Wrong rate" in record["memo"]


def test_a_partial_memo_leaves_the_rest_of_its_invoice_open(netsuite: Account) -> None:
    ports, of_invoice = invoiced(netsuite)
    result = posting.step(command_of(memo_for(of_invoice, "10.00"), ports), ports)
    assert (result.gross, result.applied) == (Decimal("11.90"), Decimal("11.90"))
    invoice = invoice_in_erp(netsuite, of_invoice)
    assert (invoice["amountRemaining"], invoice["status"]["id"]) == (107.09, "A")


def test_two_memos_of_one_invoice_add_up(netsuite: Account) -> None:
    ports, of_invoice = invoiced(netsuite)
    for net in ("10.00", "20.00"):
        posting.step(command_of(memo_for(of_invoice, net), ports), ports)
    assert invoice_in_erp(netsuite, of_invoice)["amountRemaining"] == 83.29
    assert len(in_erp(netsuite)) == 2


@pytest.mark.parametrize(("paid", "applied"), [("118.99", "0.00"), ("110.00", "8.99")])
def test_no_more_is_applied_than_the_invoice_has_open(netsuite: Account, paid: str, applied: str) -> None:
    ports, of_invoice = invoiced(netsuite)
    pay(netsuite, of_invoice.invoice_id, paid)
    result = posting.step(command_of(memo_for(of_invoice, "10.00"), ports), ports)
    assert (result.gross, result.applied) == (Decimal("11.90"), Decimal(applied))
    assert invoice_in_erp(netsuite, of_invoice)["amountRemaining"] == 0


def test_the_same_memo_again_answers_with_the_first_result(netsuite: Account) -> None:
    ports, of_invoice = invoiced(netsuite)
    command = command_of(memo_for(of_invoice, "10.00"), ports)
    first = posting.step(command, ports)
    with pytest.raises(Duplicate) as repeat:
        posting.step(command, ports)
    assert PostCreditMemoResult.model_validate(repeat.value.result) == first
    assert len(in_erp(netsuite)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "commit_then_drop"},
        {"action": "commit_then_500"},
        {"action": "drop"},
        {"action": "status", "status": 503},
        {"action": "throttle"},
        {"action": "expire_token"},
    ],
    ids=lambda fault: fault["action"],
)
@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_a_memo_stands_once_whatever_happens_to_a_call(netsuite: Account, fault: dict[str, Any], method: str) -> None:
    ports, of_invoice = invoiced(netsuite)
    command = command_of(memo_for(of_invoice, "10.00"), ports)
    netsuite.plant(**fault, method=method, path="/record/v1/creditMemo")
    for _ in range(3):
        try:
            result = post(command, ports)
        except (Transient, Throttled):
            continue
        break
    assert (result.gross, result.applied) == (Decimal("11.90"), Decimal("11.90"))
    assert len(in_erp(netsuite)) == 1
    assert invoice_in_erp(netsuite, of_invoice)["amountRemaining"] == 107.09
    record = netsuite.read(f"creditMemo/eid:{command.invoice_id}", expandSubResources="true")
    assert record["apply"]["totalResults"] == record["item"]["totalResults"] == 1


def test_a_memo_written_over_an_unseen_one_is_applied_once(netsuite: Account) -> None:
    """The first attempt was committed late: its look-up finds nothing, the PUT meets it."""
    ports, of_invoice = invoiced(netsuite)
    command = command_of(memo_for(of_invoice), ports)
    netsuite.plant("late_visible", method="PUT", path="/record/v1/creditMemo", seconds=1)
    deadline = time.monotonic() + 30
    attempts, result = 0, None
    while result is None and time.monotonic() < deadline:
        attempts += 1
        try:
            result = post(command, ports)
        except Transient:
            time.sleep(0.1)
    assert result is not None and attempts > 2
    assert (result.gross, result.applied) == (Decimal("118.99"), Decimal("118.99"))
    assert (len(in_erp(netsuite)), invoice_in_erp(netsuite, of_invoice)["amountRemaining"]) == (1, 0)


def test_a_memo_that_was_made_but_not_applied_is_applied_by_the_next_attempt(netsuite: Account) -> None:
    ports, of_invoice = invoiced(netsuite)
    memo = memo_for(of_invoice, "10.00")
    ports.references.link(ExternalRef("netsuite", "asked", memo.invoice_id), memo.invoice_id)
    netsuite.plant("commit_then_drop", method="PUT", path="/record/v1/creditMemo")
    assert post(command_of(memo, ports), ports).applied == Decimal("11.90")
    assert invoice_in_erp(netsuite, of_invoice)["amountRemaining"] == 107.09


def test_a_memo_that_stands_with_another_total_is_a_disagreement(netsuite: Account) -> None:
    ports, of_invoice = invoiced(netsuite)
    memo = memo_for(of_invoice, "10.00")
    posting.step(command_of(memo, ports), ports)
    other = replace(memo_for(of_invoice, "20.00"), invoice_id=memo.invoice_id)
    with pytest.raises(BusinessException) as refused:
        posting.step(command_of(other, ports), ports)
    assert (refused.value.code, refused.value.facts["theirs"]) == ("amount_disagreement", "11.90")


def test_a_closed_period_is_a_business_exception_and_goes_on_once_open(netsuite: Account) -> None:
    ports, of_invoice = invoiced(netsuite)
    command = command_of(memo_for(of_invoice, "10.00"), ports)
    netsuite.sim("POST", "periods/close", {"period": "2026-10"})
    with pytest.raises(BusinessException) as refused:
        posting.step(command, ports)
    assert refused.value.code == "posting_period_closed"
    netsuite.sim("POST", "periods/open", {"period": "2026-10"})
    assert post(command, ports).gross == Decimal("11.90")


def test_a_memo_of_an_invoice_that_netsuite_does_not_know_is_refused(netsuite: Account) -> None:
    ports = ready(netsuite)
    with pytest.raises(BusinessException) as refused:
        posting.step(command_of(memo_for(three_lines(), "10.00"), ports), ports)
    assert refused.value.code == "erp_invoice_missing"
    assert in_erp(netsuite) == []


def test_the_payments_feed_tells_a_credited_invoice_as_settled(netsuite: Account) -> None:
    ports, of_invoice = invoiced(netsuite)
    ports.invoices = OurInvoices()  # type: ignore[assignment]
    group = BillingGroup("DE", of_invoice.customer_id, of_invoice.contract_id, "monthly", "EUR", None)
    ports.invoices.known[of_invoice.invoice_id] = Invoice(  # type: ignore[attr-defined]
        of_invoice.invoice_id, group, of_invoice.period_end, 1, InvoiceStatus.POSTED
    )
    posting.step(command_of(memo_for(of_invoice), ports), ports)
    while pull_payments(ports):
        pass
    [told] = ports.outbox.of_type("invoice.paid")
    assert (told.data.state, told.data.paid.amount, told.data.open.amount) == ("paid", Decimal("118.99"), Decimal(0))
