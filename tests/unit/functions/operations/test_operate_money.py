"""Money and books by the API: as whom the token says, and who asked does not approve."""

from __future__ import annotations

from typing import Any

import pytest

from functions.operations import acting, operate, operate_replay
from shared.domain.project import ProjectStatus
from shared.runtime.settings import Settings
from shared.usecases.verify_chain import verify_chain
from tests.stories import CONTRACT, PROJECT, Fabric, a_contract, an_entry, time_and_materials
from tests.unit.functions.operations.test_operate import ANN, CONTEXT, asked

BO = "bo@example.com"


@pytest.fixture
def fabric(monkeypatch: pytest.MonkeyPatch) -> Fabric:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.ports.settings = Settings()
    monkeypatch.setattr(acting, "ports", lambda: fabric.ports)
    return fabric


def post(path: str, body: Any, who: str | None = ANN) -> tuple[int, Any]:
    door = operate_replay if path == "/operate/replays" else operate
    return asked(door.handler, "POST", path, body, who, CONTEXT)


def acts(fabric: Fabric) -> list[tuple[str, str]]:
    entries = list(fabric.ports.audit_log.of_legal_entity("US"))
    length, head = fabric.ports.audit_log.head("US")
    assert verify_chain(entries, length=length, head=head) is None
    return [(entry.act.who, entry.act.what) for entry in entries]


WRITE_OFF = {"request_id": "r-1", "contract_id": CONTRACT, "reason": "goodwill"}


def test_work_is_written_off_and_taken_back_under_the_tokens_subject(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    code, told = post("/operate/write-offs", WRITE_OFF)
    [done] = told["write_offs"]
    assert (code, done["submitter"], done["written_off"]) == (200, ANN, "150.00")
    code, told = post(f"/operate/write-offs/{done['write_off_id']}/reverse", {"reason": "paid after all"}, who=BO)
    assert (code, told["status"]) == (200, "reversed")
    assert {who for who, _ in acts(fabric)} == {ANN, BO}
    assert fabric.conserved()


def test_who_asked_for_a_write_off_does_not_approve_it(fabric: Fabric) -> None:
    fabric.approve(an_entry(minutes=600))
    [done] = post("/operate/write-offs", WRITE_OFF)[1]["write_offs"]
    assert done["status"] == "requested"
    [waits] = [each for each in fabric.ports.exceptions.list() if each.type == "write_off_approval_due"]
    path = f"/operate/exceptions/{waits.exception_id}/approve"
    code, told = post(path, {})
    assert (code, told["title"]) == (403, "approver_is_submitter")
    assert post(path, {}, who=BO)[0] == 200


def test_a_credit_is_asked_for_by_the_tokens_subject(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    [invoice] = fabric.bill()
    code, told = post("/operate/credits", {"invoice": invoice.invoice_id, "reason": "Wrong rate", "request_id": "r-1"})
    assert (code, told["submitter"], told["net"]) == (200, ANN, "150.00")
    assert fabric.invoice(told["memo_id"]).submitter == ANN


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/operate/write-offs", WRITE_OFF | {"by": "the boss"}),
        ("/operate/credits", {"invoice": "i", "reason": "Wrong rate", "request_id": "r-1", "submitter": "the boss"}),
        ("/operate/periods", {"action": "close", "legal_entity_id": "US", "month": "2026-03", "by": "the boss"}),
        ("/operate/projects/p/close", {"by": "the boss"}),
        ("/operate/replays", {"correlation": CONTRACT, "by": "the boss"}),
    ],
)
def test_a_typed_name_is_refused(fabric: Fabric, path: str, body: Any) -> None:
    assert post(path, body)[0] == 422
    assert fabric.ports.audit_log.head("US")[0] == 0


@pytest.mark.parametrize("path", ["/operate/credits", "/operate/replays"])
def test_a_token_that_names_nobody_moves_nothing(fabric: Fabric, path: str) -> None:
    body = {"correlation": CONTRACT} if "replays" in path else {"invoice": "i", "reason": "Wrong", "request_id": "r"}
    code, told = post(path, body, who=None)
    assert (code, told["title"]) == (403, "actor_unknown")


def test_a_month_is_closed_and_opened_by_persons(fabric: Fabric) -> None:
    month = {"legal_entity_id": "US", "month": "2026-02"}
    assert post("/operate/periods", month | {"action": "close"})[1]["closed"] == ["2026-02"]
    code, told = post("/operate/periods", month | {"action": "open"}, who=BO)
    assert (code, told["closed"], [each["by"] for each in told["changes"]]) == (200, [], [ANN, BO])


def test_a_project_is_closed_by_a_person(fabric: Fabric) -> None:
    assert post(f"/operate/projects/{PROJECT}/close", {})[1]["by"] == ANN
    assert fabric.ports.projects.get(PROJECT).status is ProjectStatus.CLOSED
    assert post("/operate/projects/nobody/close", {})[0] == 404
