"""A tax service outside, by a JSON contract of our own that a small adapter in front of any vendor can speak.

POST <the legal entity's url>, body = TaxQuestion as JSON (dates ISO, None as null):
    {"legal_entity_id", "seller_country", "seller_tax_number", "customer_id", "buyer_country", "buyer_region",
     "buyer_postal_code", "buyer_tax_number", "service", "on", "currency"}
200: {"category": "S", "rate": "8.875", "reason": null, "rule": "NY services", "code": null}, the rate in percent as text;
422: {"missing": "buyer_region"}, what it would have to know. It must answer the same question the same way: a question
that is asked again after a crash is the same one. Source: docs/billing.md, "Tax".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import httpx
from pydantic import TypeAdapter

from shared.adapters.vendor_answer import VendorResponse
from shared.adapters.vendor_http import VendorHttp
from shared.domain.policies import TaxSource
from shared.domain.tax import TaxCategory, TaxDecision, TaxQuestion
from shared.faults import BusinessException, Fault, Poison, Throttled, Transient
from shared.ports.flow import PolicyBook

TIMEOUT_S = 10.0


class HttpTaxService:
    """transport: tests bring httpx.MockTransport."""

    def __init__(self, policies: PolicyBook, *, transport: httpx.BaseTransport | None = None) -> None:
        self._policies, self._transport = policies, transport

    def decide(self, question: TaxQuestion) -> TaxDecision:
        """Raises BusinessException("tax_undetermined" | "tax_service_unset"), Transient, Throttled or Poison."""
        policy = self._policies.current().tax_policy(question.legal_entity_id)
        if policy.decided_by is not TaxSource.SERVICE or not policy.url:
            raise BusinessException("tax_service_unset", legal_entity_id=question.legal_entity_id)
        body = TypeAdapter(TaxQuestion).dump_json(question)
        with VendorHttp("tax", policy.url, fault_of, timeout_s=TIMEOUT_S, transport=self._transport) as http:
            answer = http.post("", content=body, headers={"Content-Type": "application/json"}, reads=True)
        return _decision(answer)


def fault_of(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    if status == 429:
        after = headers.get("retry-after", "")
        return Throttled("tax_service_busy", int(after) if after.isdigit() else 5)
    if status >= 500:
        return Transient("tax_service_failed", status=str(status))
    return BusinessException("tax_undetermined", missing=_missing(body), status=str(status))


def _missing(body: bytes) -> str:
    """What the service names, cut short; it is shown to a person."""
    try:
        told = json.loads(body)
    except ValueError:
        return "service_answer"
    return str(told.get("missing") or "service_answer")[:80] if isinstance(told, dict) else "service_answer"


def _decision(answer: VendorResponse) -> TaxDecision:
    told = answer.json()
    try:
        category, rate = TaxCategory(told["category"]), Decimal(str(told["rate"]))
        if not 0 <= rate <= 100 or (category is TaxCategory.STANDARD) != (rate > 0):
            raise ValueError("rate")
        return TaxDecision(category, rate, _text(told.get("reason")), str(told["rule"]), _text(told.get("code")))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as exc:
        raise Poison("tax_answer_unreadable") from exc


def _text(value: object) -> str | None:
    return str(value) if value else None
