"""Steps of sagas: parsed input, JSON out, faults by their own name."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from events.values import DecimalText
from shared.faults import BusinessException, Duplicate, Poison
from shared.runtime.process_step import process_step
from tests.fakes.ports import FakePorts
from tests.unit.shared.runtime.conftest import Lines


class Order(BaseModel):
    invoice_id: str
    correlation_id: str


class Summary(BaseModel):
    invoice_id: str
    gross: DecimalText


INPUT = {"invoice_id": "i-1", "correlation_id": "c-1"}


def step_that(answers: Any) -> Any:
    @process_step(Order, wire=FakePorts)
    def handler(order: Order, ports: FakePorts) -> Any:
        if isinstance(answers, Exception):
            raise answers
        return answers

    return handler


def test_a_model_is_answered_as_json_with_amounts_as_texts() -> None:
    answer = step_that(Summary(invoice_id="i-1", gross=Decimal("1.10")))(INPUT, None)
    assert answer == {"invoice_id": "i-1", "gross": "1.10"}
    assert step_that({"a": 1})(INPUT, None) == {"a": 1}


@pytest.mark.parametrize("event", [{}, {"invoice_id": "i-1"}, {"invoice_id": 5, "correlation_id": "c"}, None, "x"])
def test_input_that_is_no_order_is_poison_that_quotes_nothing(event: Any) -> None:
    with pytest.raises(Poison) as caught:
        step_that({})(event, None)
    assert caught.value.code == "step_input_unreadable"


def test_a_fault_keeps_its_class_and_tells_code_and_facts_as_json() -> None:
    with pytest.raises(BusinessException) as caught:
        step_that(BusinessException("tax_undetermined", customer_id="c"))(INPUT, None)
    assert type(caught.value).__name__ == "BusinessException"
    assert json.loads(str(caught.value)) == {"code": "tax_undetermined", "facts": {"customer_id": "c"}}


def test_a_duplicate_answers_the_first_result_where_there_is_one() -> None:
    assert step_that(Duplicate("again", result={"invoice_id": "i-1"}))(INPUT, None) == {"invoice_id": "i-1"}
    with pytest.raises(Duplicate):
        step_that(Duplicate("again"))(INPUT, None)


def test_ports_are_wired_on_the_first_call_and_kept() -> None:
    wired: list[FakePorts] = []

    def wire() -> FakePorts:
        wired.append(FakePorts())
        return wired[-1]

    @process_step(Order, wire=wire)
    def handler(order: Order, ports: FakePorts) -> dict[str, bool]:
        return {"same": ports is wired[0]}

    assert wired == []
    assert handler(INPUT, None) == handler(INPUT, None) == {"same": True}
    assert len(wired) == 1


def test_a_failed_wiring_is_tried_again_on_the_next_call() -> None:
    tries: list[int] = []

    def wire() -> FakePorts:
        tries.append(1)
        if len(tries) == 1:
            raise LookupError("BILLWEAVE_TABLE is not set for this function")
        return FakePorts()

    @process_step(Order, wire=wire)
    def handler(order: Order, ports: FakePorts) -> dict[str, int]:
        return {}

    with pytest.raises(LookupError):
        handler(INPUT, None)
    assert handler(INPUT, None) == {}


def test_a_bug_is_logged_by_where_it_was_and_not_by_what_it_said(logged: Lines) -> None:
    with pytest.raises(ValueError, match="hush"):
        step_that(ValueError("hush: a payload"))(INPUT, None)
    assert logged()[-1]["outcome"] == "ValueError"
    assert any("test_process_step.py" in frame for frame in logged()[-1]["frames"])
    assert "hush" not in str(logged())


def test_every_line_carries_the_invocation_and_nothing_is_left_for_the_next(logged: Lines) -> None:
    context = type("Context", (), {"aws_request_id": "request-1"})()
    step_that({})(INPUT, context)
    step_that({})(INPUT | {"correlation_id": "c-2"}, None)
    assert [(line.get("aws_request_id"), line["correlation_id"]) for line in logged()] == [
        ("request-1", "c-1"),
        ("request-1", "c-1"),
        (None, "c-2"),
        (None, "c-2"),
    ]
