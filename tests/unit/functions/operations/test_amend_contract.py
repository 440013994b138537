"""An amendment takes effect once; open work follows, billed work gets a plan, nothing posted is rewritten."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from events.contract_amended.v1 import AmendmentPaper
from functions.operations import amend_contract
from functions.operations.amend_contract import AmendContract, handler
from shared.domain.project import Project
from shared.faults import BusinessException, Transient
from tests.stories import CONTRACT, Fabric, a_contract, an_entry

EFFECTIVE = date(2026, 3, 10)
EUROS: dict[str, Any] = {"amount": "180.00", "currency": "USD"}
NEW_RATE = {"change": "set_rates", "rates": [{"rate_per_hour": EUROS, "role": "Consultant"}]}


def amend(fabric: Fabric, *changes: Any, dry_run: bool = False, **values: Any) -> dict[str, Any]:
    paper = {
        "amendment_id": "A-1",
        "contract_id": CONTRACT,
        "effective_on": EFFECTIVE.isoformat(),
        "words": "new prices",
        "changes": list(changes) or [NEW_RATE],
    }
    people = {"by": values.pop("by", "Dana"), "approver": values.pop("approver", "Kim")}
    command = AmendContract(amendment=AmendmentPaper.model_validate(paper | values), dry_run=dry_run, **people)
    return handler.step(command, fabric.ports)


def work(fabric: Fabric, *days: int, first: int = 1) -> None:
    """One hour on each of these days of March, also in the event log, as connectors leave it there."""
    for number, day in enumerate(days, start=first):
        entry = an_entry(f"t-{number}", worked_on=date(2026, 3, day))
        fabric.ports.outbox.record([entry])
        fabric.approve(entry)


def written(fabric: Fabric) -> Any:
    """Everything that a write could have changed."""
    ports = fabric.ports
    kept = (
        ports.contracts.rows,
        ports.contracts.signed,
        ports.contracts.amendments,
        ports.wip.items,
        ports.wip.sources,
    )
    sent = (ports.queues.sent, ports.sagas.started, ports.documents.bodies, list(ports.parking.all()))
    return copy.deepcopy((*kept, ports.invoices.rows, list(ports.exceptions.list()), ports.outbox.events, *sent))


@pytest.fixture
def fabric() -> Fabric:
    return Fabric().ready()


def open_values(fabric: Fabric) -> list[Decimal]:
    """What waits by source, corrections summed."""
    sums: dict[str, Decimal] = {}
    for item in fabric.ports.wip.open_of(CONTRACT):
        sums[item.source_id] = sums.get(item.source_id, Decimal(0)) + item.value.amount
    return [sums[key] for key in sorted(sums)]


def test_open_work_from_its_day_on_is_re_rated_and_the_rest_is_not(fabric: Fabric) -> None:
    work(fabric, 9, 10, 11)
    told = amend(fabric)
    assert (told["applied"], told["corrected"]) == ("new", 2)
    assert open_values(fabric) == [Decimal("150.00"), Decimal("180.00"), Decimal("180.00")]
    assert [(each["becomes"], each["value_after"]) for each in told["effect"]["open_items"]] == [
        ("re_rated", "180.00"),
        ("re_rated", "180.00"),
    ]
    assert fabric.conserved()


def test_later_work_is_valued_at_the_signed_price_and_says_so(fabric: Fabric) -> None:
    amend(fabric)
    work(fabric, 9, 12)
    rules = {item.worked_on.day: item.valuation.rule for item in fabric.ports.wip.open_of(CONTRACT)}
    assert rules == {9: "role", 12: "signed_role"}


def test_what_is_posted_stays_and_the_difference_is_planned(fabric: Fabric) -> None:
    work(fabric, 9, 10)
    (posted,) = fabric.bill()
    documents = dict(fabric.ports.documents.bodies)
    told = amend(fabric)
    (line,) = told["effect"]["plan"]
    assert (line["credit"], line["rebill"], line["difference"]) == ("150.00", "180.00", "30.00")
    assert (line["invoice_id"], line["erp_number"]) == (posted.invoice_id, posted.erp_number)
    assert told["effect"]["plan_difference"] == "30.00" and told["corrected"] == 0
    assert fabric.invoice(posted.invoice_id) == posted
    assert {key: fabric.ports.documents.bodies[key] for key in documents} == documents


def test_a_sealed_invoice_finishes_on_the_rules_it_began_with(fabric: Fabric) -> None:
    work(fabric, 10)
    (started,) = fabric.draft()["invoices"]
    fabric.ports.clock.at += timedelta(hours=1)
    told = amend(fabric, {"change": "set_billing_schedule", "billing_schedule": "monthly", "payment_terms_days": 60})
    invoice = fabric.post(started["invoice_id"])
    assert invoice.due_on and invoice.issued_on and (invoice.due_on - invoice.issued_on).days == 30
    assert told["effect"]["drafts"] == []
    work(fabric, 11, first=2)
    (later,) = fabric.bill()
    assert later.due_on and later.issued_on and (later.due_on - later.issued_on).days == 60


def test_a_begun_invoice_with_other_prices_is_shown(fabric: Fabric) -> None:
    work(fabric, 10)
    (started,) = fabric.draft()["invoices"]
    (draft,) = amend(fabric)["effect"]["drafts"]
    assert draft == {"invoice_id": started["invoice_id"], "status": "sealed", "items": 1, "difference": "30.00"}


def test_the_same_amendment_again_changes_nothing(fabric: Fabric) -> None:
    work(fabric, 10)
    amend(fabric)
    before = open_values(fabric)
    again = amend(fabric, by="Somebody", approver="Else")
    assert (again["applied"], again["corrected"]) == ("duplicate", 0)
    assert open_values(fabric) == before
    assert len(fabric.ports.outbox.of_type("contract.amended")) == 1


def test_a_run_that_died_after_the_contract_changed_is_finished_by_the_next(
    fabric: Fabric, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(fabric, 10, 11)

    def dies(*_: Any) -> int:
        raise Transient("died")

    with monkeypatch.context() as patch:
        patch.setattr(amend_contract, "correct_open_work", dies)
        with pytest.raises(Transient):
            amend(fabric)
    assert open_values(fabric) == [Decimal("150.00")] * 2
    again = amend(fabric)
    assert (again["applied"], again["corrected"]) == ("duplicate", 2)
    assert open_values(fabric) == [Decimal("180.00")] * 2 and fabric.conserved()


def test_another_paper_under_the_same_number_is_refused(fabric: Fabric) -> None:
    amend(fabric)
    with pytest.raises(BusinessException, match="amendment_taken"):
        amend(fabric, words="something else")


def test_who_brings_it_may_not_approve_it(fabric: Fabric) -> None:
    with pytest.raises(BusinessException, match="approver_is_submitter"):
        amend(fabric, by="Kim", approver=" kim")


def test_a_dry_run_shows_the_same_effect_and_writes_nothing(fabric: Fabric) -> None:
    work(fabric, 9, 10, 11)
    before = written(fabric)
    told = amend(fabric, dry_run=True)
    assert written(fabric) == before
    assert told["applied"] == "dry_run"
    assert told["effect"] == amend(fabric)["effect"]


def test_a_delivery_of_the_crm_takes_no_amendment_away(fabric: Fabric) -> None:
    amend(fabric, {"change": "set_dates", "ends_on": "2026-12-31"})
    fabric.sign(a_contract(sequence=9, reference="C-2026-002"))
    contract = fabric.ports.contracts.get(CONTRACT)
    assert (contract.reference, contract.ends_on) == ("C-2026-002", date(2026, 12, 31))


def test_a_delivery_that_an_amendment_does_not_fit_is_refused_and_changes_nothing(fabric: Fabric) -> None:
    amend(fabric, {"change": "move_instalment", "instalment_id": "i-2", "due_on": "2026-05-31"})
    standing = fabric.ports.contracts.get(CONTRACT)
    with pytest.raises(BusinessException, match="amendment_unfit") as refused:
        fabric.sign(a_contract(sequence=9, lines=()))
    assert refused.value.facts["at"] == "changes.0.instalment_id"
    assert fabric.ports.contracts.get(CONTRACT) == standing


def test_work_of_an_ended_line_waits_and_is_not_invoiced(fabric: Fabric) -> None:
    work(fabric, 9, 10)
    told = amend(fabric, {"change": "end_line", "line_id": "l-time"})
    (held,) = told["effect"]["open_items"]
    assert (held["becomes"], held["value_before"], held["value_after"]) == ("not_billable", "150.00", "0.00")
    run = fabric.draft()
    assert "line_ended" in run["left"]
    nets = [fabric.invoice(each["invoice_id"]).net for each in run["invoices"]]
    assert [net.amount for net in nets if net] == [Decimal("650.00")] and fabric.conserved()


def test_an_instalment_that_was_due_already_and_is_moved_is_taken_back_until_then(fabric: Fabric) -> None:
    work(fabric, 2)
    fabric.ports.projects.update(fabric.ports.projects.of_contract(CONTRACT)[0].project_id, _held)
    fabric.draft()
    move = {"change": "move_instalment", "instalment_id": "i-1", "due_on": "2026-04-15"}
    told = amend(fabric, move)
    assert [each["becomes"] for each in told["effect"]["open_items"]] == ["moved"] and told["corrected"] == 1
    fabric.ports.projects.update(fabric.ports.projects.of_contract(CONTRACT)[0].project_id, _free)
    (march,) = fabric.bill()
    assert march.net and march.net.amount == Decimal("150.00")
    (april,) = fabric.bill(date(2026, 4, 30))
    assert april.net and april.net.amount == Decimal("1000.00") and fabric.conserved()


def test_scope_that_is_added_frees_what_waited_for_a_line() -> None:
    fabric = Fabric().ready(a_contract(lines=()))
    work(fabric, 9, 10)
    assert not list(fabric.ports.wip.open_of(CONTRACT))
    value = {"amount": "9000.00", "currency": "USD"}
    line = {"line_id": "l-new", "kind": "time_and_materials", "description": "Care", "value": value}
    told = amend(fabric, {"change": "add_line", "line": line})
    assert told["released"] == 2
    fabric.deliver()
    assert open_values(fabric) == [Decimal("150.00")], "work before the amendment's day has still no line"


def _held(project: Project) -> Project:
    return replace(project, on_hold=True)


def _free(project: Project) -> Project:
    return replace(project, on_hold=False)
