"""Salesforce's fault table: one case per row, and what is on no row."""

from __future__ import annotations

import json

import pytest

from functions.connectors.salesforce.faults import FAULTS, fault_of
from functions.platforms.salesforce.faults import code_in
from shared.faults import BusinessException, Fault, Throttled, Transient


def body(code: str, message: str = "No.") -> bytes:
    return json.dumps([{"message": message, "errorCode": code, "fields": ["X"]}]).encode()


TRANSIENT = {
    "UNABLE_TO_LOCK_ROW": (400, "crm_row_locked"),
    "QUERY_TIMEOUT": (400, "crm_query_timeout"),
    "INVALID_QUERY_LOCATOR": (400, "crm_cursor_expired"),
    "UNKNOWN_EXCEPTION": (500, "crm_error"),
    "SERVER_UNAVAILABLE": (503, "crm_unavailable"),
}
REFUSED = {
    "DUPLICATE_VALUE": "crm_value_exists",
    "DUPLICATES_DETECTED": "crm_duplicate_rule",
    "REQUIRED_FIELD_MISSING": "crm_field_missing",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "crm_validation_rule",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "crm_field_not_writable",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "crm_picklist_value",
    "STRING_TOO_LONG": "crm_text_too_long",
    "INVALID_EMAIL_ADDRESS": "crm_email_invalid",
    "INVALID_CROSS_REFERENCE_KEY": "crm_reference_unknown",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "crm_trigger_refused",
    "INVALID_FIELD": "crm_field_unknown",
    "INVALID_TYPE": "crm_object_unknown",
    "MALFORMED_QUERY": "crm_query_malformed",
    "MALFORMED_ID": "crm_id_malformed",
    "JSON_PARSER_ERROR": "crm_body_malformed",
    "MISSING_ARGUMENT": "crm_argument_missing",
    "NOT_FOUND": "crm_record_missing",
    "ENTITY_IS_DELETED": "crm_record_missing",
    "API_DISABLED_FOR_ORG": "crm_api_disabled",
    "INSUFFICIENT_ACCESS": "crm_permission_missing",
    "INSUFFICIENT_ACCESS_OR_READONLY": "crm_permission_missing",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "crm_permission_missing",
    "UNSUPPORTED_API_VERSION": "crm_version_unsupported",
    "INVALID_SESSION_ID": "crm_login_refused",
}
LOGIN = {
    "invalid_grant": "crm_login_refused",
    "invalid_client_id": "crm_login_refused",
    "invalid_client": "crm_login_refused",
    "invalid_client_credentials": "crm_login_refused",
    "invalid_request": "crm_login_refused",
    "inactive_user": "crm_login_refused",
    "inactive_org": "crm_login_refused",
}
THROTTLED = {"REQUEST_LIMIT_EXCEEDED", "rate_limit_exceeded"}


@pytest.mark.parametrize("code", sorted(TRANSIENT))
def test_what_may_work_later_is_transient(code: str) -> None:
    status, ours = TRANSIENT[code]
    fault = fault_of(status, {}, body(code))
    assert (type(fault), fault.code, fault.facts["vendor_code"]) == (Transient, ours, code)


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_what_a_person_must_change_is_a_business_exception_in_salesforces_words(code: str) -> None:
    fault = fault_of(400, {}, body(code, "PO number\n  is required"))
    assert (type(fault), fault.code) == (BusinessException, REFUSED[code])
    assert fault.facts["detail"] == "PO number is required"


@pytest.mark.parametrize("code", sorted(LOGIN))
def test_a_refused_login_is_a_persons_job(code: str) -> None:
    answer = json.dumps({"error": code, "error_description": "user hasn't approved this consumer"}).encode()
    fault = fault_of(400, {}, answer)
    assert (type(fault), fault.code) == (BusinessException, LOGIN[code])


def test_every_row_of_the_table_has_a_case() -> None:
    assert set(FAULTS) == set(TRANSIENT) | set(REFUSED) | set(LOGIN) | THROTTLED


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
    assert isinstance(fault, Throttled) and fault.retry_after_s == wait_s


def test_a_trigger_that_met_a_lock_is_transient() -> None:
    fault = fault_of(400, {}, body("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "trigger: UNABLE_TO_LOCK_ROW, unable"))
    assert (type(fault), fault.code) == (Transient, "crm_row_locked")


def test_a_key_that_two_records_carry_is_a_persons_job() -> None:
    fault = fault_of(300, {}, b'["/services/data/v66.0/sobjects/Account/001A", "/services/data/v66.0/sobjects/B"]')
    assert (type(fault), fault.code) == (BusinessException, "crm_key_not_unique")


def test_results_of_collections_name_their_code_otherwise() -> None:
    assert code_in(b'{"statusCode": "NOT_FOUND", "message": "gone"}') == ("NOT_FOUND", "gone")


@pytest.mark.parametrize(
    ("status", "answer", "kind", "ours"),
    [
        (429, b"", Throttled, "crm_limit_reached"),
        (502, b"<html>", Transient, "crm_unavailable"),
        (500, b"[]", Transient, "crm_unavailable"),
        (400, body("SOMETHING_NEW"), BusinessException, "unmapped_vendor_fault"),
        (404, b"[[", BusinessException, "unmapped_vendor_fault"),
        (400, b'["text"]', BusinessException, "unmapped_vendor_fault"),
    ],
)
def test_what_is_on_no_row_goes_by_its_status(status: int, answer: bytes, kind: type[Fault], ours: str) -> None:
    fault = fault_of(status, {}, answer)
    assert (type(fault), fault.code) == (kind, ours)
