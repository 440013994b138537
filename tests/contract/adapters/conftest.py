"""`ports`: the fakes, the adapters on moto, on moto as a dry run sees it, on the embedded AWS; every promise is held to
all of them.

`aws`: only the adapters, for what the fakes cannot show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import boto3
import pytest

from shared.adapters.dry_table import DryTable
from shared.adapters.slots import DynamoSlots
from shared.runtime.wiring import AwsPorts
from tests.contract.adapters.aws import aws_ports
from tests.fakes.ports import FakePorts

REGION = "us-east-1"
_MOTO = pytest.param("moto", id="moto")
_DRY = pytest.param("dry", id="dry")
_ESTATE = pytest.param("embedded", id="embedded", marks=pytest.mark.estate)
NOT_DRY = pytest.mark.parametrize("ports", [pytest.param("fakes", id="fakes"), _MOTO, _ESTATE], indirect=True)
"""For a promise of what a dry run does not do."""
_accounts = count(700_000_000_001)


@pytest.fixture(params=[pytest.param("fakes", id="fakes"), _MOTO, _DRY, _ESTATE])
def ports(request: pytest.FixtureRequest) -> Iterator[FakePorts | AwsPorts]:
    if request.param == "fakes":
        yield FakePorts()
    else:
        yield from _aws(request)


@pytest.fixture(params=[_MOTO, _ESTATE])
def aws(request: pytest.FixtureRequest) -> Iterator[AwsPorts]:
    yield from _aws(request)


@pytest.fixture(params=[_ESTATE])
def embedded(request: pytest.FixtureRequest) -> Iterator[AwsPorts]:
    """For what moto cannot do: threads, task tokens."""
    yield from _aws(request)


@cache
def _session() -> Any:
    """One for all tests: it keeps what it has read about the services, which takes longer than any promise."""
    return boto3.Session("testing", "testing", region_name=REGION)


def _aws(request: pytest.FixtureRequest) -> Iterator[AwsPorts]:
    if request.param in ("moto", "dry"):
        from moto import mock_aws

        with pytest.MonkeyPatch.context() as patch, mock_aws():
            patch.delenv("AWS_ENDPOINT_URL", raising=False)
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
                patch.setenv(name, "testing")
            patch.setenv("AWS_DEFAULT_REGION", REGION)
            made = aws_ports(_session().client)
            yield on_dry_table(made) if request.param == "dry" else made
    else:
        emulator: Any = request.getfixturevalue("embedded_aws")
        account = replace(emulator, account=str(next(_accounts)))
        yield aws_ports(account.client)


def on_dry_table(ports: AwsPorts) -> AwsPorts:
    """All else as it is: what is promised of repositories holds on a table that keeps its writes to itself."""
    table = DryTable(ports._table)
    ports.__dict__ |= {"_table": table, "slots": DynamoSlots(table, 5, pause=lambda _: None)}
    return ports
