"""Dead letters: looked at without being taken, given back, edited, thrown away; on fakes, moto and the embedded AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.operations import dead_letters, discard_dead_letter, edit_dead_letter, redrive
from functions.processes.parking import as_bus_body
from shared.faults import BusinessException
from tests.fakes.ports import FakePorts
from tests.fakes.records import some_event

QUEUES = ("time", "time-dlq", "quarantine")
ORDER = {
    "command": "PostInvoice",
    "task_token": "secret-token",
    "correlation_id": "contract-1",
    "execution": "invoice-1",
    "payload": {"invoice_id": "invoice-1", "legal_entity_id": "US", "document_key": "invoices/1.json"},
}


def plant(ports: Any, bodies: list[str], place: str = "time-dlq", **told: str) -> None:
    if isinstance(ports, FakePorts):
        for name in QUEUES[1:]:
            ports.dead_letters.dead.setdefault(name, [])
        ports.dead_letters.put(place, *bodies, **told)
        return
    sqs = ports.clients.sqs
    for name in QUEUES:
        sqs.create_queue(QueueName=f"billweave-{ports.settings.deployment}-{name}")
    ports.dead_letters._places = QUEUES[1:]
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items()}
    for body in bodies:
        sqs.send_message(QueueUrl=url_of(ports, place), MessageBody=body, MessageAttributes=attributes)


def url_of(ports: Any, name: str) -> str:
    return str(ports.clients.sqs.get_queue_url(QueueName=f"billweave-{ports.settings.deployment}-{name}")["QueueUrl"])


def on_queue(ports: Any) -> list[str]:
    if isinstance(ports, FakePorts):
        return ports.queues.bodies("time")
    found: list[str] = []
    while messages := ports.clients.sqs.receive_message(QueueUrl=url_of(ports, "time"), MaxNumberOfMessages=10).get(
        "Messages"
    ):
        found += [message["Body"] for message in messages]
    return found


def given_back(ports: Any, **asked: Any) -> dict[str, Any]:
    return redrive.handler.step(redrive.Redrive(**{"queue": "time", "by": "Grace"} | asked), ports)


def listed(ports: Any, **asked: Any) -> dict[str, Any]:
    return dead_letters.handler.step(dead_letters.DeadLettersAsked(**asked), ports)


def text(number: int) -> str:
    return json.dumps({"feed": "x", "number": number})


def test_every_dead_letter_goes_back_once(ports: Any) -> None:
    bodies = [text(number) for number in range(23)]
    plant(ports, bodies)
    done = given_back(ports)
    assert (done["redriven"], done["waiting"], len(done["letters"])) == (23, 0, 23)
    assert sorted(on_queue(ports)) == sorted(bodies)
    assert given_back(ports)["redriven"] == 0
    assert ports.counts.read() == {"redriven": 23}


def test_no_more_are_given_back_than_asked(ports: Any) -> None:
    plant(ports, [text(number) for number in range(15)])
    done = given_back(ports, most=12)
    assert (done["redriven"], done["waiting"]) == (12, 3)


def test_a_dry_run_says_what_would_happen_and_moves_nothing(ports: Any) -> None:
    plant(ports, [text(1), "{broken"])
    done = given_back(ports, dry_run=True)
    assert (done["redriven"], done["waiting"]) == (0, 2)
    assert sorted(str(each["to"]) for each in done["letters"]) == ["None", "time"]
    assert on_queue(ports) == []


def test_what_cannot_be_read_stays_and_is_shown_raw(ports: Any) -> None:
    plant(ports, ["{broken"])
    assert given_back(ports)["redriven"] == 0
    (letter,) = listed(ports)["letters"]
    whole = listed(ports, letter_id=letter["letter_id"])
    assert (whole["kind"], whole["raw"]) == ("unreadable", "{broken")


def test_every_redrive_is_in_the_audit_log(ports: Any) -> None:
    plant(ports, [text(1)])
    given_back(ports, reason="index rebuilt")
    (entry,) = ports.audit_log.of_legal_entity(ports.policies.current().identity_scope)
    assert (entry.act.who, entry.act.what, entry.act.why) == ("Grace", "dead_letter.redriven", "index rebuilt")


def test_an_unknown_queue_is_refused(ports: Any) -> None:
    with pytest.raises(BusinessException, match="queue_unknown"):
        given_back(ports, queue="tmie")


def test_an_unknown_letter_is_refused(ports: Any) -> None:
    plant(ports, [text(1)])
    with pytest.raises(BusinessException, match="letter_unknown"):
        listed(ports, letter_id="nobody")


def test_looking_takes_nothing_and_may_be_repeated(ports: Any) -> None:
    plant(ports, [text(number) for number in range(12)])
    for _ in range(3):
        found = listed(ports)
        assert [(each["place"], each["waiting"]) for each in found["places"]] == [("time-dlq", 12)]
        assert len({each["letter_id"] for each in found["letters"]}) == 12


def test_a_sagas_token_is_never_shown(ports: Any) -> None:
    plant(ports, [json.dumps(ORDER)])
    (letter,) = listed(ports)["letters"]
    whole = listed(ports, letter_id=letter["letter_id"])
    assert "secret-token" not in json.dumps(whole) and "(kept)" in whole["raw"]
    assert (whole["kind"], whole["name"], whole["subject"]) == ("command", "PostInvoice", "invoice-1")


def edited(ports: Any, letter_id: str, changed: dict[str, Any] | str, **asked: Any) -> dict[str, Any]:
    new = changed if isinstance(changed, str) else json.dumps(changed)
    wanted = {"letter_id": letter_id, "text": new, "by": "Dana", "reason": "wrong key"} | asked
    return edit_dead_letter.handler.step(edit_dead_letter.EditDeadLetter(**wanted), ports)


def fixed(**payload: str) -> dict[str, Any]:
    return ORDER | {"task_token": "(kept)", "payload": ORDER["payload"] | payload}  # type: ignore[operator]


def test_an_edit_keeps_old_and_new_and_links_them(ports: Any) -> None:
    plant(ports, [json.dumps(ORDER)])
    (letter,) = listed(ports)["letters"]
    done = edited(ports, letter["letter_id"], fixed(document_key="invoices/2.json"))
    assert done["difference"] == [
        '-   "document_key": "invoices/1.json",',
        '+   "document_key": "invoices/2.json",',
    ]
    whole = listed(ports, letter_id=done["letter_id"])
    (link,) = whole["lineage"]
    assert (link["old_id"], link["new_id"], link["by"]) == (letter["letter_id"], done["letter_id"], "Dana")
    assert json.loads(ports.documents.get(link["old_key"])) == ORDER
    assert json.loads(ports.documents.get(link["new_key"]))["payload"]["document_key"] == "invoices/2.json"
    assert [each["letter_id"] for each in listed(ports)["letters"]] == [done["letter_id"]]


def test_an_edited_letter_goes_back_by_another_person_with_its_token(ports: Any) -> None:
    plant(ports, [json.dumps(ORDER)])
    (letter,) = listed(ports)["letters"]
    edited(ports, letter["letter_id"], fixed(document_key="invoices/2.json"))
    assert given_back(ports, by="dana ")["redriven"] == 0
    assert given_back(ports, by="Grace")["redriven"] == 1
    (body,) = on_queue(ports)
    order = json.loads(body)
    assert (order["task_token"], order["payload"]["document_key"]) == ("secret-token", "invoices/2.json")


def test_an_edit_of_an_edit_is_linked_to_the_first(ports: Any) -> None:
    plant(ports, [json.dumps(ORDER)])
    (letter,) = listed(ports)["letters"]
    second = edited(ports, letter["letter_id"], fixed(document_key="2"))
    third = edited(ports, second["letter_id"], fixed(document_key="3"))
    chain = listed(ports, letter_id=third["letter_id"])["lineage"]
    assert [each["old_id"] for each in chain] == [letter["letter_id"], second["letter_id"]]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (fixed() | {"payload": {"invoice_id": "invoice-1"}}, "edit_unreadable"),
        ("{broken", "edit_unreadable"),
        (fixed() | {"execution": "invoice-2"}, "edit_of_identity"),
        (fixed() | {"task_token": "another"}, "edit_of_identity"),
        (json.dumps(ORDER), "edit_changes_nothing"),
    ],
)
def test_an_edit_that_its_schema_refuses_changes_nothing(ports: Any, changed: Any, code: str) -> None:
    plant(ports, [json.dumps(ORDER)])
    (letter,) = listed(ports)["letters"]
    with pytest.raises(BusinessException, match=code):
        edited(ports, letter["letter_id"], changed)
    assert [each["letter_id"] for each in listed(ports)["letters"]] == [letter["letter_id"]]
    assert not list(ports.audit_log.of_legal_entity("US"))


def test_what_came_unreadable_is_repaired_and_goes_to_the_queue_it_came_from(ports: Any) -> None:
    good = as_bus_body(some_event("e1"))
    plant(ports, [good[:-2]], "quarantine", origin="time", code="event_unreadable")
    (letter,) = listed(ports, queue="quarantine")["letters"]
    done = edited(ports, letter["letter_id"], good, queue="quarantine")
    assert done["place"] == "quarantine"
    assert given_back(ports, queue="quarantine")["redriven"] == 1
    assert on_queue(ports) == [good]


def test_a_discarded_letter_is_gone_but_its_bytes_are_kept(ports: Any) -> None:
    plant(ports, ["{broken"])
    (letter,) = listed(ports)["letters"]
    wanted = discard_dead_letter.DiscardDeadLetter(letter_id=letter["letter_id"], by="Dana", reason="a test of theirs")
    rehearsed = discard_dead_letter.handler.step(wanted.model_copy(update={"dry_run": True}), ports)
    assert len(listed(ports)["letters"]) == 1
    done = discard_dead_letter.handler.step(wanted, ports)
    assert rehearsed["effect"] == done["effect"]
    assert listed(ports)["letters"] == []
    assert ports.documents.get(done["kept"]) == b"{broken"
    (entry,) = ports.audit_log.of_legal_entity(ports.policies.current().identity_scope)
    assert (entry.act.what, entry.act.why) == ("dead_letter.discarded", "a test of theirs")
