"""The firm's small month, played at the PSA's desk: what stands approved at its end is what the plan says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.certinia import administer
from sandbox.certinia.desk import Delivery
from sandbox.firm.desks import ApprovedTime
from sandbox.firm.shape import SPECIALIST, Kind, Month
from tests.contract.simulators.certinia_org import invoice
from tests.contract.simulators.salesforce_org import Org
from tests.pairs.small_month import month
from tests.simulator import Simulator


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Org]:
    """Seen by the integration user, who has made the projects that the deals ask for."""
    path: Path = tmp_path_factory.mktemp("certinia")
    running = Simulator("certinia", path)
    administer.set_up(running.told)
    administer.set_up(running.told)
    with httpx.Client(base_url=running.told["base_url"], timeout=20, trust_env=False) as client:
        org = Org(running.told, client)
        fabric = org.login(org.credentials)
        account, plan = fabric.create("Account", Name="Everybody"), month()
        for deal in plan.deals:
            currency = plan.offices[deal.office].currency
            given = {"Name": deal.name, "pse__Account__c": account, "CurrencyIsoCode": currency}
            project = fabric.create("pse__Proj__c", **given)
            for part in deal.parts:
                due = {"pse__Target_Date__c": "2026-10-31", "pse__Milestone_Amount__c": str(part.amount)}
                fabric.create("pse__Milestone__c", Name=part.name or "instalment", pse__Project__c=project, **due)
        yield fabric
    running.stop()


@pytest.fixture(scope="module")
def desk(org: Org) -> Delivery:
    """The whole month has been played: rates, work, expenses, corrections, late work."""
    desk, plan = Delivery(org.ready), month()
    desk.hire(plan.consultants)
    for office in plan.offices.values():
        desk.price(office, SPECIALIST)
        desk.raise_rates(office, plan.raise_on)
        desk.price_role(office, SPECIALIST)
    desk.find_projects()
    for deal in plan.deals:
        desk.staff(deal.name, plan.offices[deal.office], deal.team)
    play(desk, plan)
    return desk


def play(desk: Delivery, plan: Month) -> None:
    made: dict[int, str] = {}
    for late in (False, True):
        entries = [entry for entry in plan.entries if entry.late is late]
        made |= desk.log_time(entries)
        pairs = [(entry.deal, entry.consultant) for entry in entries]
        desk.approve_time(desk.submit_time(pairs, plan.first, plan.last))
    currency = {deal.name: plan.offices[deal.office].currency for deal in plan.deals}
    desk.spend(plan.costs, currency)
    pairs = [(cost.deal, cost.consultant) for cost in plan.costs]
    desk.approve_expenses(desk.submit_expenses(pairs, plan.first, plan.last))
    for entry in plan.entries:
        if entry.corrected_to is not None:
            desk.correct(made[entry.number], entry.corrected_to)


def test_all_work_stands_approved_to_the_minute(desk: Delivery) -> None:
    def told(entry: ApprovedTime) -> tuple[str, str, str, int]:
        return entry.project, entry.consultant, entry.day.isoformat(), entry.minutes

    planned = [(e.deal, e.consultant, e.day.isoformat(), e.corrected_to or e.minutes) for e in month().entries]
    approved = desk.approved_time()
    assert sorted(map(told, approved)) == sorted(planned)
    assert not any(entry.invoiced for entry in approved) and len({entry.entry_id for entry in approved}) == len(planned)
    assert desk.approved_count() == len(planned) + len(month().costs)


def test_all_expenses_stand_approved(desk: Delivery) -> None:
    found = sorted((cost.project, cost.day, cost.category, cost.cost) for cost in desk.approved_costs())
    assert found == sorted((cost.deal, cost.day, cost.category, cost.amount) for cost in month().costs)


def test_rates_have_their_days(org: Org, desk: Delivery) -> None:
    rows = org.rows(
        "SELECT pse__Role__c, pse__Suggested_Bill_Rate__c, pse__Start_Date__c, pse__End_Date__c FROM pse__Rate_Card__c "
        f"WHERE pse__Rate_Card_Set__r.Name = 'US standard rates' AND pse__Role__c = '{SPECIALIST}' "
        "ORDER BY pse__Start_Date__c"
    )
    office = month().offices["US"]
    told = [(row["pse__Suggested_Bill_Rate__c"], row["pse__Start_Date__c"], row["pse__End_Date__c"]) for row in rows]
    assert told == [
        (office.rates[SPECIALIST], "2000-01-01", "2026-10-15"),
        (office.raised[SPECIALIST], "2026-10-16", None),
    ]


def test_a_milestone_is_done_then_accepted(org: Org, desk: Delivery) -> None:
    deal = next(each for each in month().deals if each.kind is Kind.MILESTONE)
    done = desk.complete_milestone(deal.name, deal.parts[0].name)
    row = org.get("pse__Milestone__c", done)
    assert row["pse__Actual_Date__c"] and not row["pse__Approved__c"] and not row["pse__Eligible_for_Billing__c"]
    desk.accept_milestone(done, "the sponsor")
    row = org.get("pse__Milestone__c", done)
    assert row["pse__Eligible_for_Billing__c"] is True and row[administer.ACCEPTED_BY] == "the sponsor"


def test_a_held_project_has_nothing_eligible_until_it_is_released(org: Org, desk: Delivery) -> None:
    deal = next(each.name for each in month().deals if each.bills_time)
    soql = (
        "SELECT COUNT() FROM pse__Timecard__c WHERE pse__Eligible_for_Billing__c = true AND "
        f"pse__Project__c = '{desk.projects[deal]}'"
    )
    before = org.query(soql)["totalSize"]
    desk.hold(deal, True)
    assert org.query(soql)["totalSize"] == 0
    desk.hold(deal, False)
    assert org.query(soql)["totalSize"] == before > 0


def test_an_invoice_is_read_from_its_event_or_its_lines(org: Org, desk: Delivery) -> None:
    deal = next(each.name for each in reversed(month().deals) if each.bills_time)
    [event] = desk.bill(deal, month().last)
    told = {"Fabric_Invoice__c": "inv-1", "Fabric_Invoice_Status__c": "posted"}
    org.change("pse__Billing_Event__c", event, **invoice("INV-1"), **told)
    [mark] = desk.marks("inv-1")
    ours = {entry.entry_id for entry in desk.approved_time() if entry.project == deal}
    assert (mark.number, mark.status, mark.entries) == ("INV-1", "posted", ours)
    assert all(entry.invoiced == (entry.project == deal) for entry in desk.approved_time())
    other = next(entry for entry in desk.approved_time() if entry.project != deal)
    org.change("pse__Timecard__c", other.entry_id, **invoice("INV-2"), **told | {"Fabric_Invoice__c": "inv-2"})
    assert [(mark.number, mark.entries) for mark in desk.marks("inv-2")] == [("INV-2", {other.entry_id})]
