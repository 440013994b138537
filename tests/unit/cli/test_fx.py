"""`billweave fx` sends the file and shows what the deployment says."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import fx, main, options
from cli.connection import ConnectionFailed

LOADED = {"source": "ecb", "days": 2, "new": 1, "first": "2026-04-13", "last": "2026-04-14", "file": "raw/x"}
FOUND = {
    "rule": "ecb-invoice-date",
    "source": "ecb",
    "direction": "USD to EUR to JPY",
    "asked_on": "2026-04-13",
    "published_on": "2026-04-13",
    "from_per_euro": "1.1684",
    "to_per_euro": "186.1",
    "amount": "1000.00 USD",
    "converted": "159278 JPY",
}


class Deployment:
    def __init__(self) -> None:
        self.acts: list[tuple[str, Mapping[str, Any]]] = []

    def act(self, operation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        self.acts.append((operation, payload))
        return LOADED if operation == "load-exchange-rates" else FOUND


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    made = Deployment()
    monkeypatch.setattr(options, "connect", lambda *_: made)
    return made


def say(*words: str) -> Result:
    return CliRunner().invoke(main.app, ["fx", *words], catch_exceptions=False)


def test_a_file_goes_as_it_is(deployment: Deployment, tmp_path: Path) -> None:
    file = tmp_path / "eurofxref.csv"
    file.write_bytes(b"Date, USD, \n")
    told = say("load", str(file))
    assert told.stdout == "ecb: 2 days, 2026-04-13 to 2026-04-14; 1 of them new\n"
    ((operation, payload),) = deployment.acts
    assert operation == "load-exchange-rates"
    assert base64.b64decode(payload["content"]) == b"Date, USD, \n" and payload["requested_by"]


def test_a_rate_is_shown_with_its_day_and_its_rule(deployment: Deployment) -> None:
    told = say("rate", "--from", "USD", "--to", "JPY", "--on", "2026-04-13", "--amount", "1000.00").stdout
    assert "1000.00 USD are 159278 JPY (USD to EUR to JPY)" in told
    assert "by ecb of 2026-04-13, rule ecb-invoice-date" in told
    asked = {"from_currency": "USD", "to_currency": "JPY", "on": "2026-04-13", "use": "book", "amount": "1000.00"}
    assert deployment.acts == [("find-exchange-rate", asked)]


def test_json_is_what_the_operation_said(deployment: Deployment) -> None:
    assert json.loads(say("rate", "--from", "USD", "--to", "JPY", "--on", "2026-04-13", "--json").stdout) == FOUND


def test_a_file_that_is_not_there_or_too_large_is_said(deployment: Deployment, tmp_path: Path) -> None:
    with pytest.raises(ConnectionFailed, match="cannot be read"):
        fx.load(deployment, tmp_path / "none.csv", False)  # type: ignore[arg-type]
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * (fx.LARGEST + 1))
    with pytest.raises(ConnectionFailed, match="load it zipped"):
        fx.load(deployment, large, False)  # type: ignore[arg-type]
    assert deployment.acts == []
