"""Who sees and may do what in the simulated PSA, and what is planned. Source: vendors/certinia.md, 2, 3.1 to 3.5, 7, 9."""

from __future__ import annotations

from typing import Any

from tests.contract.simulators.certinia_org import WEEK, Psa, invoice

pytest_plugins = ["tests.contract.simulators.certinia_fixtures"]
CONTROL = "pse__Permission_Control__c"


def admin(psa: Psa) -> Any:
    """The administrator's own calls."""
    who = psa.org.credentials["people"]
    name = next(each for each in who["usernames"] if each.startswith("admin@"))
    return psa.org.login(who, sub=name)


def controls(psa: Psa, user: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = admin(psa).rows(
        f"SELECT Id FROM {CONTROL} WHERE pse__User__r.Username LIKE '{user}@%'"
    )
    return found


def region(psa: Psa, name: str) -> str:
    return str(psa.org.rows(f"SELECT Id FROM pse__Region__c WHERE Name = '{name}'")[0]["Id"])


def without_controls(psa: Psa) -> None:
    [control] = controls(psa, "integration")
    admin(psa).ok("DELETE", f"sobjects/{CONTROL}/{control['Id']}")


def test_without_a_permission_control_rows_are_silently_not_there(psa: Psa) -> None:
    timecard = psa.approved()
    event = psa.generate()
    tables = (
        "pse__Proj__c",
        "pse__Timecard_Header__c",
        "pse__Timecard__c",
        "pse__Time_Date__c",
        "pse__Billing_Event__c",
    )
    assert all(psa.fabric.query(f"SELECT COUNT() FROM {name}")["totalSize"] == 1 for name in tables)
    without_controls(psa)
    assert all(psa.fabric.query(f"SELECT COUNT() FROM {name}")["totalSize"] == 0 for name in tables)
    for name, record in (("pse__Timecard_Header__c", timecard), ("pse__Billing_Event__c", event)):
        assert psa.fabric.refused("GET", f"sobjects/{name}/{record}")[1]["errorCode"] == "NOT_FOUND"
    assert psa.org.query("SELECT COUNT() FROM pse__Timecard__c")["totalSize"] == 1


def test_a_control_over_a_region_opens_what_is_below_it_if_it_cascades(psa: Psa) -> None:
    emea = psa.new_project("Madrid", pse__Region__c=region(psa, "EMEA"))
    apac = psa.new_project("Osaka", pse__Region__c=region(psa, "APAC"))
    [control] = controls(psa, "integration")
    admin(psa).change(CONTROL, control["Id"], pse__Region__c=region(psa, "EMEA"), pse__Cascading_Permission__c=False)
    seen = {row["Id"] for row in psa.fabric.rows("SELECT Id FROM pse__Proj__c")}
    assert emea in seen and apac not in seen
    admin(psa).change(CONTROL, control["Id"], pse__Region__c=region(psa, "Worldwide"))
    assert emea not in {row["Id"] for row in psa.fabric.rows("SELECT Id FROM pse__Proj__c")}
    admin(psa).change(CONTROL, control["Id"], pse__Cascading_Permission__c=True)
    assert {emea, apac} <= {row["Id"] for row in psa.fabric.rows("SELECT Id FROM pse__Proj__c")}
    admin(psa).change(CONTROL, control["Id"], pse__End_Date__c="2020-01-01")
    assert psa.fabric.rows("SELECT Id FROM pse__Proj__c") == []


def test_writes_need_the_grant_for_them(psa: Psa) -> None:
    psa.approved()
    event = psa.generate(release=True)
    [control] = controls(psa, "integration")
    admin(psa).change(CONTROL, control["Id"], pse__Invoicing__c=False, pse__Timecard_Entry__c=False)
    status, error = psa.fabric.refused("PATCH", f"sobjects/pse__Billing_Event__c/{event}", json=invoice("1"))
    assert status == 400 and error["errorCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert "Invoicing permission control" in error["message"]
    week = {"pse__Start_Date__c": WEEK, "pse__End_Date__c": "2026-03-15", "pse__Resource__c": psa.resource}
    body = week | {"pse__Assignment__c": psa.assignment, "pse__Monday_Hours__c": 1}
    refusal = psa.fabric.refused("POST", "sobjects/pse__Timecard_Header__c", json=body)
    assert "Timecard Entry permission control" in refusal[1]["message"]


def test_a_consultant_enters_own_time_and_sees_own_projects(psa: Psa) -> None:
    psa.new_project("Somebody else's")
    [contact] = psa.org.rows("SELECT Id, Email FROM Contact WHERE pse__Salesforce_User__c != null")
    psa.resource = contact["Id"]
    psa.assignment = psa.assign(psa.project, psa.resource)
    psa.org = psa.org.login(psa.org.credentials["people"], sub=contact["Email"])
    assert [row["Id"] for row in psa.org.rows("SELECT Id FROM pse__Proj__c")] == [psa.project]
    assert psa.splits(psa.enter())


def test_a_project_needs_what_the_org_asks(empty: Psa) -> None:
    status, error = empty.org.refused("POST", "sobjects/pse__Proj__c", json={"Name": "P"})
    assert (status, error["errorCode"], error["fields"]) == (400, "REQUIRED_FIELD_MISSING", ["pse__Account__c"])
    empty.account = empty.org.create("Account", Name="A")
    row = empty.org.get("pse__Proj__c", empty.new_project())
    assert row["pse__Is_Active__c"] and row["pse__Is_Billable__c"] and row["pse__Project_ID__c"].startswith("PR-")
    empty.org.settings(project_needs="pse__Account__c, pse__Region__c")
    body = {"Name": "P", "pse__Account__c": empty.account}
    assert empty.org.refused("POST", "sobjects/pse__Proj__c", json=body)[1]["fields"] == ["pse__Region__c"]


def test_hours_live_in_the_schedule(psa: Psa) -> None:
    days = {f"pse__{day}_Hours__c": 8 for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")}
    span = {"pse__Start_Date__c": "2026-03-02", "pse__End_Date__c": "2026-03-15"}
    schedule = psa.org.create("pse__Schedule__c", **days, **span)
    given = {"pse__Project__c": psa.project, "pse__Resource__c": psa.resource}
    refusal = psa.org.refused("POST", "sobjects/pse__Assignment__c", json=given)
    assert "inserted first" in refusal[1]["message"]
    made = psa.org.create("pse__Assignment__c", **given, pse__Schedule__c=schedule)
    row = psa.org.get("pse__Assignment__c", made)
    assert (row["pse__Start_Date__c"], row["pse__Scheduled_Hours__c"]) == ("2026-03-02", 80)
    psa.org.change("pse__Assignment__c", made, pse__End_Date__c="2026-04-30")
    assert psa.org.get("pse__Assignment__c", made)["pse__Scheduled_Hours__c"] == 80
    off = {"pse__Start_Date__c": "2026-03-04", "pse__End_Date__c": "2026-03-05"}
    psa.org.create("pse__Schedule_Exception__c", pse__Schedule__c=schedule, pse__Thursday_Hours__c=2, **off)
    assert psa.org.get("pse__Assignment__c", made)["pse__Scheduled_Hours__c"] == 66


def test_an_assignment_takes_its_rate_from_its_card(psa: Psa) -> None:
    card = psa.org.create("pse__Rate_Card__c", pse__Role__c="Partner", pse__Suggested_Bill_Rate__c="410.50")
    made = psa.assign(psa.project, psa.resource, pse__Bill_Rate__c=None, pse__Rate_Card__c=card)
    assert str(psa.org.get("pse__Assignment__c", made)["pse__Bill_Rate__c"]) == "410.50"
