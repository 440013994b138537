"""The connection secret: read by name, shown nowhere."""

from __future__ import annotations

import pytest

from shared.adapters.connection import read_connection
from shared.faults import BusinessException
from tests.unit.shared.adapters.scripted import Scripted, refusal


def test_a_connection_is_where_and_as_whom_and_keeps_its_secret() -> None:
    secret = '{"base_url": "https://vendor.example/", "credentials": {"token": "hush"}}'
    connection = read_connection(Scripted({"SecretString": secret}), "/acme")
    assert (connection.base_url, connection.credentials) == ("https://vendor.example", {"token": "hush"})
    assert "hush" not in repr(connection)


@pytest.mark.parametrize("text", ["", "hush", "[]", '{"base_url": "x"}', '{"base_url": "x", "credentials": 5}'])
def test_an_unusable_secret_is_a_persons_job_and_is_not_quoted(text: str) -> None:
    with pytest.raises(BusinessException) as caught:
        read_connection(Scripted({"SecretString": text}), "/acme")
    assert (caught.value.code, caught.value.facts) == ("connection_unusable", {"secret": "/acme"})


def test_a_secret_that_is_not_there_says_so() -> None:
    with pytest.raises(BusinessException) as caught:
        read_connection(Scripted(refusal("ResourceNotFoundException")), "/acme")
    assert caught.value.code == "connection_missing"
