"""Connectors' ports: made from the deployment's settings and the connection secret, which shows nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.connectors.kantata.wiring import AwsKantataPorts
from functions.connectors.netsuite.wiring import AwsNetSuitePorts
from shared.runtime.settings import Settings

SECRET = {"base_url": "https://api.example", "credentials": {"token": "s3cr3t-token", "client_id": "c"}}
SECRET["credentials"] |= {"certificate_id": "k", "private_key": "s3cr3t-key"}  # type: ignore[operator]


@pytest.fixture
def secrets() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("secretsmanager", region_name="us-east-1")
        client.create_secret(Name="connection", SecretString=json.dumps(SECRET))
        yield client


def settings(own: dict[str, Any]) -> Settings:
    return Settings(table="fabric", connection="connection", own=own)


def wired(ports: Any, secrets: Any) -> Any:
    ports.clients = SimpleNamespace(secretsmanager=secrets, dynamodb=None)
    return ports


def test_kantata_is_reached_with_the_secrets_token(secrets: Any) -> None:
    ports = wired(AwsKantataPorts(settings({"page_size": 50})), secrets)
    assert (ports.kantata.page_size, ports.psa.account) == (50, "kantata")
    assert "s3cr3t" not in repr(vars(ports.kantata))


def test_netsuite_is_reached_with_the_secrets_key(secrets: Any) -> None:
    ports = wired(AwsNetSuitePorts(settings({"subsidiaries": {"US": "1"}, "items": {}})), secrets)
    assert ports.erp.subsidiary("US") == "1"
    assert "s3cr3t" not in repr(vars(ports.netsuite))


def test_making_ports_asks_aws_for_nothing() -> None:
    AwsKantataPorts(settings({}))
    AwsNetSuitePorts(settings({}))
