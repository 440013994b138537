"""What stopped a saga becomes an exception of the type finance declared, with the saga's token."""

from __future__ import annotations

import json

import pytest

from functions.processes.open_exception import OpenException, fault_in, handler
from shared.faults import BusinessException
from tests.fakes.ports import FakePorts
from tests.stories import CONTRACT, Fabric

OURS = json.dumps({"code": "posting_period_closed", "facts": {"period": "2026-03"}})
OF_LAMBDA = json.dumps({"errorMessage": OURS, "errorType": "BusinessException", "trace": ["line"]})


@pytest.mark.parametrize(
    ("error", "found"),
    [
        ({"Error": "BusinessException", "Cause": OURS}, ("posting_period_closed", {"period": "2026-03"})),
        ({"Error": "BusinessException", "Cause": OF_LAMBDA}, ("posting_period_closed", {"period": "2026-03"})),
        ({"Error": "BusinessException", "Cause": str(BusinessException("seal_broken"))}, ("seal_broken", {})),
        ({"Error": "States.Timeout"}, ("states_timeout", {})),
        ({"Error": "Lambda.Unknown", "Cause": "The process ended"}, ("lambda_unknown", {})),
        ({"Error": "TypeError", "Cause": json.dumps({"errorMessage": "no"})}, ("typeerror", {})),
        ({"Error": "X", "Cause": json.dumps({"code": "c", "facts": "none"})}, ("c", {})),
        ({}, ("unknown", {})),
    ],
)
def test_the_fault_of_a_state_is_read_whatever_its_form(
    error: dict[str, object], found: tuple[str, dict[str, str]]
) -> None:
    assert fault_in(error) == found


def raised(error: dict[str, object], ports: FakePorts, **more: str) -> str:
    command = OpenException(
        subject="invoice-1", correlation_id=CONTRACT, step="PostInvoice", error=error, task_token="token-1", **more
    )
    handler.step(command, ports)
    (trouble,) = ports.exceptions.list()
    assert trouble.task_token == "token-1" and trouble.facts["step"] == "PostInvoice"
    return f"{trouble.type} of {trouble.legal_entity_id}"


def test_a_declared_code_is_its_own_type() -> None:
    fabric = Fabric()
    fabric.sign()
    assert raised({"Error": "BusinessException", "Cause": OURS}, fabric.ports) == "posting_period_closed of US"


def test_a_code_nobody_declared_is_an_unexpected_refusal_that_names_it() -> None:
    ports = FakePorts()
    assert raised({"Error": "States.Timeout"}, ports) == "unexpected_refusal of firm"
    (trouble,) = ports.exceptions.list()
    assert trouble.facts["code"] == "states_timeout"


def test_the_legal_entity_is_the_one_told() -> None:
    assert raised({}, FakePorts(), legal_entity_id="DE") == "unexpected_refusal of DE"


def test_raised_again_it_learns_the_newest_token_and_tells_nobody_twice() -> None:
    ports = FakePorts()
    for token in ("token-1", "token-2"):
        handler.step(OpenException(subject="s", correlation_id="c", step="X", task_token=token), ports)
    (trouble,) = ports.exceptions.list()
    assert trouble.task_token == "token-2" and ports.counts.totals == {"exceptions_raised": 1}
    assert len(ports.outbox.of_type("exception.raised")) == 1
