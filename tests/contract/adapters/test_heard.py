"""Payloads as they lie in the bucket: by system, feed and day, found again by the days asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cli.mapping import month_before, reached
from shared.adapters.s3_documents import S3Documents, S3RawPayloads
from shared.runtime.heard import keep_heard
from tests.fakes.flow import FakeClock
from tools.mapping_diff import kept

BUCKET = "billweave-heard"


class Ports:
    def __init__(self, client: Any) -> None:
        self.raw = S3RawPayloads(S3Documents(client, BUCKET))
        self.clock = FakeClock(datetime(2026, 10, 1, 12, tzinfo=UTC))


class Made:
    id, type, subject = "e-1", "invoice.paid.v1", "i-1"


def hear(ports: Ports, row: str, events: tuple[Any, ...] = (Made(),)) -> None:
    keep_heard(ports, system="netsuite", feed="payments", mapping="1.0", rows=[{"id": row}], beside={}, events=events)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        made = boto3.client("s3")
        made.create_bucket(Bucket=BUCKET)
        yield made


def rows(client: Any, start: str, end: str) -> list[str]:
    found = kept(client, BUCKET, "netsuite", date.fromisoformat(start), date.fromisoformat(end))
    return [json.loads(body)["rows"][0]["id"] for body in found]


def test_what_was_heard_is_found_by_its_days(client: Any) -> None:
    ports = Ports(client)
    for row in ("1", "2", "3"):
        hear(ports, row)
        ports.clock.pass_(days=1)
    assert rows(client, "2026-10-01", "2026-10-31") == ["1", "2", "3"]
    assert rows(client, "2026-10-02", "2026-10-02") == ["2"]
    assert rows(client, "2026-09-01", "2026-09-30") == []


def test_the_same_page_heard_twice_is_kept_once_and_one_that_said_nothing_not_at_all(client: Any) -> None:
    ports = Ports(client)
    hear(ports, "1")
    hear(ports, "1")
    hear(ports, "2", ())
    assert rows(client, "2026-10-01", "2026-10-01") == ["1"]


def test_the_month_before_is_whole() -> None:
    assert month_before(date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert month_before(date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_a_local_estate_and_one_on_aws_are_reached_by_awss_own_variables(tmp_path: Path) -> None:
    told = {"aws": {"endpoint_url": "http://127.0.0.1:1", "region": "us-east-1", "account": "0"}}
    (tmp_path / "estate.json").write_text(json.dumps(told | {"resources": {"deployment": "sandbox"}}))
    name, variables = reached(tmp_path, None, None, None)
    assert (name, variables["AWS_ENDPOINT_URL"]) == ("sandbox", "http://127.0.0.1:1")
    assert reached(tmp_path, "prod-us", "ops", None) == ("prod-us", {"AWS_PROFILE": "ops"})


def test_the_command_says_so_where_no_estate_is_up(tmp_path: Path) -> None:
    command = "from cli.main import run; run()"
    asked = [sys.executable, "-c", command, "mapping", "diff", "kantata", "--state-dir", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BILLWEAVE_")}
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 2 and "no estate is up" in done.stderr
