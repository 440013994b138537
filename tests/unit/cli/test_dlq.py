"""Dead letters from the command line: what is asked of which function, and what is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import main, options

LETTER = {
    "letter_id": "l-1",
    "place": "time-dlq",
    "kind": "event",
    "name": "time.approved.v1",
    "subject": "t-1",
    "correlation_id": "c-1",
    "legal_entity": "US",
    "problem": "",
    "sent_at": "2026-03-02T12:00:00+00:00",
    "receives": 5,
}
EDIT = {"old_id": "l-0", "new_id": "l-1", "by": "Dana", "why": "typo", "at": "2026-03-02"}
WHOLE = LETTER | {"effect": "to time", "raw": '{"a": "[b]"}', "tried": {"receives": "5"}, "lineage": [EDIT]}


class Deployment:
    def __init__(self) -> None:
        self.acts: list[tuple[str, Mapping[str, Any]]] = []

    def act(self, operation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        self.acts.append((operation, payload))
        if operation == "dead-letters":
            place = {"place": "time-dlq", "waiting": 1, "oldest_at": "2026-03-02", "age_hours": 3}
            return WHOLE if payload.get("letter_id") else {"places": [place], "letters": [LETTER]}
        if operation == "edit-dead-letter":
            return {"old_id": "l-1", "letter_id": "l-2", "place": "time-dlq", "difference": ["- a", "+ b"]}
        if operation == "redrive":
            told = {"letter_id": "l-1", "to": None, "effect": "stays: nobody knows"}
            return {"redriven": 1, "waiting": 1, "letters": [told]}
        return {"letter_id": "l-1", "effect": "its bytes are kept"}


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    made = Deployment()
    monkeypatch.setattr(options, "connect", lambda *_: made)
    return made


def say(*words: str) -> Result:
    return CliRunner().invoke(main.app, ["dlq", *words], catch_exceptions=False)


def test_places_are_listed_with_count_and_age(deployment: Deployment) -> None:
    told = say("list").stdout
    assert "time-dlq" in told and "age hours" in told and "time.approved.v1" in told


def test_one_letter_is_shown_with_what_was_tried_and_where_it_came_from(deployment: Deployment) -> None:
    told = say("show", "l-1").stdout
    assert "to time" in told and "from l-0 by Dana" in told and '"[b]"' in told
    assert say("show", "l-1", "--raw").stdout == '{"a": "[b]"}\n'


def test_an_edit_sends_the_files_text_and_shows_the_difference(deployment: Deployment, tmp_path: Path) -> None:
    file = tmp_path / "letter.json"
    file.write_text('{"a": 1}\n')
    told = say("edit", "l-1", str(file), "--by", "Dana", "--reason", "typo", "--dry-run").stdout
    ((operation, asked),) = deployment.acts
    assert (operation, asked["text"], asked["dry_run"]) == ("edit-dead-letter", '{"a": 1}', True)
    assert "+ b" in told and "would become l-2" in told


def test_a_redrive_names_what_stays_and_why(deployment: Deployment) -> None:
    told = say("redrive", "time", "--by", "Grace").stdout
    assert "stays: nobody knows" in told and "1 given back to time, 1 wait" in told


def test_a_discard_needs_a_name_and_a_reason(deployment: Deployment) -> None:
    assert say("discard", "l-1", "--by", "Dana").exit_code != 0
    assert "its bytes are kept" in say("discard", "l-1", "--by", "Dana", "--reason", "a test").stdout


def test_all_of_it_for_machines(deployment: Deployment) -> None:
    assert json.loads(say("show", "l-1", "--json").stdout) == WHOLE
