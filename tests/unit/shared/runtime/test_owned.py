"""A field group that another owns is neither announced nor written: the event or the command is refused, and shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from events.commands import COMMANDS, PostInvoice
from events.ownership import ANNOUNCES, OWNERSHIP, WRITES, Owner, may_announce, may_be_told
from events.registry import PUBLISHED
from events.routes import COMMAND_ROUTES
from shared.faults import BusinessException
from shared.runtime.command_queue import command_queue
from shared.runtime.owned import OwnedOutbox, check_announced, check_told
from shared.runtime.settings import Settings
from shared.runtime.wiring import AwsPorts
from tests.fakes.ports import FakePorts
from tests.unit.shared.runtime.deliveries import batch, failed

ROLES = [Owner.CRM, Owner.PSA, Owner.ERP]


@dataclass
class Told:
    type: str


@dataclass
class Written:
    events: list[Any] = field(default_factory=list)

    def record(self, events: Any) -> None:
        self.events += events


@pytest.mark.parametrize("event", sorted(ANNOUNCES))
def test_only_a_system_that_owns_what_an_event_says_may_announce_it(event: str) -> None:
    for role in ROLES:
        kept = Written()
        outbox = OwnedOutbox(kept, role)  # type: ignore[arg-type]
        if all(may_announce(role, group) for group in ANNOUNCES[event]):
            outbox.record([Told(f"{event}.v1")])  # type: ignore[list-item]
            assert len(kept.events) == 1
        else:
            with pytest.raises(BusinessException, match="not_the_owner"):
                outbox.record([Told(f"{event}.v1")])  # type: ignore[list-item]
            assert kept.events == []


def test_one_foreign_event_of_a_batch_keeps_all_of_it_out() -> None:
    kept = Written()
    with pytest.raises(BusinessException) as refused:
        OwnedOutbox(kept, "psa").record([Told("time.approved.v1"), Told("invoice.paid.v1")])  # type: ignore[arg-type, list-item]
    assert refused.value.facts == {"role": "psa", "event": "invoice.paid.v1", "fields": "invoice/payment"}
    assert kept.events == []


@pytest.mark.parametrize("event", ["invoice.posted.v1", "wip.recorded.v1", "nobody.knows.v1"])
def test_the_fabrics_own_word_is_no_systems_to_say(event: str) -> None:
    for role in ROLES:
        with pytest.raises(BusinessException, match="not_the_owner"):
            check_announced(event, role)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_goes_to_the_roles_that_are_shown_what_it_writes(command: str) -> None:
    asked = {route.role for route in COMMAND_ROUTES[command]}
    for role in ROLES:
        if role in asked:
            check_told(command, role)
        else:
            with pytest.raises(BusinessException, match="not_the_owner"):
                check_told(command, role)


def test_a_group_that_a_system_owns_is_never_written_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WRITES, ("ReportInvoice", Owner.PSA), ("invoice/posting", "time_entry/work"))
    with pytest.raises(BusinessException) as refused:
        check_told("ReportInvoice", "psa")
    assert refused.value.facts["fields"] == "time_entry/work"


def test_a_misdirected_command_fails_the_sagas_task_and_nothing_is_executed() -> None:
    ports, executed = FakePorts(), []
    ports.role = "psa"
    queue = command_queue({PostInvoice: lambda command, _: executed.append(command)}, lane="x", wire=lambda: ports)
    payload = {"invoice_id": "i-1", "legal_entity_id": "DE", "document_key": "k"}
    message = {
        "command": "PostInvoice",
        "task_token": "t",
        "correlation_id": "c",
        "execution": "i-1",
        "payload": payload,
    }
    assert failed(queue(batch(json.dumps(message)), None)) == []
    error, cause = ports.tasks.failed["t"]
    assert (error, json.loads(cause)["code"]) == ("BusinessException", "not_the_owner")
    assert executed == []


def test_a_connectors_outbox_on_aws_knows_its_role() -> None:
    assert AwsPorts(Settings.from_env({"BILLWEAVE_ROLE": "erp"})).role == "erp"
    assert AwsPorts(Settings.from_env({})).role == ""


def test_every_declared_write_and_word_is_of_a_group_that_is_declared_and_allowed() -> None:
    types = {name.rpartition(".v")[0] for name in PUBLISHED}
    assert set(ANNOUNCES) <= types
    assert all(may_be_told(role, group) for (_, role), groups in WRITES.items() for group in groups)
    owners = {f"{row.kind}/{row.fields}": row.owner for row in OWNERSHIP}
    assert all(len({owners[group] for group in groups}) == 1 for groups in ANNOUNCES.values())
