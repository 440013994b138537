"""What operators and clocks set off."""

from __future__ import annotations

import json
from datetime import date

import pytest

from functions.operations import act_on_exception, pace_polls, start_billing, sweep_outbox, sweep_parked
from functions.processes.time_to_bill import draft_invoices
from shared.domain.identity import ExternalRef
from shared.faults import BusinessException
from shared.runtime.trouble import raise_trouble
from tests.fakes.ports import FakePorts
from tests.fakes.records import some_event, some_group
from tests.stories import CONTRACT, PROJECT, Fabric, a_card, a_contract, an_entry


def act(ports: FakePorts, exception_id: str, action: str = "retry") -> dict[str, str]:
    command = act_on_exception.ActOnException(exception_id=exception_id, action=action, by="Dana")
    return act_on_exception.handler.step(command, ports)


def trouble(ports: FakePorts, token: str | None = "token-1") -> str:
    return raise_trouble(
        ports, "posting_period_closed", "invoice-1", legal_entity_id="US", correlation_id=CONTRACT, task_token=token
    ).exception_id


def test_a_decision_resolves_the_exception_and_tells_the_saga() -> None:
    ports = FakePorts()
    exception_id = trouble(ports)
    assert act(ports, exception_id) == {"exception_id": exception_id, "status": "resolved", "resolution": "retry"}
    assert ports.tasks.succeeded == {"token-1": {"action": "retry", "by": "Dana"}}
    (told,) = ports.outbox.of_type("exception.resolved")
    assert (told.data.resolution, told.data.by) == ("retry", "Dana")


def test_a_second_decision_changes_nothing() -> None:
    ports = FakePorts()
    exception_id = trouble(ports)
    act(ports, exception_id)
    assert act(ports, exception_id, "reject")["resolution"] == "retry"
    assert len(ports.outbox.of_type("exception.resolved")) == 1


def test_an_action_that_is_not_allowed_is_refused_with_those_that_are() -> None:
    ports = FakePorts()
    with pytest.raises(BusinessException, match="action_not_allowed") as refused:
        act(ports, trouble(ports), "write_off")
    assert refused.value.facts["allowed"] == "retry, approve, reject, reassign, snooze" and not ports.tasks.succeeded


def test_an_exception_nobody_raised_is_refused() -> None:
    with pytest.raises(BusinessException, match="exception_unknown"):
        act(FakePorts(), "nothing")


def test_the_saga_is_told_before_the_exception_is_resolved() -> None:
    ports = FakePorts()
    exception_id = trouble(ports)
    resolve = ports.exceptions.resolve

    def dies(*_: object, **__: object) -> None:
        assert ports.tasks.succeeded == {"token-1": {"action": "retry", "by": "Dana"}}
        raise RuntimeError

    ports.exceptions.resolve = dies
    with pytest.raises(RuntimeError):
        act(ports, exception_id)
    ports.exceptions.resolve = resolve
    assert act(ports, exception_id)["status"] == "resolved"


def test_a_retry_frees_the_work_that_is_parked_for_it() -> None:
    signed = a_contract()
    fabric = Fabric().ready(a_contract(lines=signed.data.lines[1:]))
    fabric.approve(an_entry())
    (raised,) = fabric.ports.exceptions.list()
    act(fabric.ports, raised.exception_id)
    assert len(fabric.ports.queues.bodies("time")) == 1
    fabric.deliver()
    assert fabric.exceptions() == ["unexpected_refusal"] and len(fabric.ports.parking.rows) == 1


def test_a_retry_that_died_after_it_was_recorded_is_finished_by_a_repeat() -> None:
    fabric = Fabric()
    fabric.approve(an_entry())
    (raised,) = fabric.ports.exceptions.list()
    fabric.ports.exceptions.resolve(raised.exception_id, "retry")
    act(fabric.ports, raised.exception_id)
    assert len(fabric.ports.queues.bodies("time")) == 1


def bill(ports: FakePorts, **changes: str) -> dict[str, object]:
    values = {"legal_entity_id": "US", "through": date(2026, 3, 31), "run": "month-end", "requested_by": "Dana"}
    return start_billing.handler.step(start_billing.StartBilling(**(values | changes)), ports)


def test_a_billing_run_starts_once_by_its_name() -> None:
    ports = FakePorts()
    assert bill(ports) == {"run": "bill-US-2026-03-31-month-end", "started": True}
    assert bill(ports)["started"] is False
    assert bill(ports, run="late")["started"] is True
    payload = {"legal_entity_id": "US", "through": "2026-03-31", "since": None, "contract_id": None, "interim": False}
    payload |= {"requested_by": "Dana"}
    assert ports.sagas.started["time_to_bill", "bill-US-2026-03-31-month-end"] == payload


def test_a_run_of_an_unknown_legal_entity_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(BusinessException, match="legal_entity_unknown") as refused:
        bill(FakePorts(), legal_entity_id="FR")
    assert refused.value.facts["known"] == "US, DE"


def test_a_parked_delivery_whose_reason_is_gone_is_released() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.approve(an_entry())
    assert sweep_parked.handler.step(fabric.ports) == {"released": 0, "outlived": 0, "closed": 0}
    fabric.ports.references.link(ExternalRef("kantata", "workspace", "77"), PROJECT)
    assert sweep_parked.handler.step(fabric.ports) == {"released": 1, "outlived": 0, "closed": 0}
    assert fabric.exceptions() == []


