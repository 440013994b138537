"""Acting on the deployed estate: by the API as whom the token says; and what was lost is put back from its history."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli.main import app

from .small_firm import SmallFirm, wait

pytestmark = pytest.mark.estate


def say(firm_dir: Path, *words: str) -> Any:
    said = CliRunner().invoke(app, [*words, "--json", "--state-dir", str(firm_dir)])
    assert said.exit_code == 0, said.exception
    return json.loads(said.stdout)


def test_a_hold_is_placed_as_whom_the_token_says(firm: SmallFirm, firm_dir: Path) -> None:
    deal = firm.sell("Harbor tollgate", "US")
    firm.set_up(deal)
    contract = firm.project(deal)["contract_id"]
    placed = say(firm_dir, "hold", "place", "--contract", contract, "--reason", "a dispute")
    assert placed["changed"] is True
    [hold] = [each for each in say(firm_dir, "hold", "list")["holds"] if each["subject_id"] == contract]
    assert (hold["by"], hold["reason"]) == (firm.estate.api["issuer"]["client_id"], "a dispute")
    assert say(firm_dir, "hold", "release", "--contract", contract, "--reason", "settled")["changed"] is True


@pytest.mark.parametrize(("scope", "status"), [(None, 401), ("billweave/read", 403)])
def test_nobody_acts_without_the_scope_to(firm: SmallFirm, scope: str | None, status: int) -> None:
    headers = {}
    if scope:
        issuer = firm.estate.api["issuer"]
        asked = {"grant_type": "client_credentials", "scope": scope}
        client = (issuer["client_id"], issuer["client_secret"])
        granted = httpx.post(issuer["token_url"], data=asked, auth=client, timeout=30, trust_env=False).json()
        headers = {"Authorization": f"Bearer {granted['access_token']}"}
    url = f"{firm.estate.api['base_url']}/operate/holds"
    held = {"level": "contract", "subject_id": "c", "held": True, "reason": "x"}
    assert httpx.post(url, json=held, headers=headers, timeout=30, trust_env=False).status_code == status


def test_an_invoice_that_was_lost_is_put_back_as_it_was(firm: SmallFirm, firm_dir: Path) -> None:
    deal = firm.sell("Harbor logbook", "US")
    firm.set_up(deal)
    worked = firm.work(deal, days=1)
    firm.known(worked)
    firm.bill("US")
    firm.posted(worked)
    firm.quiet.wait("all that was started to be over", 90, quiet_s=1.0)
    [before] = firm.invoices(deal)
    kind = f"INV#{before['invoice_id']}"
    asked = ("replay", "--source", "history", "--type", kind)
    wait("its history to be kept", lambda: say(firm_dir, *asked)["lines"] == 0 and say(firm_dir, *asked)["events"] > 1)
    last_good = datetime.now(UTC).isoformat()
    wait("the stream's clock to go on, it knows seconds", lambda: datetime.now(UTC).isoformat()[:19] > last_good[:19])
    table, client = firm.estate.resources["table"], firm.estate.client("dynamodb")
    values = {":pk": {"S": kind}}
    rows = client.query(TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values)["Items"]
    for row in rows:
        client.delete_item(TableName=table, Key={name: row[name] for name in ("pk", "sk")})
    assert firm.invoices(deal) == []
    told = say(firm_dir, *asked, "--to", last_good, "--apply")  # as whom the token says
    assert told["outcomes"]["restored"] == len(rows)
    assert firm.invoices(deal) == [before]
    assert say(firm_dir, *asked, "--to", last_good)["lines"] == 0
    assert firm.fabric.read("/audit")["holds"]
