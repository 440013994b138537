"""Every reading and acting command, on a deployment that answers what it is told to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import main, options
from cli.connection import ConnectionFailed
from cli.settle import NotSettled

INVOICE = {
    "invoice_id": "i-1",
    "erp_number": "INV1001",
    "legal_entity": "US",
    "customer": "Acme [us]",
    "period_end": "2026-03-31",
    "kind": "invoice",
    "credits": None,
    "reason": None,
    "status": "posted",
    "items": 2,
    "currency": "USD",
    "net": "1230.00",
    "tax": "0.00",
    "gross": "1230.00",
    "paid": None,
    "credited": None,
    "open": "1230.00",
}
MEMO = INVOICE | {
    "invoice_id": "m-1",
    "erp_number": "CM1001",
    "kind": "credit_memo",
    "credits": "i-1",
    "reason": "Wrong rate",
    "net": "30.00",
    "gross": "30.00",
    "open": "0.00",
}
CREDITED = {
    "memo_id": "m-1",
    "invoice_id": "i-1",
    "remedy": "rebill",
    "reason": "Wrong rate",
    "submitter": "ann",
    "currency": "USD",
    "net": "30.00",
    "tax": "0.00",
    "gross": "30.00",
    "lines": [{"line": "2", "description": "Consulting", "net": "30.00", "whole": False, "rebilled_at": None}],
    "started": False,
}
TROUBLE = {
    "exception_id": "e-1",
    "type": "rate_missing",
    "owner": "master_data",
    "legal_entity": "US",
    "message": "No rate",
    "facts": {"role": "Architect"},
    "status": "open",
    "actions": ["retry"],
    "raised_at": "2026-03-02T12:00:00+00:00",
    "due_at": "2026-03-03T12:00:00+00:00",
}
TOTALS = {"legal_entity": "US", "currency": "USD", "approved": "10.00", "open": "10.00", "claimed": "0"}
TOTALS |= {"invoiced": "0", "credited": "0", "written_off": "0", "difference": "0.00", "holds": True}
ANSWERS: dict[str, dict[str, Any]] = {
    "/invoices": {"invoices": [INVOICE]},
    "/invoices/i-1/explain": {
        "invoice": INVOICE,
        "contract_reference": "C-1",
        "lines": [
            {
                "line_id": "1",
                "description": "Design [draft]",
                "net": "1230.00",
                "chain": [{"step": "entry", "words": "8.2 hours [late]", "facts": {}}],
            }
        ],
    },
    "/exceptions": {"exceptions": [TROUBLE]},
    "/trace/INV%2F1%3F": {
        "id": "INV/1?",
        "subjects": ["i-1"],
        "events": [
            {
                "at": "2026-03-31T10:00:00+00:00",
                "type": "invoice.posted.v1",
                "subject": "i-1",
                "data": {"erp_number": "INV1", "gross": {"amount": "1230.00", "currency": "USD"}},
            }
        ],
    },
    "/audit": {"holds": True, "by_legal_entity": [TOTALS], "by_project": [TOTALS | {"project_id": "p-1"}]},
    "/status": {
        "policies": "2026-1",
        "legal_entities": ["US"],
        "approved_sources": {"US": 7},
        "projects": {"active": 2},
        "invoices": {},
        "open_exceptions": {"master_data": 1},
        "vendors": [{"account": "netsuite", "standing": "down", "in_use": 0, "slots": 5, "waiting": 2, "since": None}],
        "parked": [],
        "counts": {"duplicates_received": 3},
    },
}


class Deployment:
    """reads: (path, query); acts: (operation, payload)."""

    def __init__(self) -> None:
        self.reads: list[tuple[str, dict[str, str]]] = []
        self.acts: list[tuple[str, Mapping[str, Any]]] = []
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.answers = dict(ANSWERS)

    def read(self, path: str, **query: str | None) -> dict[str, Any]:
        self.reads.append((path, {name: value for name, value in query.items() if value is not None}))
        return self.answers[path]

    def ask(self, path: str, question: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append((path, question))
        told = {"status": "resolved", "resolution": "retry", "level": "contract", "subject_id": "c-1", "held": True}
        told |= {"letters": [], "redriven": 1, "waiting": 0} | (CREDITED if path == "/operate/credits" else {})
        return told | {"changed": True, "letter_id": "l-1", "effect": "kept"}

    def act(self, operation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        self.acts.append((operation, payload))
        if operation == "start-billing":
            return {"run": "bill-US-2026-03-31-r1", "started": True}
        if operation == "accounting-period":
            change = {"month": "2026-03", "what": "closed", "by": "Grace", "at": "2026-04-02T12:00:00+00:00"}
            return {"legal_entity_id": "US", "closed": ["2026-03"], "next_day": "2026-04-02", "changes": [change]}
        if operation == "close-project":
            return {"project_id": "p-1", "status": "closed", "by": "Ann"}
        if operation == "request-credit":
            return CREDITED
        if operation == "show-exception":
            return {"actions": {"retry": "runs it again"}, "history": [], "amended": [], "parked": []}
        return {"exception_id": "e-1", "status": "resolved", "resolution": "retry"}


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    made = Deployment()
    monkeypatch.setattr(options, "connect", lambda *_: made)
    return made


def say(*words: str) -> Result:
    return CliRunner().invoke(main.app, list(words), catch_exceptions=False)


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (["invoices"], "/invoices"),
        (["explain", "i-1"], "/invoices/i-1/explain"),
        (["trace", "INV/1?"], "/trace/INV%2F1%3F"),
        (["audit"], "/audit"),
        (["exceptions", "list"], "/exceptions"),
    ],
)
def test_json_is_what_the_api_said(deployment: Deployment, words: list[str], path: str) -> None:
    told = say(*words, "--json")
    assert told.exit_code == 0 and json.loads(told.stdout) == ANSWERS[path]
    assert deployment.reads[0][0] == path


def test_invoices_are_a_table_with_every_amount_whole(deployment: Deployment) -> None:
    told = say("invoices", "--legal-entity", "US", "--status", "posted").stdout
    assert "INV1001" in told and "1230.00" in told and "Acme [us]" in told
    assert deployment.reads == [("/invoices", {"legal_entity": "US", "status": "posted"})]


def test_an_empty_table_says_so(deployment: Deployment) -> None:
    deployment.answers["/invoices"] = {"invoices": []}
    assert say("invoices").stdout == "Invoices: none\n"


def test_a_credit_memo_names_the_invoice_it_is_against(deployment: Deployment) -> None:
    deployment.answers["/invoices"] = {"invoices": [INVOICE | {"credited": "30.00", "open": "1200.00"}, MEMO]}
    told = say("invoices").stdout
    assert "credit of INV1001" in told and "1200.00" in told and "CM1001" in told


def test_a_credit_is_asked_under_a_name_of_its_own(deployment: Deployment) -> None:
    words = ("credit", "INV1001", "--line", "2", "--percent", "10 %", "--reason", "Wrong rate", "--by", "ann")
    told = say(*words).stdout
    [(operation, asked)] = deployment.acts
    assert operation == "request-credit" and len(asked["request_id"]) == 32
    expected = {"invoice": "INV1001", "lines": ["2"], "percent": "10", "reason": "Wrong rate", "submitter": "ann"}
    assert {name: value for name, value in asked.items() if name != "request_id"} == expected | {
        "remedy": "rebill",
        "dry_run": False,
    }
    assert "gross 30.00 USD" in told and "credit memo m-1" in told


def test_a_preview_of_a_credit_says_that_nothing_was_written(deployment: Deployment) -> None:
    told = say("credit", "INV1001", "--concession", "--reason", "Goodwill", "--request", "r-1", "--dry-run").stdout
    [(route, asked)] = deployment.asked
    assert (route, asked["remedy"], asked["dry_run"]) == ("/operate/credits", "concession", True)
    assert asked["request_id"] == "r-1" and "submitter" not in asked
    assert "nothing was written" in told and "30.00" in told


def test_a_credit_is_not_rebilled_and_given_up_at_once(deployment: Deployment) -> None:
    with pytest.raises(ConnectionFailed):
        say("credit", "INV1001", "--rebill", "--concession", "--reason", "Goodwill")


def test_a_line_is_explained_in_words(deployment: Deployment) -> None:
    told = say("explain", "i-1", "1").stdout
    assert "Design [draft]" in told and "8.2 hours [late]" in told and "contract C-1" in told
    assert deployment.reads == [("/invoices/i-1/explain", {"line": "1"})]


def test_a_timeline_shows_what_happened(deployment: Deployment) -> None:
    told = say("trace", "INV/1?").stdout
    assert "invoice.posted.v1" in told and "gross 1230.00 USD" in told


def test_open_exceptions_are_listed_and_all_of_them_when_asked(deployment: Deployment) -> None:
    assert "No rate" in say("exceptions", "list").stdout
    say("exceptions", "list", "--all")
    assert [query for _, query in deployment.reads] == [{"status": "open"}, {}]


def test_one_exception_is_shown_whole_or_said_to_be_unknown(deployment: Deployment) -> None:
    told = say("exceptions", "show", "e-1").stdout
    assert "rate_missing" in told and "runs it again" in told
    with pytest.raises(ConnectionFailed, match="no exception e-2"):
        say("exceptions", "show", "e-2")


def test_a_decision_names_who_decides(deployment: Deployment) -> None:
    told = say("exceptions", "act", "e-1", "retry", "--by", "Dana")
    assert told.stdout == "resolved: retry\n"
    assert deployment.acts == [("act-on-exception", {"exception_id": "e-1", "action": "retry", "by": "Dana"})]


def test_a_decision_without_a_name_is_made_as_whom_the_token_says(deployment: Deployment) -> None:
    say("exceptions", "act", "e-1", "retry", "--reason", "repaired")
    say("hold", "place", "--contract", "c-1", "--reason", "Dispute")
    say("dlq", "discard", "l-1", "--reason", "told anew")
    say("dlq", "redrive", "time", "--letter", "l-1")
    say("period", "close", "2026-03", "--legal-entity", "US", "--json")
    say("project", "close", "p-1", "--json")
    say("write-off", "reverse", "wo-1", "--reason", "paid after all", "--json")
    say("replay", "--correlation", "c-1", "--apply", "--json")
    held = {"level": "contract", "subject_id": "c-1", "held": True, "reason": "Dispute"}
    redriven = {"queue": "time", "letter_id": "l-1", "most": 500, "dry_run": False, "reason": "repaired"}
    replayed = {"start": None, "to": None, "type": None, "apply": True, "reason": "replay"}
    replayed |= {"source": "events", "correlation": "c-1"}
    assert deployment.asked == [
        ("/operate/exceptions/e-1/retry", {"reason": "repaired"}),
        ("/operate/holds", held),
        ("/operate/dead-letters/l-1/discard", {"queue": None, "reason": "told anew", "dry_run": False}),
        ("/operate/dead-letters", redriven),
        ("/operate/periods", {"action": "close", "legal_entity_id": "US", "month": "2026-03"}),
        ("/operate/projects/p-1/close", {}),
        ("/operate/write-offs/wo-1/reverse", {"reason": "paid after all"}),
        ("/operate/replays", replayed),
    ]
    assert deployment.acts == []


def test_raw_payloads_are_mapped_again_under_a_typed_name_alone(deployment: Deployment) -> None:
    raw = (
        "replay",
        "--source",
        "raw",
        "--system",
        "kantata",
        "--feed",
        "time_entries",
        "--correlation",
        "1",
        "--apply",
    )
    assert say(*raw).exit_code == 2 and deployment.acts == []
    say(*raw, "--by", "Dana", "--json")
    [(operation, asked)] = deployment.acts
    assert (operation, asked["by"], asked["subject"]) == ("kantata-map-again", "Dana", "1")


def test_what_an_action_needs_goes_along(deployment: Deployment) -> None:
    say("exceptions", "act", "e-1", "snooze", "--by", "Dana", "--until", "2026-04-01", "--reason", "waits for mail")
    ((_, asked),) = deployment.acts
    assert (asked["given"], asked["reason"]) == ({"until": "2026-04-01"}, "waits for mail")


def test_a_billing_run_is_started_under_a_name_of_its_own_or_the_one_given(deployment: Deployment) -> None:
    say("bill", "--legal-entity", "US", "--through", "2026-03-31")
    say("bill", "--legal-entity", "US", "--through", "2026-03-31", "--run", "close")
    first, second = (payload["run"] for _, payload in deployment.acts)
    assert len(first) == 12 and second == "close"
    assert deployment.acts[1][1]["through"] == "2026-03-31"


def test_one_contract_may_be_billed_and_before_its_period_ends(deployment: Deployment) -> None:
    say("bill", "--legal-entity", "US", "--through", "2026-03-10", "--contract", "c-1", "--interim")
    ((_, payload),) = deployment.acts
    assert (payload["contract_id"], payload["interim"]) == ("c-1", True)


def test_months_are_closed_opened_and_listed(deployment: Deployment) -> None:
    told = say("period", "close", "2026-03", "--legal-entity", "US", "--by", "Grace")
    assert told.exit_code == 0 and "2026-03" in told.stdout and "Grace" in told.stdout
    say("period", "open", "2026-03", "--legal-entity", "US", "--by", "Ann")
    say("period", "list", "--legal-entity", "US")
    assert [(each["action"], each.get("month"), each.get("by")) for _, each in deployment.acts] == [
        ("close", "2026-03", "Grace"),
        ("open", "2026-03", "Ann"),
        ("list", None, None),
    ]


def test_a_project_is_closed_by_somebody(deployment: Deployment) -> None:
    assert "p-1: closed by Ann" in say("project", "close", "p-1", "--by", "Ann").stdout
    assert deployment.acts == [("close-project", {"project_id": "p-1", "by": "Ann"})]


def test_an_audit_that_does_not_hold_ends_1_and_shows_where(deployment: Deployment) -> None:
    broken = TOTALS | {"holds": False, "project_id": "p-9"}
    deployment.answers["/audit"] = {"holds": False, "by_legal_entity": [broken], "by_project": [broken]}
    told = say("audit")
    assert told.exit_code == 1 and "p-9" in told.stdout and "NO" in told.stdout


def test_status_of_a_deployment_says_what_stands_where(deployment: Deployment) -> None:
    told = say("status", "--deployment", "prod-us").stdout
    assert "active 2" in told and "duplicates_received 3" in told and "What waits: none" in told


@pytest.mark.parametrize("failure", [ConnectionFailed("no estate is up"), NotSettled("the month: not within 90 s")])
def test_what_goes_wrong_in_the_world_is_one_line_and_exit_2(
    failure: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise failure

    monkeypatch.setattr(main, "app", fails)
    with pytest.raises(SystemExit) as ended:
        main.run()
    assert ended.value.code == 2 and capsys.readouterr().err == f"billweave: {failure}\n"
