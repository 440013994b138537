"""S/4HANA's fault table: one case per row, and what is on no row."""

from __future__ import annotations

import json

import pytest

from functions.connectors.sap_s4hana.faults import BUSY_S, FAULTS, SHAPES, STATUSES, WORDS, fault_of
from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient


def v2(code: str, sentence: str = "No.") -> bytes:
    return json.dumps({"error": {"code": code, "message": {"lang": "en", "value": sentence}}}).encode()


def v4(code: str, sentence: str = "No.") -> bytes:
    return json.dumps({"error": {"code": code, "message": sentence, "details": []}}).encode()


CASES = [
    ("V1/302", "Sold-to party 999 not maintained", BusinessException, "erp_customer_missing"),
    ("CPD_PROJ/010", "Project P-1 already exists", Duplicate, "erp_record_exists"),
    ("V1/042", "Document 1 is currently being processed by user X", Transient, "erp_record_changed"),
    ("F5/201", "Posting period 010 2026 is not open for company code 1010", BusinessException, "posting_period_closed"),
    ("F5/286", "Period 010/2026 is CLOSED", BusinessException, "posting_period_closed"),
    ("/IWBEP/CM_MGW_RT/020", "Property 'X' is invalid", BusinessException, "erp_request_invalid"),
    ("BS/013", "System status CRTD is active", BusinessException, "erp_refused"),
]


@pytest.mark.parametrize("body_of", [v2, v4])
@pytest.mark.parametrize(("code", "sentence", "kind", "ours"), CASES)
def test_a_refusal_of_400_is_one_fault_in_either_version(
    code: str, sentence: str, kind: type[Fault], ours: str, body_of: object
) -> None:
    fault = fault_of(400, {}, body_of(code, sentence))  # type: ignore[operator]
    assert (type(fault), fault.code) == (kind, ours)
    assert (fault.facts["vendor_code"], fault.facts["detail"]) == (code, sentence)


def test_every_row_of_the_table_has_its_case() -> None:
    told = {ours for _, _, _, ours in CASES}
    rows = [*FAULTS.values(), *(row for _, row in WORDS), *(row for _, row in SHAPES)]
    assert {code for _, code in rows} == told


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_a_status_without_a_body_is_one_fault(status: int) -> None:
    fault = fault_of(status, {}, b"")
    assert (type(fault), fault.code) == STATUSES[status]


def test_a_missing_token_is_told_apart_from_a_missing_authorization() -> None:
    body = v2("/IWFND/CM_COMMON/003", "CSRF token validation failed")
    assert fault_of(403, {"x-csrf-token": "Required"}, body).code == "erp_session_ended"
    assert fault_of(403, {"X-CSRF-Token": "required"}, b"").code == "erp_session_ended"
    assert fault_of(403, {}, body).code == "erp_permission_missing"


@pytest.mark.parametrize("status", [429, 503])
def test_throttling_waits_as_long_as_it_is_told(status: int) -> None:
    fault = fault_of(status, {"Retry-After": "17"}, b"<html></html>")
    assert isinstance(fault, Throttled) and fault.retry_after_s == 17


def test_throttling_without_a_time_has_ours_and_503_without_one_is_an_outage() -> None:
    busy = fault_of(429, {"Retry-After": "Fri, 31 Dec 2026 23:59:59 GMT"}, b"")
    assert isinstance(busy, Throttled) and busy.retry_after_s == BUSY_S
    assert type(fault_of(503, {}, b"<html></html>")) is Transient


def test_an_xml_error_is_read_too() -> None:
    xml = b'<?xml version="1.0"?><error><code>V1/302</code><message xml:lang="en">Sold-to party</message></error>'
    assert fault_of(400, {}, xml).code == "erp_customer_missing"


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"[]", b'{"error": 1}', v2("SOMETHING"), v2("V1-302")])
def test_what_is_on_no_row_says_so(body: bytes) -> None:
    fault = fault_of(400, {}, body)
    assert (type(fault), fault.code) == (BusinessException, "unmapped_vendor_fault")


def test_words_count_for_refusals_only() -> None:
    """A server error that speaks of what already exists did not find it."""
    assert fault_of(500, {}, v2("X/001", "already exists")).code == "erp_unexpected_error"
    assert fault_of(403, {}, v2("X/001", "already exists")).code == "erp_permission_missing"
