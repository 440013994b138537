"""Actions on exceptions: what each would do is what it does; who may; clocks; a saga goes on after each end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.operations import act_on_exception, hold_billing, show_exception, sweep_parked, watch_exceptions
from functions.operations.acts.preview import EFFECTS
from shared.domain.exception import ExceptionStatus, OwnerGroup, Severity
from shared.domain.exception_life import KEPT
from shared.domain.hold import HoldLevel
from shared.domain.identity import ExternalRef
from shared.faults import BusinessException
from shared.runtime.trouble import raise_trouble
from shared.usecases.check_policies import ACTIONS
from tests.fakes.flow import FakePolicyBook
from tests.fakes.policies import some_policies
from tests.fakes.ports import FakePorts
from tests.stories import CONTRACT, PROJECT, Fabric, a_card, a_contract, an_entry

EVERY = ("retry", "amend", "supply", "approve", "reject", "waive", "write_off", "cancel", "accept")


def everything_allowed(ports: FakePorts, **changes: Any) -> FakePorts:
    policies = some_policies()
    types = tuple(replace(each, actions=EVERY) for each in policies.exceptions)
    ports.policies = FakePolicyBook(replace(policies, exceptions=types, **changes))
    return ports


def act(
    ports: FakePorts, exception_id: str, action: str, by: str = "Dana", why: str = "", **given: str
) -> dict[str, str]:
    asked = act_on_exception.ActOnException(exception_id=exception_id, action=action, by=by, reason=why, given=given)
    return act_on_exception.handler.step(asked, ports)


def shown(ports: FakePorts, exception_id: str) -> dict[str, Any]:
    return show_exception.handler.step(show_exception.ShowException(exception_id=exception_id), ports)


def trouble(ports: FakePorts, token: str | None = None, type: str = "posting_period_closed") -> str:
    return raise_trouble(
        ports, type, "invoice-1", legal_entity_id="US", correlation_id=CONTRACT, task_token=token
    ).exception_id


def stranger() -> tuple[Fabric, str]:
    """An entry on a workspace that belongs to no project."""
    fabric = Fabric()
    everything_allowed(fabric.ports)
    fabric.sign()
    fabric.open()
    fabric.approve(an_entry())
    (raised,) = fabric.ports.exceptions.list()
    return fabric, raised.exception_id


def test_every_action_that_may_be_declared_has_a_preview() -> None:
    assert set(EFFECTS) == ACTIONS | {"reassign", "snooze"}


def test_show_says_what_each_allowed_action_would_do() -> None:
    fabric, exception_id = stranger()
    told = shown(fabric.ports, exception_id)
    assert tuple(told["actions"]) == (*EVERY, "reassign", "snooze")
    assert told["actions"]["retry"].startswith("1 parked deliveries go to their queue again")
    assert told["actions"]["supply"].startswith("kantata:workspace:77") or "workspace" in told["actions"]["supply"]
    assert [each["what"] for each in told["history"]] == ["raised"]
    assert len(told["parked"]) == 1


def test_a_preview_changes_nothing() -> None:
    fabric, exception_id = stranger()
    before = dict(fabric.ports.exceptions.rows), dict(fabric.ports.parking.rows), list(fabric.ports.queues.sent)
    shown(fabric.ports, exception_id)
    assert before == (fabric.ports.exceptions.rows, fabric.ports.parking.rows, fabric.ports.queues.sent)


def test_a_project_that_is_named_releases_what_waited_for_it() -> None:
    fabric, exception_id = stranger()
    act(fabric.ports, exception_id, "supply", project_id=PROJECT)
    assert fabric.ports.references.canonical(ExternalRef("kantata", "workspace", "77")) == PROJECT
    assert len(fabric.ports.queues.bodies("time")) == 1 and not fabric.ports.parking.rows
    assert fabric.exceptions() == []


def test_nothing_can_be_supplied_where_another_system_keeps_it() -> None:
    ports = everything_allowed(FakePorts())
    with pytest.raises(BusinessException, match="nothing_to_supply"):
        act(ports, trouble(ports), "supply", project_id="p")


def amended(fabric: Fabric, exception_id: str, minutes: int = 30, **changes: Any) -> str:
    (parked,) = fabric.ports.parking.all()
    body = json.loads(parked.body)
    body["detail"]["data"]["minutes"] = minutes
    body["detail"] |= changes
    given = {"event_id": parked.event_id, "text": json.dumps(body)}
    return act(fabric.ports, exception_id, "amend", why="half an hour only", **given)["status"]


def test_an_amended_delivery_is_let_in_by_another_persons_retry_and_keeps_its_old_text() -> None:
    fabric, exception_id = stranger()
    assert amended(fabric, exception_id) == "open"
    with pytest.raises(BusinessException, match="approver_is_submitter"):
        act(fabric.ports, exception_id, "retry", by="dana")
    act(fabric.ports, exception_id, "retry", by="Grace")
    (body,) = fabric.ports.queues.bodies("time")
    assert json.loads(body)["detail"]["data"]["minutes"] == 30
    (link,) = shown(fabric.ports, exception_id)["amended"]
    assert json.loads(fabric.ports.documents.get(link["old_key"]))["detail"]["data"]["minutes"] == 60
    acts = [entry.act.what for entry in fabric.ports.audit_log.of_legal_entity("firm")]
    assert acts == ["exception.amend", "exception.retry"]


def test_a_release_by_itself_lets_no_amended_text_in() -> None:
    fabric, exception_id = stranger()
    amended(fabric, exception_id)
    fabric.refer()
    sweep_parked.handler.step(fabric.ports)
    assert {json.loads(body)["detail"]["data"]["minutes"] for body in fabric.ports.queues.bodies("time")} == {60}


@pytest.mark.parametrize(
    ("changes", "code"), [({"subject": "t-2"}, "edit_of_identity"), ({"data": {}}, "edit_unreadable")]
)
def test_an_amendment_that_its_schema_or_identity_refuses_changes_nothing(changes: Any, code: str) -> None:
    fabric, exception_id = stranger()
    with pytest.raises(BusinessException, match=code):
        amended(fabric, exception_id, **changes)
    assert not fabric.ports.corrections.rows


def test_waived_with_a_reason_it_is_closed_and_without_one_it_is_not() -> None:
    ports = everything_allowed(FakePorts())
    exception_id = trouble(ports)
    with pytest.raises(BusinessException, match="action_lacks"):
        act(ports, exception_id, "waive")
    assert act(ports, exception_id, "waive", why="settled by phone")["status"] == "resolved"
    (entry,) = ports.audit_log.of_legal_entity("US")
    assert (entry.act.what, entry.act.why) == ("exception.waive", "settled by phone")


def test_what_a_saga_waits_for_cannot_be_waived() -> None:
    ports = everything_allowed(FakePorts())
    with pytest.raises(BusinessException, match="saga_waits"):
        act(ports, trouble(ports, "token-1"), "waive", why="settled by phone")
    assert not ports.tasks.succeeded


def test_passed_on_it_has_a_new_owner_and_a_line_in_its_history() -> None:
    ports = FakePorts()
    exception_id = trouble(ports, "token-1")
    assert act(ports, exception_id, "reassign", group="integration", person="Bo")["status"] == "open"
    now = ports.exceptions.find(exception_id)
    assert now is not None and (now.owner, now.owner_person) == (OwnerGroup.INTEGRATION, "Bo")
    assert now.history[-1].words == "reassign to integration Bo"
    assert not ports.tasks.succeeded
    (entry,) = ports.audit_log.of_legal_entity("US")
    assert (entry.act.before["owner"], entry.act.after["owner"]) == ("finance_operations", "integration")


def test_it_goes_to_no_group_that_does_not_exist() -> None:
    ports = FakePorts()
    with pytest.raises(BusinessException, match="owner_unknown"):
        act(ports, trouble(ports), "reassign", group="sales")


def status(ports: FakePorts, exception_id: str) -> Any:
    found = ports.exceptions.find(exception_id)
    assert found is not None
    return found


def test_one_whose_clock_ran_out_escalates_once() -> None:
    ports = FakePorts()
    exception_id = trouble(ports)
    assert watch_exceptions.handler.step(ports) == {"escalated": 0, "woken": 0}
    ports.clock.pass_(hours=25)
    assert watch_exceptions.handler.step(ports) == {"escalated": 1, "woken": 0}
    assert watch_exceptions.handler.step(ports) == {"escalated": 0, "woken": 0}
    assert status(ports, exception_id).severity is Severity.HIGH
    assert status(ports, exception_id).history[-1].what == "escalated"
    assert ports.counts.totals["exceptions_escalated"] == 1


def test_a_snoozed_one_rests_past_its_clock_and_escalates_when_it_wakes() -> None:
    ports = FakePorts()
    exception_id = trouble(ports)
    until = (ports.clock.now() + timedelta(hours=48)).isoformat()
    act(ports, exception_id, "snooze", why="customer answers on Wednesday", until=until)
    ports.clock.pass_(hours=30)
    assert watch_exceptions.handler.step(ports) == {"escalated": 0, "woken": 0}
    ports.clock.pass_(hours=20)
    assert watch_exceptions.handler.step(ports) == {"escalated": 1, "woken": 1}
    assert [each.what.value for each in status(ports, exception_id).history] == [
        "raised",
        "acted",
        "woken",
        "escalated",
    ]
    assert status(ports, exception_id).status is ExceptionStatus.OPEN


@pytest.mark.parametrize("until", ["2020-01-01", "2027-01-01", "soon"])
def test_it_sleeps_to_no_moment_that_is_past_or_too_far(until: str) -> None:
    ports = FakePorts()
    with pytest.raises(BusinessException, match="snooze_until"):
        act(ports, trouble(ports), "snooze", why="later", until=until)


def test_only_the_owners_the_groups_beside_and_who_it_was_handed_to_may_act() -> None:
    members = {OwnerGroup.FINANCE_OPERATIONS: ("Fay",), OwnerGroup.DELIVERY: ("Del",)}
    ports = everything_allowed(FakePorts(), members=members)
    exception_id = trouble(ports)
    for nobody in ("Dana", "Del"):
        with pytest.raises(BusinessException, match="actor_not_owner"):
            act(ports, exception_id, "retry", by=nobody)
    act(ports, exception_id, "reassign", by="fay ", person="Dana")
    assert act(ports, exception_id, "retry", by="Dana")["status"] == "resolved"


def test_holding_and_releasing_a_hundred_times_leaves_nothing_parked() -> None:
    fabric = Fabric().ready(a_contract())
    ports = fabric.ports
    for day in range(100):
        for held in (True, False):
            asked = hold_billing.HoldBilling(
                level=HoldLevel.PROJECT, subject_id=PROJECT, held=held, by="Dana", reason=f"day {day}"
            )
            hold_billing.handler.step(asked, ports)
            sweep_parked.handler.step(ports)
        fabric.approve(an_entry(f"t-{day}"))
    fabric.deliver()
    assert not ports.parking.rows and not ports.holds.standing([(HoldLevel.PROJECT, PROJECT)])
    assert fabric.exceptions() == []
    assert len(ports.wip.sources) == 100


def test_a_cause_that_comes_and_goes_a_hundred_times_leaves_nothing_parked_and_one_record() -> None:
    """A role without a rate, then with one, again and again: parked, released, closed by itself."""
    fabric = Fabric().ready(a_contract())
    rates = list(a_card().data.rates)
    for turn in range(100):
        role = f"Role {turn}"
        fabric.approve(an_entry(f"t-{turn}", role=role))
        assert fabric.exceptions() == ["rate_missing"]
        rates.append(rates[0].model_copy(update={"rate_id": role, "role": role}))
        fabric.price(a_card(turn + 2, rates=tuple(rates)))
        fabric.deliver()
        assert fabric.exceptions() == [] and not fabric.ports.parking.rows
    (record,) = [each for each in fabric.ports.exceptions.list() if each.type == "rate_missing"]
    assert len(record.history) == KEPT
    assert len(fabric.ports.wip.sources) == 100


def test_work_that_comes_late_is_written_off_instead_of_billed() -> None:
    fabric = Fabric().ready(a_contract())
    fabric.approve(an_entry())
    everything_allowed(fabric.ports, write_off_reasons=("goodwill",))
    (item,) = fabric.ports.wip.open_of(CONTRACT)
    exception_id = raise_trouble(
        fabric.ports, "late_work", CONTRACT, legal_entity_id="US", correlation_id=CONTRACT, facts={"items": item.wip_id}
    ).exception_id
    assert shown(fabric.ports, exception_id)["actions"]["write_off"].startswith("1 items,")
    act(fabric.ports, exception_id, "write_off", why="too old to ask for", **{"reason": "goodwill"})
    assert list(fabric.ports.wip.open_of(CONTRACT)) == []
    (written,) = fabric.ports.write_offs.rows.values()
    assert (written.submitter, written.reason) == ("Dana", "goodwill")
    assert act(fabric.ports, exception_id, "write_off")["status"] == "resolved"
    assert len(fabric.ports.write_offs.rows) == 1
