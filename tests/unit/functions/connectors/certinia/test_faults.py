"""Certinia's fault table: one case per row, what a trigger's message tells, and what is on no row."""

from __future__ import annotations

import json

import pytest

from functions.connectors.certinia.faults import FAULTS, WRAPPED, fault_of
from shared.faults import BusinessException, Fault, Throttled, Transient


def body(code: str, message: str = "No.") -> bytes:
    return json.dumps([{"message": message, "errorCode": code, "fields": ["X"]}]).encode()


TRANSIENT = {
    "UNABLE_TO_LOCK_ROW": "psa_row_locked",
    "QUERY_TIMEOUT": "psa_query_timeout",
    "INVALID_QUERY_LOCATOR": "psa_cursor_expired",
    "UNKNOWN_EXCEPTION": "psa_unavailable",
    "SERVER_UNAVAILABLE": "psa_unavailable",
}
REFUSED = {
    "DUPLICATE_VALUE": "psa_value_exists",
    "DUPLICATES_DETECTED": "psa_duplicate_rule",
    "REQUIRED_FIELD_MISSING": "psa_field_missing",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "psa_refused",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "psa_refused",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "psa_field_not_writable",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "psa_picklist_value",
    "STRING_TOO_LONG": "psa_text_too_long",
    "INVALID_EMAIL_ADDRESS": "psa_email_invalid",
    "INVALID_CROSS_REFERENCE_KEY": "psa_reference_unknown",
    "INVALID_FIELD": "psa_field_unknown",
    "INVALID_TYPE": "psa_object_unknown",
    "MALFORMED_QUERY": "psa_request_invalid",
    "MALFORMED_ID": "psa_request_invalid",
    "JSON_PARSER_ERROR": "psa_request_invalid",
    "MISSING_ARGUMENT": "psa_request_invalid",
    "NOT_FOUND": "psa_record_missing",
    "ENTITY_IS_DELETED": "psa_record_missing",
    "API_DISABLED_FOR_ORG": "psa_api_disabled",
    "INSUFFICIENT_ACCESS": "psa_permission_missing",
    "INSUFFICIENT_ACCESS_OR_READONLY": "psa_permission_missing",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "psa_permission_missing",
    "UNSUPPORTED_API_VERSION": "psa_version_unsupported",
    "INVALID_SESSION_ID": "psa_login_refused",
}
LOGIN = {
    "invalid_grant",
    "invalid_client_id",
    "invalid_client",
    "invalid_client_credentials",
    "invalid_request",
    "inactive_user",
    "inactive_org",
}
THROTTLED = {"REQUEST_LIMIT_EXCEEDED", "rate_limit_exceeded"}
TRIGGER = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"


@pytest.mark.parametrize("code", sorted(TRANSIENT))
def test_what_may_work_later_is_transient(code: str) -> None:
    fault = fault_of(400, {}, body(code))
    assert (type(fault), fault.code, fault.facts["vendor_code"]) == (Transient, TRANSIENT[code], code)


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_what_a_person_must_change_is_a_business_exception_in_the_packages_words(code: str) -> None:
    fault = fault_of(400, {}, body(code, "The project is closed\n  for time entry."))
    assert (type(fault), fault.code) == (BusinessException, REFUSED[code])
    assert fault.facts["detail"] == "The project is closed for time entry."


@pytest.mark.parametrize("code", sorted(LOGIN))
def test_a_refused_login_is_a_persons_job(code: str) -> None:
    fault = fault_of(400, {}, json.dumps({"error": code, "error_description": "no"}).encode())
    assert (type(fault), fault.code) == (BusinessException, "psa_login_refused")


def test_every_row_of_the_table_has_a_case() -> None:
    assert set(FAULTS) == set(TRANSIENT) | set(REFUSED) | LOGIN | THROTTLED


@pytest.mark.parametrize(
    ("answer", "wait_s"),
    [
        (body("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), 900),
        (body("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."), 5),
        (json.dumps({"error": "rate_limit_exceeded", "error_description": "login rate"}).encode(), 60),
    ],
    ids=["daily", "concurrent", "login"],
)
def test_a_limit_waits_as_long_as_it_lasts(answer: bytes, wait_s: int) -> None:
    fault = fault_of(403, {}, answer)
    assert isinstance(fault, Throttled) and (fault.code, fault.retry_after_s) == ("psa_busy", wait_s)


@pytest.mark.parametrize("words", sorted(WRAPPED))
def test_what_a_trigger_met_is_told_by_its_message(words: str) -> None:
    fault = fault_of(400, {}, body(TRIGGER, f"TimecardTrigger: execution of BeforeUpdate caused by: {words}: x"))
    assert (type(fault), fault.code) == WRAPPED[words]


def test_the_same_words_under_another_code_are_that_codes() -> None:
    assert fault_of(400, {}, body("NOT_FOUND", "System.LimitException")).code == "psa_record_missing"


@pytest.mark.parametrize(
    ("status", "answer", "kind", "ours"),
    [
        (300, b'["/a", "/b"]', BusinessException, "psa_key_not_unique"),
        (429, b"", Throttled, "psa_busy"),
        (502, b"<html>", Transient, "psa_unavailable"),
        (400, body("SOMETHING_NEW"), BusinessException, "unmapped_vendor_fault"),
        (404, b"[[", BusinessException, "unmapped_vendor_fault"),
    ],
)
def test_what_is_on_no_row_goes_by_its_status(status: int, answer: bytes, kind: type[Fault], ours: str) -> None:
    fault = fault_of(status, {}, answer)
    assert (type(fault), fault.code) == (kind, ours)
