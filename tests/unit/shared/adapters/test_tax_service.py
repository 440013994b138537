from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.adapters.tax_service import HttpTaxService
from shared.domain.policies import TaxPolicy, TaxSource
from shared.domain.tax import TaxCategory, TaxDecision, TaxQuestion
from shared.faults import BusinessException, Fault, Poison, Throttled, Transient
from tests.build import the_policies
from tests.fakes.flow import FakePolicyBook

QUESTION = TaxQuestion(
    "US", "US", "47-2193650", "cus-1", "US", "NY", "10001", None, "services", date(2026, 11, 3), "USD"
)
POLICIES = replace(
    the_policies(), tax_policies=(TaxPolicy("US", TaxSource.SERVICE, url="https://tax.example/v1/decide"),)
)


def asked(status: int, body: Any, headers: dict[str, str] | None = None) -> tuple[Any, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.Response(status, content=content, headers=headers)

    service = HttpTaxService(FakePolicyBook(POLICIES), transport=httpx.MockTransport(answer))
    try:
        return service.decide(QUESTION), seen
    except Fault as fault:
        return fault, seen


def test_a_question_is_told_whole_and_its_answer_is_the_decision() -> None:
    told, (request,) = asked(200, {"category": "S", "rate": "8.875", "reason": None, "rule": "NY"})
    assert told == TaxDecision(TaxCategory.STANDARD, Decimal("8.875"), None, "NY")
    sent = json.loads(request.content)
    assert str(request.url).rstrip("/") == "https://tax.example/v1/decide"
    assert (sent["buyer_region"], sent["on"], sent["buyer_tax_number"]) == ("NY", "2026-11-03", None)


@pytest.mark.parametrize(
    ("status", "body", "fault", "code"),
    [
        (422, {"missing": "buyer_region"}, BusinessException, "tax_undetermined"),
        (404, b"<html>", BusinessException, "tax_undetermined"),
        (429, {}, Throttled, "tax_service_busy"),
        (503, b"", Transient, "tax_service_failed"),
        (200, {"category": "S", "rate": "0", "rule": "x"}, Poison, "tax_answer_unreadable"),
        (200, {"category": "Q", "rate": "1", "rule": "x"}, Poison, "tax_answer_unreadable"),
        (200, {"category": "S", "rate": "many", "rule": "x"}, Poison, "tax_answer_unreadable"),
        (200, ["S"], Poison, "tax_answer_unreadable"),
    ],
)
def test_every_other_answer_is_one_of_the_faults(status: int, body: Any, fault: type[Fault], code: str) -> None:
    told, _ = asked(status, body)
    assert (type(told), told.code) == (fault, code)


def test_what_the_service_lacks_is_named() -> None:
    assert asked(422, {"missing": "buyer_region"})[0].facts["missing"] == "buyer_region"


def test_it_is_asked_only_for_a_legal_entity_whose_policy_says_so() -> None:
    service = HttpTaxService(FakePolicyBook(the_policies()))
    with pytest.raises(BusinessException, match="tax_service_unset"):
        service.decide(QUESTION)
