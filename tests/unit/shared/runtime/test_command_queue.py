"""Commands of waiting sagas: every end but "later" answers the saga."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from events.commands import COMMANDS, PostInvoice, PostInvoiceResult
from events.values import Party, Ref
from shared.adapters.correlation import correlation, cut_off_at, for_entity
from shared.faults import BusinessException, Duplicate, Poison, Throttled, Transient
from shared.runtime.command_queue import command_queue
from shared.runtime.handler import Handler
from tests.fakes.ports import FakePorts
from tests.unit.shared.runtime.conftest import Lines
from tests.unit.shared.runtime.deliveries import QUEUE_ARN, batch, failed

RESULT = PostInvoiceResult.model_validate(
    {
        "ref": Ref(system="netsuite", kind="invoice", id="1042"),
        "number": "INV1001",
        "net": "100.00",
        "tax": "19.00",
        "gross": "119.00",
        "currency": "EUR",
        "issued_on": "2026-03-31",
    }
)


def order(**changed: Any) -> str:
    payload = {"invoice_id": "i-1", "legal_entity_id": "DE", "document_key": "invoices/i-1/document.json"}
    message = {
        "command": "PostInvoice",
        "task_token": "token-1",
        "correlation_id": "contract-1",
        "execution": "i-1",
        "payload": payload,
    }
    return json.dumps({**message, **changed})


def lane(ports: FakePorts, outcome: PostInvoiceResult | Exception | None) -> Handler[Any]:
    def post(command: PostInvoice, ports: FakePorts) -> PostInvoiceResult | None:
        assert command.invoice_id == "i-1"
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return command_queue({PostInvoice: post}, lane="posting", wire=lambda: ports)


def test_a_result_answers_the_saga_with_amounts_as_texts() -> None:
    ports = FakePorts()
    assert failed(lane(ports, RESULT)(batch(order()), None)) == []
    assert ports.tasks.succeeded["token-1"] == RESULT.model_dump(mode="json")
    assert ports.tasks.succeeded["token-1"]["gross"] == "119.00"


@pytest.mark.parametrize("first", [RESULT.model_dump(mode="json"), RESULT.model_dump_json()])
def test_a_duplicate_answers_the_saga_with_the_first_result(first: Any) -> None:
    ports = FakePorts()
    assert failed(lane(ports, Duplicate("stands_already", result=first))(batch(order()), None)) == []
    assert ports.tasks.succeeded["token-1"]["number"] == "INV1001"
    assert ports.counts.read() == {"duplicates_received": 1}


def test_a_refusal_fails_the_sagas_task_under_its_name_with_code_and_facts() -> None:
    ports = FakePorts()
    refusal = BusinessException("posting_period_closed", period="2026-03")
    assert failed(lane(ports, refusal)(batch(order()), None)) == []
    error, cause = ports.tasks.failed["token-1"]
    assert error == "BusinessException"
    assert json.loads(cause) == {"code": "posting_period_closed", "facts": {"period": "2026-03"}}


@pytest.mark.parametrize("later", [Transient("unknown_outcome"), Throttled("erp_busy", 9), RuntimeError("bug")])
def test_what_may_work_later_leaves_the_saga_waiting(later: Exception) -> None:
    ports = FakePorts()
    assert failed(lane(ports, later)(batch(order()), None)) == ["m0"]
    assert (ports.tasks.succeeded, ports.tasks.failed) == ({}, {})
    assert "r0" in ports.inbox.delayed


def test_while_one_delivery_is_under_way_another_of_the_same_subject_is_put_off() -> None:
    ports = FakePorts()
    second: list[Any] = []

    def post(command: PostInvoice, _: FakePorts) -> PostInvoiceResult:
        if not second:
            second.append(None)
            second[0] = failed(handler(batch(order(task_token="token-2")), None))
        return RESULT

    handler = command_queue({PostInvoice: post}, lane="posting", wire=lambda: ports)
    assert failed(handler(batch(order()), None)) == []
    assert second == [["m0"]] and list(ports.tasks.succeeded) == ["token-1"]
    assert failed(handler(batch(order(task_token="token-2")), None)) == []


@pytest.mark.parametrize("fault", [Transient("unknown_outcome"), BusinessException("refused"), RuntimeError("bug")])
def test_however_a_command_ends_the_next_about_its_subject_need_not_wait(fault: Exception) -> None:
    ports = FakePorts()
    lane(ports, fault)(batch(order()), None)
    assert failed(lane(ports, RESULT)(batch(order()), None)) == []


def test_every_command_says_what_it_is_about() -> None:
    party = {"customer_id": "c-1"}
    for model in COMMANDS.values():
        fields = dict.fromkeys(("project_id", "invoice_id"), "s-1") | {
            "legal_entity_id": "US",
            "customer": Party.model_construct(**party),
        }
        assert model.model_construct(**fields).subject in ("s-1", "c-1"), model


def test_a_repeat_after_a_lost_answer_to_the_saga_is_no_error() -> None:
    ports = FakePorts()
    handler = lane(ports, RESULT)
    assert failed(handler(batch(order()), None)) == failed(handler(batch(order()), None)) == []


@pytest.mark.parametrize(
    "body",
    [order(command="PaintHouse"), order(payload={"invoice_id": "i-1"}), order(payload={"surprise": 1})],
)
def test_an_order_nobody_understands_fails_its_task_and_is_kept(body: str) -> None:
    ports = FakePorts()
    assert failed(lane(ports, RESULT)(batch(body), None)) == []
    assert ports.tasks.failed["token-1"][0] == "Poison"
    assert [raw for raw, _, _ in ports.inbox.quarantined] == [body]


def test_poison_out_of_the_vendors_answer_fails_the_task_and_is_kept() -> None:
    ports = FakePorts()
    lane(ports, Poison("erp_answer_unreadable"))(batch(order()), None)
    assert json.loads(ports.tasks.failed["token-1"][1])["code"] == "erp_answer_unreadable"
    assert len(ports.inbox.quarantined) == 1


def test_a_message_without_a_token_is_only_kept() -> None:
    ports = FakePorts()
    assert failed(lane(ports, RESULT)(batch("{}"), None)) == []
    assert [code for _, _, code in ports.inbox.quarantined] == ["command_unreadable"]


def test_the_token_is_never_logged(logged: Lines) -> None:
    for outcome in (RESULT, BusinessException("no"), Transient("later"), RuntimeError("x")):
        lane(FakePorts(), outcome)(batch(order(task_token="hush-token")), None)
    lane(FakePorts(), RESULT)(batch(order(task_token="hush-token", payload={})), None)
    assert len(logged()) >= 10
    assert "hush" not in str(logged())


def test_a_vendor_call_knows_its_thread() -> None:
    seen: list[str | None] = []

    def post(command: PostInvoice, ports: FakePorts) -> None:
        seen.append(correlation.get())

    command_queue({PostInvoice: post}, lane="posting", wire=FakePorts)(batch(order()), None)
    assert (seen, correlation.get()) == (["contract-1"], None)


def test_the_seam_executes_one_command() -> None:
    command = PostInvoice(invoice_id="i-1", legal_entity_id="DE", document_key="k")
    assert lane(FakePorts(), RESULT).step(command, FakePorts()) == RESULT


@pytest.mark.parametrize("code", ["vendor_down", "vendor_paused"])
def test_a_command_whose_vendor_must_not_be_asked_waits_as_a_new_message_for_its_entity(code: str) -> None:
    ports = FakePorts()
    shut = Throttled(code, 240, account="netsuite", lane="posting", entity="DE")
    assert failed(lane(ports, shut)(batch(order(), receives=20), None)) == []
    assert ports.inbox.sent_anew == [(QUEUE_ARN, order(), 240, "DE")]
    assert not ports.inbox.delayed and not ports.tasks.succeeded and not ports.tasks.failed
    assert ports.counts.added == [("waits_for_vendor", 1, {"account": "netsuite", "reason": code})]


def test_a_command_that_cannot_be_sent_anew_stays_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = FakePorts()

    def refused(*args: Any, **kwargs: Any) -> None:
        raise Transient("aws_unavailable")

    monkeypatch.setattr(ports.inbox, "send_anew", refused)
    assert failed(lane(ports, Throttled("vendor_down", 240))(batch(order()), None)) == ["m0"]
    assert ports.inbox.delayed == {"r0": 240}


def test_a_call_knows_for_which_legal_entity_it_is_and_when_it_is_cut_off() -> None:
    ports, seen = FakePorts(), []

    def post(command: PostInvoice, ports: FakePorts) -> None:
        seen.append((for_entity.get(), cut_off_at.get()))

    class Context:
        aws_request_id = "r-1"

        def get_remaining_time_in_millis(self) -> int:
            return 20_000

    command_queue({PostInvoice: post}, lane="posting", wire=lambda: ports)(batch(order()), Context())
    ((entity, cut_off),) = seen
    assert entity == "DE" and 15 < cut_off - time.monotonic() <= 20
    assert (for_entity.get(), cut_off_at.get()) == ("", None)
