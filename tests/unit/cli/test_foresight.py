"""preview, whatif and amend: what they ask, what they show, and a paper that is wrong told by its places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import main, options
from functions.experience.preview import preview
from tests.stories import CONTRACT, THROUGH, Fabric, a_contract, an_entry, time_and_materials
from tests.unit.functions.experience.test_questions import PAPER
from tests.unit.functions.operations.test_amend_contract import amend, work


class Deployment:
    """Answers what the fabric of a story answers; nothing is written in it."""

    def __init__(self, fabric: Fabric) -> None:
        self.fabric = fabric
        self.asked: list[tuple[str, str]] = []

    def read(self, path: str, **query: str) -> dict[str, Any]:
        self.asked.append(("read", path))
        return preview(self.fabric.ports, CONTRACT, THROUGH)

    def ask(self, path: str, question: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(("ask", path))
        effect: dict[str, Any] = amend(self.fabric, dry_run=True)["effect"]
        return effect

    def act(self, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(("act", operation))
        return amend(self.fabric, dry_run=payload["dry_run"], by=payload["by"], approver=payload["approver"])


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    work(fabric, 2, 12)
    fabric.bill()
    work(fabric, 13, first=3)
    fabric.approve(an_entry("t-9", worked_on=THROUGH.replace(month=4, day=1)))
    made = Deployment(fabric)
    monkeypatch.setattr(options, "connect", lambda *_: made)
    return made


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "amendment.json"
    file.write_text(json.dumps(PAPER))
    return file


def say(*words: str) -> str:
    return CliRunner().invoke(main.app, list(words), catch_exceptions=False).stdout


def test_a_preview_shows_lines_totals_and_what_stays(deployment: Deployment) -> None:
    told = say("preview", "--contract", "C/1", "--through", "2026-03-31")
    assert deployment.asked == [("read", "/contracts/C%2F1/preview")]
    assert "net 150.00  tax 0.00  gross 150.00 USD" in told and "later_period" in told and "2026-03-13, Bo" in told


def test_a_what_if_shows_open_work_the_plan_and_the_backlog(deployment: Deployment, paper: Path) -> None:
    told = say("whatif", str(paper))
    assert deployment.asked == [("ask", f"/contracts/{CONTRACT}/what-if")]
    assert "re_rated" in told and "180.00" in told and "Plan of credit and rebill" in told
    assert "the plan bills 30.00 USD more" in told and "Backlog" in told and "Caps: none" in told
    assert json.loads(say("whatif", str(paper), "--json"))["plan_difference"] == "30.00"


def test_an_amendment_is_applied_by_the_operations_function(deployment: Deployment, paper: Path) -> None:
    told = say("amend", str(paper), "--by", "Dana", "--approver", "Kim")
    assert deployment.asked == [("act", "amend-contract")] and "applied; open items corrected: 1" in told
    assert "was applied before" in say("amend", str(paper), "--by", "Dana", "--approver", "Kim")


def test_a_wrong_paper_is_told_by_its_places_and_nobody_is_asked(
    deployment: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "wrong.json"
    cap = {"change": "set_cap", "line_id": "l-time", "cap": {"value": {"amount": 5.5, "currency": "USD"}}}
    file.write_text(json.dumps(PAPER | {"changes": [cap, {"change": "end_line"}], "efective_on": "2026-03-10"}))
    monkeypatch.setattr("sys.argv", ["billweave", "whatif", str(file)])
    with pytest.raises(SystemExit) as ended:
        main.run()
    told = capsys.readouterr().err
    assert ended.value.code == 2 and deployment.asked == []
    for place in ("changes.0.cap.value.amount", "changes.1.line_id", "efective_on"):
        assert f"{file}: {place}: " in told
