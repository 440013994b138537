"""What a dead letter would do is said before it moves; a saga that waits for one goes on, or is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.operations import dead_letters, discard_dead_letter, redrive
from functions.processes.parking import as_bus_body
from shared.domain.invoice import InvoiceStatus
from shared.runtime.batch import Message
from shared.runtime.command_queue import execute_one
from tests.fakes.flow import NOON
from tests.fakes.ports import FakePorts
from tests.fakes.records import some_event, some_group
from tests.stories import Fabric, a_contract, an_entry


def order(invoice_id: str) -> str:
    payload = {"invoice_id": invoice_id, "legal_entity_id": "US", "document_key": "k"}
    told = {"command": "PostInvoice", "task_token": "token-1", "correlation_id": "c", "execution": invoice_id}
    return json.dumps(told | {"payload": payload})


def effect(ports: Any, place: str, by: str = "Grace") -> str:
    queue = place.removesuffix("-dlq") if place != "quarantine" else place
    (told,) = redrive.handler.step(redrive.Redrive(queue=queue, dry_run=True, by=by), ports)["letters"]
    return str(told["effect"])


def test_a_dry_run_says_where_the_invoice_of_a_command_stands() -> None:
    ports = FakePorts()
    draft = ports.invoices.open_draft(some_group(), NOON.date())
    ports.dead_letters.put("netsuite-posting-dlq", order(draft.invoice_id))
    assert "is draft; looked up, then posted; saga" in effect(ports, "netsuite-posting-dlq")
    ports.invoices.rows[draft.invoice_id] = replace(draft, status=InvoiceStatus.POSTED, erp_number="INV1")
    assert "is posted as INV1: found, not posted twice" in effect(ports, "netsuite-posting-dlq")


def test_a_dry_run_says_whether_an_entry_is_known_already() -> None:
    fabric = Fabric().ready(a_contract())
    entry = an_entry()
    fabric.ports.dead_letters.put("time-dlq", as_bus_body(entry))
    assert "is applied; the fabric does not know it yet" in effect(fabric.ports, "time-dlq")
    fabric.approve(entry)
    assert "a duplicate, changes nothing" in effect(fabric.ports, "time-dlq")


def test_a_parked_event_goes_on_the_bus_again() -> None:
    ports = FakePorts()
    event = some_event("e1")
    parked = {"event_id": "e1", "code": "bus_refused", "source": "billweave", "body": json.dumps(event.as_json())}
    ports.dead_letters.put("outbox-parked", json.dumps(parked))
    assert redrive.handler.step(redrive.Redrive(queue="outbox-parked", by="Grace"), ports)["redriven"] == 1
    assert [each["id"] for each in ports.publisher.bus] == ["e1"]


def test_an_event_that_the_bus_gave_up_goes_on_it_again() -> None:
    ports = FakePorts()
    ports.dead_letters.put("bus-dlq", as_bus_body(some_event("e1")))
    assert redrive.handler.step(redrive.Redrive(queue="bus-dlq", by="Grace"), ports)["redriven"] == 1
    assert [each["id"] for each in ports.publisher.bus] == ["e1"]


@pytest.mark.parametrize(
    ("place", "body", "said"),
    [
        ("operations-dlq", "{}", "a call of a function"),
        ("quarantine", "{}", "nothing says which queue"),
        ("outbox-parked", json.dumps({"body": "{}"}), "no event for the bus"),
        ("time-dlq", "garbage", "would not be understood again"),
    ],
)
def test_what_cannot_be_given_back_says_why_and_stays(place: str, body: str, said: str) -> None:
    ports = FakePorts()
    ports.dead_letters.put(place, body)
    done = redrive.handler.step(redrive.Redrive(queue=place, by="Grace"), ports)
    assert (done["redriven"], done["waiting"]) == (0, 1)
    assert said in str(done["letters"][0]["effect"])


def test_a_saga_whose_command_is_given_back_finishes() -> None:
    """The queue's own function executes the body that came back, and its answer has the saga's token."""
    from events.commands import PostInvoice, Result

    class Number(Result):
        number: str

    ports = FakePorts()
    ports.dead_letters.put("netsuite-posting-dlq", order("invoice-1"))
    redrive.handler.step(redrive.Redrive(queue="netsuite-posting", by="Grace"), ports)
    (body,) = ports.queues.bodies("netsuite-posting")
    posting = {"PostInvoice": (PostInvoice, lambda *_: Number(number="INV1"))}
    execute_one(Message("m1", "r1", body, "arn:aws:sqs:::netsuite-posting", 1), posting, "posting", ports)
    assert ports.tasks.succeeded == {"token-1": {"number": "INV1"}}


def test_a_saga_whose_command_is_discarded_is_told_who_and_why() -> None:
    ports = FakePorts()
    ports.dead_letters.put("netsuite-posting-dlq", order("invoice-1"))
    wanted = discard_dead_letter.DiscardDeadLetter(letter_id="letter-1", by="Dana", reason="posted by hand")
    discard_dead_letter.handler.step(wanted, ports)
    error, cause = ports.tasks.failed["token-1"]
    assert (error, json.loads(cause)["code"]) == ("BusinessException", "command_discarded")
    assert json.loads(cause)["facts"]["by"] == "Dana"


def test_work_that_a_queue_gave_up_is_recorded_once_it_is_given_back_and_only_once() -> None:
    fabric = Fabric().ready(a_contract())
    body = as_bus_body(an_entry())
    fabric.ports.dead_letters.put("time-dlq", body, body)
    assert redrive.handler.step(redrive.Redrive(queue="time", by="Grace"), fabric.ports)["redriven"] == 2
    fabric.deliver()
    assert len(fabric.ports.wip.sources) == 1


def test_an_event_of_a_queue_that_is_called_as_a_lane_of_commands_is_given_back() -> None:
    fabric = Fabric().ready(a_contract())
    fabric.ports.dead_letters.put("invoice-status-dlq", as_bus_body(an_entry()))
    assert redrive.handler.step(redrive.Redrive(queue="invoice-status", by="Grace"), fabric.ports)["redriven"] == 1


def test_the_age_of_the_oldest_is_told() -> None:
    ports = FakePorts()
    ports.dead_letters.put("time-dlq", "{}")
    ports.clock.pass_(hours=30)
    (place,) = dead_letters.handler.step(dead_letters.DeadLettersAsked(), ports)["places"]
    assert (place["waiting"], place["age_hours"]) == (1, 30)
