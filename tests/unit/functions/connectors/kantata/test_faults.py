"""Kantata's fault table: one case per row, both forms of error body, and what is on no row."""

from __future__ import annotations

import json

import pytest

from functions.connectors.kantata.faults import STATUSES, WORDS, fault_of
from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient


def body(message: str, kind: str = "validation", field: str = "title") -> bytes:
    return json.dumps({"errors": [{"type": kind, "message": message, "field": field}]}).encode()


ROWS = [
    (400, BusinessException, "psa_request_invalid"),
    (401, BusinessException, "psa_login_refused"),
    (403, BusinessException, "psa_permission_missing"),
    (404, BusinessException, "psa_record_missing"),
    (422, BusinessException, "psa_refused"),
    (429, Throttled, "psa_busy"),
    (502, Transient, "psa_unavailable"),
    (503, Transient, "psa_unavailable"),
    (504, Transient, "psa_unavailable"),
]


@pytest.mark.parametrize(("status", "kind", "ours"), ROWS)
def test_a_status_is_one_fault(status: int, kind: type[Fault], ours: str) -> None:
    fault = fault_of(status, {}, body("Title can't be blank"))
    assert (type(fault), fault.code) == (kind, ours)
    assert (fault.facts["type"], fault.facts["field"]) == ("validation", "title")


def test_every_row_of_the_table_has_its_case() -> None:
    assert {status for status, _, _ in ROWS} == set(STATUSES)


@pytest.mark.parametrize(
    ("sentence", "kind", "ours"),
    [
        ("Service name has already been taken", Duplicate, "psa_already_there"),
        ("9001 is already invoiced", BusinessException, "psa_already_invoiced"),
        ("Submission is already approved", BusinessException, "psa_state_conflict"),
        ("Time entry is locked", BusinessException, "psa_state_conflict"),
    ],
)
def test_a_validation_is_told_apart_by_its_words(sentence: str, kind: type[Fault], ours: str) -> None:
    fault = fault_of(422, {}, body(sentence))
    assert (type(fault), fault.code) == (kind, ours)


def test_every_choice_of_words_has_its_case() -> None:
    assert len(WORDS) == 4


def test_a_retry_after_is_honoured_and_bounded() -> None:
    assert [fault_of(429, {"Retry-After": text}, b"").retry_after_s for text in ("7", "99999", "soon")] == [7, 900, 30]  # type: ignore[attr-defined]
    assert fault_of(429, {}, b"").retry_after_s == 30  # type: ignore[attr-defined]


def test_the_older_form_of_error_is_read_too() -> None:
    fault = fault_of(422, {}, json.dumps({"error_message": "Workspace is locked"}).encode())
    assert (fault.code, fault.facts["detail"]) == ("psa_state_conflict", "Workspace is locked")


@pytest.mark.parametrize("broken", [b"<html>", b"", b"null", b'{"errors": "x"}', b'{"errors": []}'])
@pytest.mark.parametrize(("status", "kind"), [(429, Throttled), (500, Transient), (422, BusinessException)])
def test_a_broken_body_hides_no_status(broken: bytes, status: int, kind: type[Fault]) -> None:
    assert type(fault_of(status, {}, broken)) is kind


def test_what_is_on_no_row_is_unmapped_or_transient() -> None:
    assert fault_of(418, {}, b"").code == "unmapped_vendor_fault"
    assert (type(fault_of(507, {}, b"")), fault_of(507, {}, b"").code) == (Transient, "psa_unavailable")
