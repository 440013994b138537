"""Clients made by others, unchanged.

They know the vendor's host: the simulator is their proxy and has a certificate for it. The tap is optional:
`pip install --no-deps tap-mavenlink==0.0.3 tap-framework==0.0.4` with requests, singer-python 5.x, backoff and pytz.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.contract.simulators.kantata_account import Account, firm
from tests.outside import run_outside
from tests.simulator import Simulator

pytest_plugins = ["tests.contract.simulators.kantata_fixtures"]
pytestmark = pytest.mark.estate


def _tap(program: Simulator, config: Path, *args: str) -> str:
    tls = program.told["tls"]
    front = {"HTTPS_PROXY": tls["proxy_url"], "REQUESTS_CA_BUNDLE": tls["ca_file"]}
    script = "import tap_mavenlink; tap_mavenlink.main()"
    return run_outside("tap-mavenlink", script, front, "--config", str(config), *args)


def test_the_singer_tap_copies_every_stream(kantata_program: Simulator, kantata: Account, tmp_path: Path) -> None:
    made = firm(kantata)
    wid, ann = made.workspace["id"], made.consultants[0]
    entries = [e for _ in range(5) for e in kantata.entries(wid, ann["id"], 100)]
    kantata.approve(wid, entries[:5])
    kantata.make("invoice", "invoices", workspace_id=wid, payment_schedule=30, time_entry_ids=[entries[0]["id"]])
    story = kantata.make("story", "stories", title="Build", workspace_id=wid)
    kantata.make("assignment", "assignments", story_id=story["id"], assignee_id=ann["id"])
    kantata.make("expense", "expenses", workspace_id=wid, date="2026-03-04", amount_in_cents=500, category="Meals")
    config, catalog = tmp_path / "config.json", tmp_path / "catalog.json"
    config.write_text(json.dumps({"token": kantata.token}))
    found = json.loads(_tap(kantata_program, config, "--discover"))
    for stream in found["streams"]:
        stream["schema"]["selected"] = True
        for part in stream["metadata"]:
            part["metadata"]["selected"] = True
    catalog.write_text(json.dumps(found))
    lines = [json.loads(line) for line in _tap(kantata_program, config, "--catalog", str(catalog)).splitlines()]
    counts = Counter(line["stream"] for line in lines if line["type"] == "RECORD")
    assert counts["time_entries"] == 500 and counts["users"] == 6
    for one in ("workspaces", "invoices", "expenses", "stories", "assignments"):
        assert counts[one] == 1, one


def _walk(account: Account, path: str, **params: Any) -> list[dict[str, Any]]:
    """As recorded clients do: page until the count is reached, rows by `results`, links by the maps."""
    rows: list[dict[str, Any]] = []
    page = 1
    while True:
        body = account.get(path, page=page, per_page=7, **params)
        for result in body["results"]:
            row = dict(body[result["key"]][result["id"]])
            for name, many in (("user", "users"), ("story", "stories"), ("workspace", "workspaces")):
                if row.get(f"{name}_id") is not None and many in body:
                    row[name] = body[many][row[f"{name}_id"]]
            rows.append(row)
        if len(rows) >= body["count"] or not body["results"]:
            return rows
        page += 1


def test_a_generic_walk_finds_every_row_with_its_links(kantata: Account) -> None:
    made = firm(kantata)
    story = kantata.make("story", "stories", title="Build", workspace_id=made.workspace["id"])
    kantata.entries(made.workspace["id"], made.consultants[0]["id"], 30, story_id=story["id"])
    rows = _walk(kantata, "time_entries.json", include="user,story,workspace", order="created_at:asc")
    assert len({row["id"] for row in rows}) == 30
    assert {(row["user"]["full_name"], row["story"]["title"], row["workspace"]["title"]) for row in rows} == {
        ("Ann", "Build", "Rollout")
    }


def test_recorded_form_requests_are_taken(kantata: Account) -> None:
    made = firm(kantata)
    form = f"time_entry[workspace_id]={made.workspace['id']}&time_entry[date_performed]=2013-07-04"
    body = kantata.ok("POST", "time_entries.json", content=form + "&time_entry[time_in_minutes]=34")
    entry = next(iter(body["time_entries"].values()))
    assert (entry["time_in_minutes"], entry["notes"], entry["story_id"]) == (34, None, None)
