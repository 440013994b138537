"""Replay: dry, it says line by line what it would change and changes nothing; applied, state is rebuilt; twice is once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from functions.operations.replay import Replay, handler
from shared.adapters.row_difference import canonical
from shared.domain.project import ProjectStatus
from shared.faults import BusinessException
from shared.runtime.wiring import AwsPorts
from tests.fakes.flow import NOON
from tests.stories import CONTRACT, PROJECT, Fabric, a_card, a_contract, an_entry

YEAR = {"start": NOON - timedelta(days=365), "to": NOON + timedelta(days=365)}
NOT_STATE = ("CNT#", "EVT#", "AUD#", "ACT#", "SLOT#", "TURN#")


def replay(ports: AwsPorts, **asked: Any) -> dict[str, Any]:
    return handler.step(Replay(**(YEAR | asked)), ports)


def rows(ports: AwsPorts) -> dict[tuple[str, str], dict[str, str]]:
    from shared.adapters.rows import as_row

    pages = ports.clients.dynamodb.get_paginator("scan").paginate(TableName="fabric")
    found = [as_row(item) for page in pages for item in page["Items"]]
    return {(str(r["pk"]), str(r["sk"])): canonical(r) for r in found if not str(r["pk"]).startswith(NOT_STATE)}


def month(entries: int = 8) -> list[Any]:
    return [a_contract(), a_card(2), *(an_entry(f"t-{n}", sequence=10 + n) for n in range(entries))]


def unsaga(ports: AwsPorts) -> AwsPorts:
    """Sagas and queues are no part of what a table holds; here they are only noted."""
    from shared.adapters.dry_flow import DryQueues, DrySagas, DryTasks

    ports.__dict__ |= {"sagas": DrySagas(), "queues": DryQueues(), "tasks": DryTasks()}
    return ports


@pytest.fixture
def stored(aws: AwsPorts) -> AwsPorts:
    """A month's events in the log, and nothing made of them yet."""
    unsaga(aws).outbox.record(month())
    return aws


def test_a_dry_run_says_what_would_change_and_changes_nothing(stored: AwsPorts) -> None:
    told = replay(stored)
    assert (told["applied"], told["events"]) == (False, 10)
    assert f"+ CON#{CONTRACT} HEAD reference: C-2026-001" in told["difference"]
    assert rows(stored) == {}


def test_what_was_applied_leaves_nothing_to_change(stored: AwsPorts) -> None:
    assert replay(stored, apply=True)["lines"] > 0
    once = rows(stored)
    again = replay(stored)
    assert (again["lines"], again["difference"]) == (0, [])
    replay(stored, apply=True)
    assert rows(stored) == once


def forget(ports: AwsPorts, keys: Any) -> None:
    for pk, sk in keys:
        ports.clients.dynamodb.delete_item(TableName="fabric", Key={"pk": {"S": pk}, "sk": {"S": sk}})


def test_what_events_alone_make_comes_back_on_an_empty_table_the_same_to_the_byte(stored: AwsPorts) -> None:
    replay(stored, apply=True)
    lived = rows(stored)
    forget(stored, lived)
    assert rows(stored) == {}
    replay(stored, apply=True)
    assert rows(stored) == lived


def test_work_that_was_lost_is_recorded_anew_the_same_to_the_byte(aws: AwsPorts) -> None:
    unsaga(aws)
    fabric = Fabric(ports=aws)
    for event in month():
        aws.outbox.record([event])
    fabric.sign()
    fabric.open()
    fabric.refer()
    fabric.activate()
    fabric.price(a_card(2))
    project, reference = aws.projects.get(PROJECT), aws.references.refs_of(PROJECT)
    assert project.status is ProjectStatus.ACTIVE and reference
    replay(aws, apply=True)
    lived = rows(aws)
    sources = {key for key in lived if key[0].startswith(("SRC#", "WIP#"))}
    assert len(sources) == 16
    forget(aws, sources)
    assert rows(aws) != lived
    replay(aws, apply=True, type="time.approved")
    assert rows(aws) == lived


def test_one_thread_or_one_type_alone_is_replayed(stored: AwsPorts) -> None:
    assert replay(stored, type="contract.signed")["events"] == 1
    assert replay(stored, correlation="t-3")["events"] == 1
    assert replay(stored, to=NOON - timedelta(days=364))["events"] == 0


