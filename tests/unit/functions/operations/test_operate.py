"""Acting by the API: the same operations, policy and audit; the actor is the token's subject and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from functions.operations import acting, operate
from functions.processes.parking import as_bus_body
from shared.domain.exception import ExceptionStatus, OwnerGroup
from shared.runtime.settings import Settings
from shared.runtime.trouble import raise_trouble
from shared.usecases.verify_chain import verify_chain
from tests.fakes.flow import FakePolicyBook
from tests.fakes.policies import some_policies
from tests.stories import CONTRACT, Fabric, a_contract, an_entry, time_and_materials

CONTEXT: Any = SimpleNamespace(aws_request_id="r-1", function_name="operate", memory_limit_in_mb=512)
ANN = "ann@example.com"


@pytest.fixture
def fabric(monkeypatch: pytest.MonkeyPatch) -> Fabric:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.ports.settings = Settings()
    monkeypatch.setattr(acting, "ports", lambda: fabric.ports)
    return fabric


def ask(method: str, path: str, body: Any = None, who: str | None = ANN) -> tuple[int, Any]:
    return asked(operate.handler, method, path, body, who, CONTEXT)


def asked(door: Any, method: str, path: str, body: Any, who: str | None, context: Any) -> tuple[int, Any]:
    """status and answer of one function behind the API's gateway."""
    claims = {"sub": who} if who else {}
    event = {
        "version": "2.0",
        "routeKey": "ANY /operate/{proxy+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            "requestId": "r-1",
            "authorizer": {"jwt": {"claims": claims, "scopes": ["billweave/operate"]}},
        },
        "body": json.dumps(body) if body is not None else None,
        "isBase64Encoded": False,
    }
    answer = door(event, context)
    return int(answer["statusCode"]), json.loads(answer["body"])


def trouble(fabric: Fabric, type: str = "unknown_project", subject: str = "s-1", **facts: str) -> str:
    return raise_trouble(
        fabric.ports, type, subject, legal_entity_id="US", correlation_id="c", facts=facts
    ).exception_id


def log(fabric: Fabric) -> list[Any]:
    entries = list(fabric.ports.audit_log.of_legal_entity("US"))
    length, head = fabric.ports.audit_log.head("US")
    assert verify_chain(entries, length=length, head=head) is None
    return [entry.act for entry in entries]


def test_an_exception_is_shown_acted_on_and_logged_under_the_tokens_subject(fabric: Fabric) -> None:
    exception_id = trouble(fabric)
    code, shown = ask("GET", f"/operate/exceptions/{exception_id}")
    assert code == 200 and set(shown["actions"]) >= {"retry", "reassign", "snooze"}
    code, done = ask("POST", f"/operate/exceptions/{exception_id}/retry", {"reason": "linked by hand"})
    assert (code, done["status"], done["resolution"]) == (200, "resolved", "retry")
    [act] = log(fabric)
    assert (act.who, act.what, act.why) == (ANN, "exception.retry", "linked by hand")


def test_a_typed_name_is_refused(fabric: Fabric) -> None:
    exception_id = trouble(fabric)
    code, told = ask("POST", f"/operate/exceptions/{exception_id}/retry", {"by": "the boss"})
    assert code == 422
    assert fabric.ports.exceptions.find(exception_id).status is ExceptionStatus.OPEN


def test_a_token_that_names_nobody_acts_on_nothing(fabric: Fabric) -> None:
    code, told = ask("POST", f"/operate/exceptions/{trouble(fabric)}/retry", {}, who=None)
    assert (code, told["title"]) == (403, "actor_unknown")


def test_another_claim_may_name_the_person(fabric: Fabric) -> None:
    fabric.ports.settings = Settings(own={"actor_claim": "email"})
    assert ask("POST", f"/operate/exceptions/{trouble(fabric)}/retry", {})[1]["claim"] == "email"


def test_only_members_of_the_owners_group_act(fabric: Fabric) -> None:
    members = {OwnerGroup.DELIVERY: ("bo@example.com",)}
    fabric.ports.policies = FakePolicyBook(replace(some_policies(), members=members))
    exception_id = trouble(fabric)
    code, told = ask("POST", f"/operate/exceptions/{exception_id}/retry", {})
    assert (code, told["title"]) == (403, "actor_not_owner")
    assert ask("POST", f"/operate/exceptions/{exception_id}/retry", {}, who="bo@example.com")[0] == 200


def test_who_asked_does_not_approve(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    [drafted] = fabric.draft()["invoices"]
    rows = fabric.ports.invoices.rows
    rows[drafted["invoice_id"]] = replace(rows[drafted["invoice_id"]], submitter=ANN)
    exception_id = trouble(fabric, "invoice_approval_due", drafted["invoice_id"])
    code, told = ask("POST", f"/operate/exceptions/{exception_id}/approve", {})
    assert (code, told["title"]) == (403, "approver_is_submitter")
    assert ask("POST", f"/operate/exceptions/{exception_id}/approve", {}, who="bo@example.com")[0] == 200


def test_what_nobody_knows_is_404_and_what_is_not_allowed_409(fabric: Fabric) -> None:
    assert ask("POST", "/operate/exceptions/nobody/retry", {})[0] == 404
    code, told = ask("POST", f"/operate/exceptions/{trouble(fabric)}/supply", {})
    assert (code, told["title"]) == (409, "action_not_allowed")


def test_a_hold_is_placed_and_let_go_once(fabric: Fabric) -> None:
    held = {"level": "contract", "subject_id": CONTRACT, "held": True, "reason": "Dispute"}
    assert [ask("POST", "/operate/holds", held)[1]["changed"] for _ in range(2)] == [True, False]
    assert ask("POST", "/operate/holds", held | {"held": False})[1]["changed"] is True
    assert [(act.who, act.what) for act in log(fabric)] == [(ANN, "hold.placed"), (ANN, "hold.released")]


def test_dead_letters_are_listed_shown_and_given_back(fabric: Fabric) -> None:
    fabric.ports.dead_letters.put("time-dlq", as_bus_body(an_entry()))
    [letter] = ask("GET", "/operate/dead-letters")[1]["letters"]
    assert "is applied" in ask("GET", f"/operate/dead-letters/{letter['letter_id']}")[1]["effect"]
    dry = ask("POST", "/operate/dead-letters", {"queue": "time", "dry_run": True})[1]
    assert (dry["redriven"], dry["waiting"]) == (0, 1)
    assert ask("POST", "/operate/dead-letters", {"queue": "time"})[1]["redriven"] == 1
    assert fabric.deliver() == 1 and len(fabric.ports.wip.sources) == 1


def test_a_letter_is_edited_and_another_one_discarded(fabric: Fabric) -> None:
    fabric.ports.dead_letters.put("quarantine", '{"broken', origin="time", code="event_unreadable")
    path = "/operate/dead-letters/letter-1"
    edited = ask("POST", f"{path}/edit", {"text": as_bus_body(an_entry()), "reason": "was cut"})[1]
    assert (edited["old_id"], edited["place"]) == ("letter-1", "quarantine")
    gone = ask("POST", f"/operate/dead-letters/{edited['letter_id']}/discard", {"reason": "told anew"})[1]
    assert gone["place"] == "quarantine" and fabric.ports.dead_letters.waiting("quarantine") == 0