def test_what_waits_for_a_project_or_a_rate_stays_while_it_does() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.refer()
    fabric.approve(an_entry())
    assert sweep_parked.handler.step(fabric.ports) == {"released": 0, "outlived": 0, "closed": 0}
    fabric.activate()
    fabric.deliver()
    assert sweep_parked.handler.step(fabric.ports) == {"released": 0, "outlived": 0, "closed": 0}
    assert fabric.exceptions() == ["rate_missing"]


def test_a_parked_twin_of_what_was_applied_meanwhile_is_dropped_with_its_exception() -> None:
    """Delivered twice: one waited for the rate, the other came after it."""
    fabric = Fabric()
    fabric.ready(a_contract())
    late = an_entry(role="Architect")
    fabric.approve(late)
    assert fabric.exceptions() == ["rate_missing"]
    waiting = list(fabric.ports.parking.all())
    fabric.price(a_card(2, role="Architect"))
    fabric.deliver()
    fabric.ports.parking.park(waiting[0])
    raise_trouble(
        fabric.ports, "rate_missing", waiting[0].waiting_for, legal_entity_id="US", correlation_id=late.correlationid
    )
    assert sweep_parked.handler.step(fabric.ports) == {"released": 0, "outlived": 1, "closed": 0}
    assert list(fabric.ports.parking.all()) == []
    assert fabric.exceptions() == []


def test_the_sweeper_publishes_what_the_stream_left() -> None:
    ports = FakePorts()
    ports.outbox.record([some_event()])
    assert sweep_outbox.handler.step(ports)["published"] == 0
    ports.clock.pass_(seconds=61)
    assert sweep_outbox.handler.step(ports)["published"] == 1
    assert ports.counts.totals == {"outbox_swept": 1}


def test_a_feed_is_due_at_its_interval_within_the_minute() -> None:
    due = pace_polls.due({"time_entries": 20, "projects": 60}, 0)
    feeds = {second: [json.loads(body)["feed"] for body in bodies] for second, bodies in due.items()}
    assert feeds == {0: ["time_entries", "projects"], 20: ["time_entries"], 40: ["time_entries"]}


def test_a_feed_slower_than_a_minute_is_due_once_in_its_minutes() -> None:
    assert [minute for minute in range(10) if pace_polls.due({"rate_cards": 300}, minute)] == [0, 5]


def test_every_queue_gets_its_own_polls() -> None:
    ports = FakePorts()
    sent = pace_polls.pace({"kantata-poll": {"events": 30}, "netsuite-poll": {"payments": 60}}, ports)
    assert sent == {"kantata-poll": 2, "netsuite-poll": 1}
    assert [(queue, delay) for queue, _, delay in ports.queues.sent] == [
        ("kantata-poll", 0),
        ("kantata-poll", 30),
        ("netsuite-poll", 0),
    ]


def approval(ports: FakePorts, submitter: str | None) -> str:
    draft = ports.invoices.open_draft(some_group(), date(2026, 3, 31), submitter=submitter)
    return raise_trouble(
        ports,
        "invoice_approval_due",
        draft.invoice_id,
        legal_entity_id="US",
        correlation_id=CONTRACT,
        task_token="token-1",
    ).exception_id


@pytest.mark.parametrize(("by", "code"), [("Dana", "approver_is_submitter"), ("billweave", "approver_is_service")])
def test_who_asked_for_the_run_may_not_approve_its_invoice(by: str, code: str) -> None:
    ports = FakePorts()
    exception_id = approval(ports, submitter="dana")
    command = act_on_exception.ActOnException(exception_id=exception_id, action="approve", by=by)
    with pytest.raises(BusinessException, match=code):
        act_on_exception.handler.step(command, ports)
    assert not ports.tasks.succeeded and not ports.audit_log.entries


@pytest.mark.parametrize("submitter", ["Grace", None])
def test_another_person_approves_and_that_is_in_the_audit_log(submitter: str | None) -> None:
    ports = FakePorts()
    act(ports, approval(ports, submitter), "approve")
    assert ports.tasks.succeeded == {"token-1": {"action": "approve", "by": "Dana"}}
    (entry,) = ports.audit_log.of_legal_entity("US")
    assert (entry.act.who, entry.act.what) == ("Dana", "exception.approve")


def test_who_asked_may_still_turn_the_invoice_down() -> None:
    ports = FakePorts()
    act(ports, approval(ports, "Dana"), "reject")
    assert ports.tasks.succeeded == {"token-1": {"action": "reject", "by": "Dana"}}


def test_drafts_keep_who_asked_for_them() -> None:
    fabric = Fabric().ready(a_contract())
    fabric.approve(an_entry())
    command = draft_invoices.DraftInvoices(
        contract_id=CONTRACT, through=date(2026, 3, 31), correlation_id=CONTRACT, requested_by="Dana"
    )
    (drafted,) = draft_invoices.handler.step(command, fabric.ports)["invoices"]  # type: ignore[misc]
    assert fabric.invoice(drafted["invoice_id"]).submitter == "Dana"  # type: ignore[index]


def test_an_exception_about_work_that_was_never_parked_closes_by_itself() -> None:
    """Its handler died between raising and parking; the delivery came again when there was nothing left to wait for."""
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.approve(an_entry())
    fabric.ports.parking.rows.clear()
    assert sweep_parked.handler.step(fabric.ports)["closed"] == 0
    fabric.ports.clock.pass_(minutes=11)
    assert sweep_parked.handler.step(fabric.ports)["closed"] == 1
    assert fabric.exceptions() == []