def test_an_applied_replay_is_in_the_audit_log_and_a_dry_one_is_not(stored: AwsPorts) -> None:
    scope = stored.policies.current().identity_scope
    replay(stored)
    assert list(stored.audit_log.of_legal_entity(scope)) == []
    replay(stored, apply=True, by="Dana", reason="rate card was lost")
    (entry,) = stored.audit_log.of_legal_entity(scope)
    assert (entry.act.who, entry.act.what, entry.act.why) == ("Dana", "replay.applied", "rate card was lost")


def test_a_replay_of_nothing_in_particular_is_refused(stored: AwsPorts) -> None:
    with pytest.raises(BusinessException, match="replay_of_what"):
        handler.step(Replay(), stored)


def test_more_than_allowed_is_refused(stored: AwsPorts) -> None:
    with pytest.raises(BusinessException, match="replay_too_many"):
        replay(stored, most=3)


def all_rows(ports: AwsPorts) -> list[dict[str, Any]]:
    pages = ports.clients.dynamodb.get_paginator("scan").paginate(TableName="fabric")
    return [item for page in pages for item in page["Items"]]


def keep_everything(ports: AwsPorts) -> int:
    """As the table's stream tells it: here every row as it stands."""
    records = [
        {
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": {name: item[name] for name in ("pk", "sk")},
                "NewImage": item,
                "SequenceNumber": f"{place:030}",
                "ApproximateCreationDateTime": NOON.timestamp(),
            },
        }
        for place, item in enumerate(all_rows(ports))
    ]
    kept = [ports.state_history.keep(records[at : at + 7]) for at in range(0, len(records), 7)]
    return sum(kept)


def test_a_billed_month_comes_back_from_its_history_on_an_empty_table(aws: AwsPorts) -> None:
    """Decisions too: invoices, claims, ledgers, what is said of the project; applied twice it is the same."""
    fabric = Fabric(ports=unsaga(aws)).ready()
    fabric.approve(*(an_entry(f"t-{n}", sequence=10 + n) for n in range(5)))
    fabric.bill()
    lived, kept = rows(aws), keep_everything(aws)
    assert kept >= len(lived) and {key[0].partition("#")[0] for key in lived} >= {"INV", "WIP", "CON", "PRJ"}
    forget(aws, [(item["pk"]["S"], item["sk"]["S"]) for item in all_rows(aws)])
    assert rows(aws) == {}
    told = handler.step(Replay(source="history"), aws)
    assert told["lines"] > len(lived) and rows(aws) == {}
    assert handler.step(Replay(source="history", apply=True), aws)["outcomes"]["restored"] == kept
    assert rows(aws) == lived
    assert handler.step(Replay(source="history"), aws)["lines"] == 0


def test_a_row_changed_since_is_not_set_back(aws: AwsPorts) -> None:
    fabric = Fabric(ports=unsaga(aws)).ready()
    fabric.approve(an_entry())
    [drafted] = fabric.draft()["invoices"]
    keep_everything(aws)
    before = {(item["pk"]["S"], item["sk"]["S"]) for item in all_rows(aws)}
    fabric.post(drafted["invoice_id"])
    gone = before - {(item["pk"]["S"], item["sk"]["S"]) for item in all_rows(aws)}
    told = {"SequenceNumber": f"{10**6}", "ApproximateCreationDateTime": NOON.timestamp() + 60}
    removed = [{"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}} for pk, sk in sorted(gone)]
    assert aws.state_history.keep([{"eventName": "REMOVE", "dynamodb": told | each} for each in removed]) == 1
    lived = rows(aws)
    handler.step(Replay(source="history", apply=True), aws)
    assert rows(aws) == lived


def test_documents_are_listed_by_their_beginning_in_rising_order(aws: AwsPorts) -> None:
    for key in ("history/b", "history/a", "raw/c"):
        aws.documents.put(key, b"{}")
    assert list(aws.documents.keys("history/")) == ["history/a", "history/b"]
    dry = aws.dry()
    dry.documents.put("history/aa", b"{}")
    assert list(dry.documents.keys("history/")) == ["history/a", "history/aa", "history/b"]
    assert list(aws.documents.keys("none/")) == []
