"""How stack outputs become what a client needs to know."""

from __future__ import annotations

import pytest

from sandbox.estate.emulator import Emulator
from sandbox.estate.seed import PUSHING, api_base_url, connection_secret, resources, snake_case

AWS = Emulator("http://127.0.0.1:4000")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Table", "table"),
        ("WorkQueueUrl", "work_queue_url"),
        ("ERPQueueUrl", "erp_queue_url"),
        ("Saga2Arn", "saga2_arn"),
        ("SapS4hanaConnection", "sap_s4hana_connection"),
        ("BusinessCentralConnection", "business_central_connection"),
    ],
)
def test_outputs_are_named_in_snake_case(name: str, expected: str) -> None:
    assert snake_case(name) == expected


def test_outputs_of_all_stacks_lie_flat_without_cdk_exports() -> None:
    outputs = {"data": {"TableName": "fabric", "ExportsOutputRefX": "1"}, "experience": {"ApiId": "ab12"}}
    assert resources(outputs) == {"table": "fabric", "api_id": "ab12"}


def test_outputs_of_one_name_are_told_apart_by_their_stacks() -> None:
    outputs = {
        "billweave-sandbox-netsuite": {"ConnectionName": "n"},
        "billweave-sandbox-kantata": {"ConnectionName": "k"},
    }
    assert resources(outputs) == {"netsuite_connection": "n", "kantata_connection": "k"}


def test_the_api_is_reached_by_path_from_its_id_or_its_url() -> None:
    expected = "http://127.0.0.1:4000/_aws/execute-api/ab12/$default"
    assert api_base_url(AWS, {"api_id": "ab12"}) == expected
    assert api_base_url(AWS, {"api_url": "https://ab12.execute-api.us-east-1.amazonaws.com/"}) == expected
    assert api_base_url(AWS, {}) == ""


def test_a_system_has_the_connection_that_names_it() -> None:
    named = {"netsuite_poll_queue_url": "q", "netsuite_connection": "/billweave/sandbox/netsuite/connection"}
    assert connection_secret(named, "netsuite") == "/billweave/sandbox/netsuite/connection"
    assert connection_secret(named, "kantata") is None


def test_a_systems_name_may_have_words_and_digits() -> None:
    named = resources({"billweave-sandbox-sap-s4hana": {"SapS4hanaConnection": "s"}})
    assert connection_secret(named, "sap_s4hana") == "s"


def test_the_vendors_that_call_us_are_those_registered_with_a_webhook() -> None:
    assert "salesforce" in PUSHING
    assert "netsuite" not in PUSHING
