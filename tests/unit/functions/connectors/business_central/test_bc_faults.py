"""Business Central's fault table: one case per row, and what is on no row."""

from __future__ import annotations

import json

import pytest

from functions.connectors.business_central.faults import FAULTS, PREFIXES, STATUSES, WORDS, Row, fault_of, wait_s
from shared.faults import Throttled, Transient


def body(code: str, message: str = "No.") -> bytes:
    return json.dumps({"error": {"code": code, "message": message}}).encode()


@pytest.mark.parametrize(("code", "row"), FAULTS.items())
def test_a_code_is_one_fault(code: str, row: Row) -> None:
    fault = fault_of(400, {}, body(code))
    assert (type(fault), fault.code, fault.facts["vendor_code"]) == (*row, code)


@pytest.mark.parametrize(("prefix", "row"), PREFIXES.items())
def test_a_family_of_codes_is_one_fault(prefix: str, row: Row) -> None:
    fault = fault_of(400, {}, body(f"{prefix}Whatever"))
    assert (type(fault), fault.code) == row


@pytest.mark.parametrize(("words", "row"), WORDS)
def test_words_in_any_order_and_case_are_one_fault(words: tuple[str, ...], row: Row) -> None:
    fault = fault_of(400, {}, body("Application_DialogException", " ... ".join(reversed(words)).upper()))
    assert (type(fault), fault.code) == row


@pytest.mark.parametrize(("status", "row"), STATUSES.items())
def test_a_status_without_a_body_is_one_fault(status: int, row: Row) -> None:
    fault = fault_of(status, {}, b"<html></html>")
    assert (type(fault), fault.code) == row


def test_a_token_endpoints_refusal_is_read_from_its_own_shape() -> None:
    assert fault_of(401, {}, b'{"error": "invalid_client"}').code == "erp_login_refused"


def test_a_limit_waits_as_long_as_it_says_or_five_seconds() -> None:
    waits = [fault_of(429, headers, b"") for headers in ({}, {"retry-after": "17"}, {"retry-after": "Fri, 20 Nov"})]
    assert [each.retry_after_s for each in waits if isinstance(each, Throttled)] == [5, 17, 5]
    assert wait_s({"retry-after": "0"}) == 1


def test_a_503_is_a_limit_only_where_it_brings_a_wait() -> None:
    assert isinstance(fault_of(503, {"retry-after": "9"}, b""), Throttled)
    assert isinstance(fault_of(503, {}, b""), Transient)


def test_an_unknown_refusal_says_so() -> None:
    assert fault_of(400, {}, body("Nobody_Knows")).code == "unmapped_vendor_fault"
