"""Write-offs, holds and the audit log from the command line: what is asked of which function, and what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import main, options

LINE = {"wip_id": "w-1", "description": "Design [draft]", "rate_card_value": "300.00", "written_off": "30.00"}
WRITE_OFF = {
    "write_off_id": "wo-1",
    "status": "recorded",
    "currency": "USD",
    "rate_card_value": "300.00",
    "written_off": "30.00",
    "realization_ratio": "0.9000",
    "reason": "goodwill",
    "submitter": "Ada",
    "approver": "Ada",
    "lines": [LINE],
}
HOLD = {"level": "customer", "subject": "Acme", "subject_id": "c-1", "legal_entity": "firm", "reason": "dispute"}
CHAIN = {"chain": "US", "entries": 3, "broken": "changed", "at_entry": 2, "holds": False}


class Deployment:
    def __init__(self) -> None:
        self.acts: list[tuple[str, Mapping[str, Any]]] = []
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.write_off = dict(WRITE_OFF)

    def read(self, path: str, **_: str | None) -> dict[str, Any]:
        return {
            "/write-offs": {"write_offs": [self.write_off]},
            "/holds": {"holds": [HOLD | {"by": "Dana", "since": "2026-03-02"}]},
            "/audit-log": {"holds": False, "chains": [CHAIN], "newest": []},
        }[path]

    def ask(self, path: str, question: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append((path, question))
        return {"dry_run": question["dry_run"], "write_offs": [self.write_off]}

    def act(self, operation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        self.acts.append((operation, payload))
        if operation == "hold-billing":
            return {"level": payload["level"], "subject_id": "c-1", "held": payload["held"], "changed": True}
        if operation == "reverse-write-off":
            return {"write_off_id": "wo-1", "status": "reversed"}
        return {"dry_run": payload["dry_run"], "write_offs": [self.write_off]}


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    made = Deployment()
    monkeypatch.setattr(options, "connect", lambda *_: made)
    return made


def say(*words: str) -> Result:
    return CliRunner().invoke(main.app, list(words), catch_exceptions=False)


WRITE_DOWN = ("write-off", "record", "--project", "77", "--percent", "10", "--reason", "goodwill", "--by", "Ada")


def test_a_write_down_is_asked_for_with_who_and_why(deployment: Deployment) -> None:
    told = say(*WRITE_DOWN, "--request", "r-1")
    assert told.exit_code == 0 and "Written off: 30.00 USD of 300.00 (wo-1)" in told.stdout
    ((operation, payload),) = deployment.acts
    asked = {name: value for name, value in payload.items() if value not in (None, "", [], False)}
    assert (operation, asked) == (
        "write-off",
        {"request_id": "r-1", "by": "Ada", "reason": "goodwill", "project_id": "77", "percent": "10"},
    )


def test_a_preview_says_what_would_be(deployment: Deployment) -> None:
    assert "Would be written off: 30.00" in say(*WRITE_DOWN, "--dry-run").stdout
    assert deployment.acts[0][1]["dry_run"] is True


def test_one_that_waits_says_for_whom(deployment: Deployment) -> None:
    deployment.write_off["status"] = "requested"
    assert "Waits for an approver" in say(*WRITE_DOWN).stdout
    assert "Would wait for an approver" in say(*WRITE_DOWN, "--dry-run").stdout


def test_a_write_off_without_a_name_is_asked_for_as_whom_the_token_says(deployment: Deployment) -> None:
    told = say(*WRITE_DOWN[:-2], "--request", "r-1").stdout
    assert "Written off: 30.00 USD of 300.00 (wo-1)" in told and not deployment.acts
    ((route, payload),) = deployment.asked
    assert route == "/operate/write-offs" and payload["request_id"] == "r-1" and "by" not in payload


def test_a_reversal_says_that_the_work_is_open(deployment: Deployment) -> None:
    told = say("write-off", "reverse", "wo-1", "--reason", "paid after all", "--by", "Ada").stdout
    assert told == "wo-1 is reversed: its work is open again\n"


def test_write_offs_are_listed_with_the_realization_they_leave(deployment: Deployment) -> None:
    told = say("write-off", "list").stdout
    assert "0.9000" in told and "goodwill" in told


@pytest.mark.parametrize(("word", "held", "shown"), [("place", True, "held"), ("release", False, "released")])
def test_a_hold_is_told_by_level(deployment: Deployment, word: str, held: bool, shown: str) -> None:
    told = say("hold", word, "--customer", "001A", "--reason", "dispute", "--by", "Dana").stdout
    assert told == f"customer c-1 is {shown}\n"
    payload = {"level": "customer", "subject_id": "001A", "held": held, "reason": "dispute", "by": "Dana"}
    assert deployment.acts == [("hold-billing", payload)]


def test_a_hold_is_on_one_thing(deployment: Deployment) -> None:
    told = say("hold", "place", "--customer", "1", "--project", "2", "--reason", "x", "--by", "Dana")
    assert told.exit_code == 2 and not deployment.acts


def test_holds_are_listed_with_who_placed_them(deployment: Deployment) -> None:
    told = say("hold", "list").stdout
    assert "Acme" in told and "Dana" in told


def test_a_broken_audit_log_ends_1_and_says_where(deployment: Deployment) -> None:
    told = say("audit", "verify")
    assert told.exit_code == 1 and "changed" in told.stdout and "NO" in told.stdout
