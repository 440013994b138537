"""Timecards of the simulated PSA: splits, statuses, rules of entry. Source: vendors/certinia.md, sections 3.6, 3.7, 9."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.contract.simulators.certinia_org import WEEK, WEEK_OVER_MONTH_END, Psa, total

pytest_plugins = ["tests.contract.simulators.certinia_fixtures"]
HEADER = "pse__Timecard_Header__c"


def test_a_week_within_a_month_has_one_split(psa: Psa) -> None:
    [split] = psa.splits(psa.enter(hours={"Monday": 8, "Sunday": "1.25"}))
    assert split["pse__Start_Date__c"] == WEEK and split["pse__End_Date__c"] == "2026-03-15"
    assert split["pse__Total_Hours__c"] == Decimal("9.25")
    assert split["pse__Total_Billable_Amount__c"] == Decimal("1387.50")


def test_a_week_over_the_month_end_has_two_splits(psa: Psa) -> None:
    march, april = psa.splits(psa.enter(WEEK_OVER_MONTH_END, {"Tuesday": 6, "Wednesday": 7, "Friday": 1}))
    assert (march["pse__Start_Date__c"], march["pse__End_Date__c"]) == ("2026-03-30", "2026-03-31")
    assert (april["pse__Start_Date__c"], april["pse__End_Date__c"]) == ("2026-04-01", "2026-04-05")
    assert (march["pse__Total_Hours__c"], april["pse__Total_Hours__c"]) == (6, 8)


def test_amounts_that_do_not_split_evenly_add_up_to_the_timecards(psa: Psa) -> None:
    hours = {"Monday": "0.33", "Thursday": "0.33"}
    timecard = psa.enter(WEEK_OVER_MONTH_END, hours, pse__Bill_Rate__c="100.55")
    whole = psa.org.get(HEADER, timecard)["pse__Total_Billable_Amount__c"]
    shares = [row["pse__Total_Billable_Amount__c"] for row in psa.splits(timecard)]
    assert whole == Decimal("66.36") and shares == [Decimal("33.18"), Decimal("33.18")]
    timecard = psa.enter(WEEK_OVER_MONTH_END, hours, pse__Bill_Rate__c="100.53")
    assert psa.org.get(HEADER, timecard)["pse__Total_Billable_Amount__c"] == Decimal("66.35")
    assert [row["pse__Total_Billable_Amount__c"] for row in psa.splits(timecard)] == [
        Decimal("33.17"),
        Decimal("33.18"),
    ]


def test_a_daily_rate_counts_days_beside_an_hourly_one(psa: Psa) -> None:
    by_day = psa.assign(psa.project, psa.resource, pse__Bill_Rate__c=900, pse__Daily_Bill_Rate__c=True)
    hours = {"Monday": 4, "Tuesday": 10}
    daily, hourly = psa.enter(hours=hours, pse__Assignment__c=by_day), psa.enter(hours=hours)
    assert psa.org.get(HEADER, daily)["pse__Total_Billable_Amount__c"] == 1800
    assert psa.org.get(HEADER, daily)["pse__Daily_Bill_Rate__c"] is True
    assert psa.org.get(HEADER, hourly)["pse__Total_Billable_Amount__c"] == 2100
    psa.org.settings(hours_per_day=8)
    assert psa.org.get(HEADER, psa.enter(hours=hours, pse__Assignment__c=by_day))[
        "pse__Total_Days_Worked__c"
    ] == Decimal("1.75")


def test_time_dates_hold_the_days_and_keep_their_ids(psa: Psa) -> None:
    timecard = psa.enter(hours={"Monday": 8, "Friday": 2})
    [split] = psa.splits(timecard)
    soql = (
        "SELECT Id, pse__Date__c, pse__Hours__c, pse__Day_Of_Week__c, pse__Timecard__r.pse__Timecard_Header__c FROM "
        f"pse__Time_Date__c WHERE pse__Timecard__c = '{split['Id']}' ORDER BY pse__Date__c"
    )
    before = psa.org.rows(soql)
    assert [(row["pse__Date__c"], row["pse__Hours__c"], row["pse__Day_Of_Week__c"]) for row in before] == [
        ("2026-03-09", 8, "Monday"),
        ("2026-03-13", 2, "Friday"),
    ]
    psa.org.change(HEADER, timecard, pse__Monday_Hours__c=7, pse__Friday_Hours__c=0, pse__Sunday_Hours__c=1)
    after = psa.org.rows(soql)
    assert [(row["pse__Date__c"], row["pse__Hours__c"]) for row in after] == [("2026-03-09", 7), ("2026-03-15", 1)]
    assert after[0]["Id"] == before[0]["Id"] and [row["Id"] for row in psa.splits(timecard)] == [split["Id"]]


def test_the_rate_is_the_one_at_entry(psa: Psa) -> None:
    first = psa.enter()
    psa.org.change("pse__Assignment__c", psa.assignment, pse__Bill_Rate__c=200)
    assert psa.org.get(HEADER, first)["pse__Bill_Rate__c"] == 150
    assert psa.org.get(HEADER, psa.enter())["pse__Bill_Rate__c"] == 200


def test_the_same_week_twice_is_two_timecards(psa: Psa) -> None:
    assert psa.enter() != psa.enter()
    found = psa.org.rows(f"SELECT Name FROM {HEADER} WHERE pse__Assignment__c = '{psa.assignment}'")
    assert len({row["Name"] for row in found}) == 2 and all(row["Name"].startswith("TCH-") for row in found)


def test_an_own_external_id_guards_against_the_second(psa: Psa) -> None:
    psa.enter(Fabric_Key__c="w11:rosa")
    body = {"pse__Resource__c": psa.resource, "pse__Assignment__c": psa.assignment, "Fabric_Key__c": "w11:rosa"}
    week = {"pse__Start_Date__c": WEEK, "pse__End_Date__c": "2026-03-15"}
    status, error = psa.org.refused("POST", f"sobjects/{HEADER}", json=body | week)
    assert status == 400 and error["errorCode"] == "DUPLICATE_VALUE"


def test_status_moves_boxes_financials_and_splits(psa: Psa) -> None:
    timecard = psa.approved()
    row = psa.org.get(HEADER, timecard)
    assert row["pse__Submitted__c"] and row["pse__Approved__c"] and row["pse__Include_In_Financials__c"]
    [split] = psa.splits(timecard)
    assert split["pse__Approved__c"] and split["pse__Approved_for_Billing__c"] and split["pse__Eligible_for_Billing__c"]


def test_a_rejection_after_approval_takes_the_split_out(psa: Psa) -> None:
    timecard = psa.approved()
    psa.org.change(HEADER, timecard, pse__Status__c="Rejected")
    row, [split] = psa.org.get(HEADER, timecard), psa.splits(timecard)
    assert not row["pse__Submitted__c"] and not row["pse__Approved__c"] and not row["pse__Include_In_Financials__c"]
    assert not split["pse__Approved__c"] and not split["pse__Eligible_for_Billing__c"]


def test_an_approval_out_of_turn_is_refused(psa: Psa) -> None:
    refusal = psa.org.refused("PATCH", f"sobjects/{HEADER}/{psa.enter()}", json={"pse__Status__c": "Approved"})
    assert refusal[1]["errorCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"


def test_what_is_in_the_financials_is_read_only_but_for_the_audited_way(psa: Psa) -> None:
    timecard = psa.approved()
    path = f"sobjects/{HEADER}/{timecard}"
    status, error = psa.org.refused("PATCH", path, json={"pse__Monday_Hours__c": 9})
    assert (status, error["errorCode"]) == (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    assert "included in financials" in error["message"]
    assert "included in financials" in psa.org.refused("DELETE", path)[1]["message"]
    audited = {"pse__Monday_Hours__c": 9, "pse__Admin_Global_Edit__c": True}
    assert "Audit Notes" in psa.org.refused("PATCH", path, json=audited)[1]["message"]
    psa.org.change(HEADER, timecard, **audited, pse__Audit_Notes__c="typed wrong")
    assert total(psa.splits(timecard), "pse__Total_Hours__c") == 9


def refused_entry(psa: Psa, **fields: Any) -> str:
    week = {"pse__Start_Date__c": WEEK, "pse__End_Date__c": "2026-03-15", "pse__Monday_Hours__c": 8}
    body = {"pse__Resource__c": psa.resource, "pse__Assignment__c": psa.assignment} | week | fields
    status, error = psa.org.refused("POST", f"sobjects/{HEADER}", json=body)
    assert (status, error["errorCode"]) == (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    return str(error["message"])


def test_time_is_refused_where_it_cannot_be_entered(psa: Psa) -> None:
    assert "starts on Monday" in refused_entry(psa, pse__Start_Date__c="2026-03-10", pse__End_Date__c="2026-03-16")
    assert "one week" in refused_entry(psa, pse__End_Date__c="2026-03-14")
    assert "without an assignment" in refused_entry(psa, pse__Assignment__c=None, pse__Project__c=psa.project)
    assert "not of this project" in refused_entry(psa, pse__Resource__c=psa.new_resource("Else"))
    psa.org.change("pse__Assignment__c", psa.assignment, pse__End_Date__c="2026-03-08")
    assert "outside the assignment dates" in refused_entry(psa)
    psa.org.change("pse__Assignment__c", psa.assignment, pse__End_Date__c="2026-03-09")
    assert psa.enter()
    psa.org.change("pse__Assignment__c", psa.assignment, pse__Closed_for_Time_Entry__c=True)
    assert "closed for time entry" in refused_entry(psa)
    psa.org.change("pse__Proj__c", psa.project, pse__Closed_for_Time_Entry__c=True)
    assert "project Contoso rollout is closed for time entry" in refused_entry(psa)
    psa.org.change("Contact", psa.resource, pse__Is_Resource_Active__c=False)
    assert "not an active resource" in refused_entry(psa)


def test_the_week_starts_when_the_org_says(psa: Psa) -> None:
    psa.org.settings(week_starts_on="Sunday")
    [split] = psa.splits(psa.enter("2026-03-08", {"Sunday": 1, "Saturday": 2}))
    dates = psa.org.rows("SELECT pse__Date__c FROM pse__Time_Date__c ORDER BY pse__Date__c")
    assert [row["pse__Date__c"] for row in dates] == ["2026-03-08", "2026-03-14"] and split["pse__Total_Hours__c"] == 3


def test_splits_and_time_dates_are_made_by_the_package_alone(psa: Psa) -> None:
    timecard = psa.enter()
    [split] = psa.splits(timecard)
    for name in ("pse__Timecard__c", "pse__Time_Date__c"):
        status, error = psa.org.refused("POST", f"sobjects/{name}", json={})
        assert (status, error["errorCode"]) == (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"), error
    path = f"sobjects/pse__Timecard__c/{split['Id']}"
    assert (
        psa.org.refused("PATCH", path, json={"pse__Total_Hours__c": 1})[1]["errorCode"]
        == "INVALID_FIELD_FOR_INSERT_UPDATE"
    )
    assert psa.org.refused("DELETE", path)[1]["errorCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    psa.org.change("pse__Timecard__c", split["Id"], pse__Billing_Hold__c=True)
    psa.org.ok("DELETE", f"sobjects/{HEADER}/{timecard}")
    assert psa.splits(timecard) == [] and psa.org.rows("SELECT Id FROM pse__Time_Date__c") == []


@pytest.mark.parametrize("hours", [{"Monday": "-8"}, {"Monday": "-8", "Tuesday": 3}])
def test_a_credit_timecard_has_negative_hours(psa: Psa, hours: dict[str, Any]) -> None:
    [split] = psa.splits(psa.approved(hours=hours))
    assert split["pse__Total_Billable_Amount__c"] == 150 * total([hours], "Monday") + 150 * hours.get("Tuesday", 0)
