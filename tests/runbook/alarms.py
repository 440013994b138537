"""Rehearsals of the alarms: what rings is brought about, and is over after the page's lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from events.values import Ref
from functions.experience import routes
from functions.operations import start_billing
from functions.processes.parking import as_bus_body
from shared.faults import BusinessException, Throttled, Transient
from tests.runbook.deals import billed, is_set_up, well_again
from tests.runbook.rehearsal import Rehearsal
from tests.runbook.stage import MARCH, WORKSPACE, Stage
from tests.runbook.vendors import answers_again, only_fails
from tests.runbook.work import valued
from tests.stories import CONTRACT, PROJECT, a_contract, an_entry, time_and_materials

EVERYTHING = {"from": "2026-01-01T00:00:00Z", "to": "2026-12-31T00:00:00Z"}


def entry() -> Any:
    return an_entry("1001", project_ref=WORKSPACE, ref=Ref(system="kantata", kind="time_entry", id="1001"))


def told_but_not_carried(stage: Stage) -> None:
    """In the log, and nobody puts it on the bus."""
    stage.fake.outbox.record([entry()])
    stage.world._seen["events"] = len(stage.fake.outbox.events)


def lost_by_the_bus(stage: Stage) -> None:
    stage.ready()
    told_but_not_carried(stage)
    stage.fake.outbox.published.add(entry().id)
    stage.quiet()
    assert stage.open_work() == []


def letter(place: str, body: str, **told: str) -> Any:
    def stop(stage: Stage) -> None:
        stage.ready()
        stage.fake.dead_letters.put(place, body, **told)

    return stop


def none_left(place: str) -> Any:
    def ended(stage: Stage) -> None:
        assert stage.fake.dead_letters.waiting(place) == 0

    return ended


def valued_and_none_left(place: str) -> Any:
    def ended(stage: Stage) -> None:
        valued(stage)
        none_left(place)(stage)

    return ended


def parked_event() -> str:
    told = {"event_id": entry().id, "code": "bus_refused", "source": "billweave"}
    return json.dumps(told | {"body": json.dumps(entry().as_json())})


def unanswered(stage: Stage) -> None:
    """Tried to the end: the command is a dead letter, its saga waits."""
    stage.ready()
    stage.work()
    stage.world.erp.line.sick["put invoice"] = Transient("erp_unexpected_error", status="503")  # type: ignore[attr-defined]
    stage.bill()
    assert stage.fake.dead_letters.waiting("erp-posting-dlq") == 1


def busy_for_long(stage: Stage) -> None:
    """The command comes again and again, and has not been tried to its end."""
    stage.ready()
    stage.work()
    stage.world.erp.line.sick["put invoice"] = Throttled("erp_busy", 60)  # type: ignore[attr-defined]
    stage.fake.clock.at = stage.fake.clock.at.replace(month=3, day=31, hour=18)
    command = start_billing.StartBilling(legal_entity_id="US", through=MARCH, run="r", requested_by="ann")
    stage.world.within("run", 1, lambda: start_billing.handler.step(command, stage.world.ports))
    stage.world.absorb()
    while stage.world.erp.line.refused < 3:  # type: ignore[attr-defined]
        stage.world.run_next()
    assert stage.world.has_work() and stage.nets() == []


@dataclass
class Crash:
    """A bug in what writes WIP."""

    record: Any

    @staticmethod
    def begins(stage: Stage) -> None:
        stage.ready()
        wip = stage.fake.wip

        def crash(*_: Any, **__: Any) -> Any:
            raise ZeroDivisionError

        wip.record = crash  # type: ignore[method-assign]
        stage.work()
        assert stage.fake.dead_letters.waiting("time-dlq") == 1

    @staticmethod
    def ends(stage: Stage) -> None:
        del stage.fake.wip.record


def run_that_failed(stage: Stage) -> None:
    """Drafts are refused, and the exception about it cannot be written either."""
    stage.ready()
    stage.work()
    fake = stage.fake

    def refuse(*_: Any, **__: Any) -> Any:
        raise BusinessException("exception_type_undeclared", type="x")

    fake.wip.open_of, fake.exceptions.raise_ = refuse, refuse  # type: ignore[method-assign]
    stage.bill()
    assert "FAILED" in stage.world.sagas.states.values()


def runs_repaired(stage: Stage) -> None:
    del stage.fake.wip.open_of, stage.fake.exceptions.raise_
    stage.world.sagas.states = {key: how for key, how in stage.world.sagas.states.items() if how != "FAILED"}


def set_up_that_vanished(stage: Stage) -> None:
    """Its execution was started and ran out of time: nothing of it goes on."""
    from functions.processes.opportunity_to_project import start_setup

    signed = a_contract(lines=time_and_materials())
    start_setup.handler.step(signed, stage.fake)
    stage.world._seen["sagas"] = len(stage.fake.sagas.started)
    stage.quiet()
    assert stage.fake.projects.find(PROJECT) is None


def started_again(stage: Stage) -> None:
    payload = stage.fake.sagas.started["opportunity_to_project", PROJECT]
    assert payload["contract_id"] == CONTRACT
    stage.fake.sagas.start("opportunity_to_project", f"{PROJECT}-2", payload)


def api_broken(stage: Stage) -> None:
    stage.ready()
    stage.api_ports = routes.ports

    def down() -> Any:
        raise Transient("aws_unreachable")

    routes.ports = down  # type: ignore[assignment]


def api_repaired(stage: Stage) -> None:
    routes.ports = stage.api_ports  # type: ignore[assignment]


def nothing(_: Stage) -> None:
    pass


def first_letter(**more: str) -> Any:
    return lambda _, __: {"letter id": "letter-1"} | more


ALARMS = {
    "*-dlq": Rehearsal(
        unanswered,
        {"what the function's log says stopped them: repair it": well_again},
        first_letter(queue="erp-posting"),
        lambda stage: billed("150.00")(stage) or none_left("erp-posting-dlq")(stage),
    ),
    "bus-dlq": Rehearsal(
        letter("bus-dlq", as_bus_body(entry())),
        {"AWS: put the key, or its policy, right": nothing},
        ended=valued_and_none_left("bus-dlq"),
    ),
    "operations-dlq": Rehearsal(
        letter("operations-dlq", "{}"),
        {"the function's log: its next run has succeeded": nothing},
        first_letter(),
        none_left("operations-dlq"),
    ),
    "outbox-stream-dlq": Rehearsal(
        letter("outbox-stream-dlq", "{}"),
        {"the alarm `outbox-behind` is over": nothing},
        first_letter(),
        none_left("outbox-stream-dlq"),
    ),
    "history-stream-dlq": Rehearsal(
        letter("history-stream-dlq", "{}"),
        {"the log of `keep-history`: repair what it says": nothing},
        first_letter(),
        none_left("history-stream-dlq"),
    ),
    "quarantine": Rehearsal(
        letter("quarantine", as_bus_body(entry()), origin="time", code="event_unreadable"),
        {"developers: deploy what understands it": nothing},
        first_letter(),
        valued_and_none_left("quarantine"),
    ),
    "outbox-parked": Rehearsal(
        letter("outbox-parked", parked_event()),
        {"the bus, or the event's size: put the cause right": nothing},
        first_letter(),
        valued_and_none_left("outbox-parked"),
    ),
    "*-down": Rehearsal(only_fails, {"the vendor, or our connection to it, comes back": answers_again}),
    "*-waits": Rehearsal(
        busy_for_long,
        {"what the log's `code` says: the vendor, its limit, or `connectors.<system>.slots`": well_again},
        ended=billed("150.00"),
    ),
    "*-errors": Rehearsal(
        Crash.begins,
        {"deploy the former commit": Crash.ends},
        lambda _, __: {"queue": "time"},
        valued_and_none_left("time-dlq"),
    ),
    "*-ExecutionsFailed": Rehearsal(
        run_that_failed,
        {"Step Functions: read the execution's error and repair what it met": runs_repaired},
        ended=billed("150.00"),
    ),
    "*-ExecutionsTimedOut": Rehearsal(
        set_up_that_vanished,
        {"Step Functions: start it again as `<id>-2` with the same input": started_again},
        ended=is_set_up,
    ),
    "bus-lost": Rehearsal(
        lost_by_the_bus,
        {"AWS: put the queue's policy, or the key, right": nothing},
        lambda _, __: EVERYTHING,
        valued,
    ),
    "outbox-behind": Rehearsal(
        lambda stage: stage.ready() or told_but_not_carried(stage),
        {"the log of `publish-outbox`: repair what it says": nothing},
        ended=valued,
    ),
    "api-5xx": Rehearsal(api_broken, {"the log of `api` or of the webhook: repair what it says": api_repaired}),
}
