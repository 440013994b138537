"""NetSuite's fault table: one case per row, and what is on no row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.connectors.netsuite.faults import FAULTS, STATUSES, WORDS, fault_of
from shared.faults import BusinessException, Duplicate, Fault, Poison, Throttled, Transient


def body(code: str, detail: str = "No.", **top: Any) -> bytes:
    details = [{"detail": detail, "o:errorCode": code, "o:errorPath": "item.items[0]"}]
    return json.dumps({"title": "Bad Request", "o:errorDetails": details, **top}).encode()


CODES = [
    (401, "INVALID_LOGIN", BusinessException, "erp_login_refused"),
    (401, "INVALID_LOGIN_ATTEMPT", BusinessException, "erp_login_refused"),
    (403, "INSUFFICIENT_PERMISSION", BusinessException, "erp_permission_missing"),
    (400, "INVALID_CONTENT", BusinessException, "erp_content_invalid"),
    (400, "INVALID_REQUEST", BusinessException, "erp_request_invalid"),
    (400, "INVALID_PARAMETER", BusinessException, "erp_parameter_invalid"),
    (400, "INVALID_KEY_OR_REF", BusinessException, "erp_reference_unknown"),
    (400, "USER_ERROR", BusinessException, "erp_refused"),
    (400, "IDEMPOTENCY_ERROR", Duplicate, "erp_job_exists"),
    (400, "DUP_RCRD", Duplicate, "erp_record_exists"),
    (404, "NONEXISTENT_ID", BusinessException, "erp_record_missing"),
    (409, "RCRD_HAS_BEEN_CHANGED", Transient, "erp_record_changed"),
    (400, "SSS_REQUEST_LIMIT_EXCEEDED", Throttled, "erp_busy"),
    (429, "CONCURRENCY_LIMIT_EXCEEDED", Throttled, "erp_busy"),
]


@pytest.mark.parametrize(("status", "code", "kind", "ours"), CODES)
def test_a_code_is_one_fault(status: int, code: str, kind: type[Fault], ours: str) -> None:
    fault = fault_of(status, {}, body(code))
    assert (type(fault), fault.code) == (kind, ours)
    assert fault.facts["vendor_code"] == code


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client"])
@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_assertion_is_a_persons_job(error: str, status: int) -> None:
    fault = fault_of(status, {}, json.dumps({"error": error}).encode())
    assert (type(fault), fault.code) == (BusinessException, "erp_certificate_refused")


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_a_status_without_a_code_is_one_fault(status: int) -> None:
    fault = fault_of(status, {}, b"")
    assert (type(fault), fault.code) == STATUSES[status]


@pytest.mark.parametrize(
    ("sentence", "kind", "ours"),
    [
        ("The posting period is CLOSED for this date.", BusinessException, "posting_period_closed"),
        ("This record already exists.", Duplicate, "erp_record_exists"),
        ("Please enter a value for: entity.", BusinessException, "erp_refused"),
    ],
)
def test_a_user_error_is_told_apart_by_its_words(sentence: str, kind: type[Fault], ours: str) -> None:
    fault = fault_of(400, {}, body("USER_ERROR", sentence))
    assert (type(fault), fault.code) == (kind, ours)
    assert fault.facts["detail"] == sentence


def test_every_row_of_the_table_has_its_case() -> None:
    told = {code for _, code, _, _ in CODES} | {"invalid_grant", "invalid_client"}
    assert told == set(FAULTS)
    assert len(WORDS) == 2


def test_the_status_counts_before_a_misleading_code() -> None:
    fault = fault_of(429, {}, body("USER_ERROR", title="Bad Request", status=400))
    assert (type(fault), fault.code) == (Throttled, "erp_busy")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_errors_are_transient(status: int) -> None:
    fault = fault_of(status, {}, body("UNEXPECTED_ERROR", "Error ID: mabc"))
    assert (type(fault), fault.code) == (Transient, "erp_unexpected_error")


@pytest.mark.parametrize("broken", [b"<html>Bad gateway</html>", b"{", b"", b"[]", b'{"o:errorDetails": "x"}', b"\xff"])
@pytest.mark.parametrize(("status", "kind"), [(429, Throttled), (503, Transient), (418, BusinessException)])
def test_a_broken_body_hides_no_status(broken: bytes, status: int, kind: type[Fault]) -> None:
    assert type(fault_of(status, {}, broken)) is kind


def test_what_is_on_no_row_is_unmapped() -> None:
    fault = fault_of(400, {}, body("SOMETHING_NEW"))
    assert (type(fault), fault.code) == (BusinessException, "unmapped_vendor_fault")
    assert fault.facts["vendor_code"] == "SOMETHING_NEW"


def test_a_long_sentence_is_cut() -> None:
    assert len(fault_of(400, {}, body("USER_ERROR", "x" * 5000)).facts["detail"]) == 200


def test_no_row_makes_poison_of_an_answer() -> None:
    assert all(kind is not Poison for kind, _ in [*FAULTS.values(), *STATUSES.values()])
