"""Billing events of the simulated PSA: generation, sync, release, write-back. Source: vendors/certinia.md, 3.11, 4, 5.6."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.contract.simulators.certinia_org import WEEK_OVER_MONTH_END, Psa, invoice, total

pytest_plugins = ["tests.contract.simulators.certinia_fixtures"]
EVENT = "pse__Billing_Event__c"


def milestone(psa: Psa, **fields: Any) -> str:
    given = {"Name": "Pilot live", "pse__Project__c": psa.project, "pse__Target_Date__c": "2026-03-20"} | fields
    return psa.org.create("pse__Milestone__c", pse__Milestone_Amount__c="5000.50", **given)


def adjustment(psa: Psa, amount: str, **fields: Any) -> str:
    given = {"Name": "Credit", "pse__Project__c": psa.project, "pse__Amount__c": amount} | fields
    return psa.org.create("pse__Miscellaneous_Adjustment__c", **given)


def test_generation_bills_before_anything_is_released(psa: Psa) -> None:
    timecard = psa.approved()
    event = psa.generate()
    row, [item], [split] = psa.event(event), psa.items(event), psa.splits(timecard)
    assert row["pse__Is_Released__c"] is False and row["pse__Invoiced__c"] is False
    assert row["psaws__Billing_Event_Stage__c"] == "Generated"
    assert split["pse__Billed__c"] is True and split["pse__Billing_Event_Item__c"] == item["Id"]
    assert split["pse__Eligible_for_Billing__c"] is False
    assert psa.org.get("pse__Timecard_Header__c", timecard)["pse__Billed__c"] is True
    assert (
        item["pse__Category__c"] == "Timecard"
        and item["pse__Timecard_Split__c"] == item["pse__Object_Id__c"] == split["Id"]
    )
    assert (item["pse__Quantity__c"], item["pse__Unit_Price__c"]) == (8, 150)
    assert total(psa.items(event), "pse__Rounded_Amount__c") == row["pse__Rounded_Summary_Amount__c"] == 1200
    assert row["pse__Event_Key__c"] == f"{row['pse__Billing_Event_Batch__c']}{psa.project}"


def test_only_what_is_eligible_and_in_time_is_generated(psa: Psa) -> None:
    psa.enter()
    approved = psa.approved(WEEK_OVER_MONTH_END, {"Monday": 1, "Friday": 2})
    event = psa.generate(through="2026-03-31")
    assert [item["pse__Quantity__c"] for item in psa.items(event)] == [1]
    assert [split["pse__Billed__c"] for split in psa.splits(approved)] == [True, False]
    assert psa.org.get("pse__Timecard_Header__c", approved)["pse__Billed__c"] is False


def test_words_on_splits_are_the_orgs_and_on_items_they_are_not(psa: Psa) -> None:
    psa.org.settings(yes="Ja", no="Nein", not_applicable="n. z.")
    timecard = psa.approved()
    assert psa.splits(timecard)[0]["pse__Billing_Event_Released__c"] == "n. z."
    event = psa.generate()
    assert psa.splits(timecard)[0]["pse__Billing_Event_Released__c"] == "Nein"
    assert psa.items(event)[0]["pse__Is_Released__c"] == "No"
    psa.press("release", events=[event])
    [split], [item] = psa.splits(timecard), psa.items(event)
    assert (split["pse__Billing_Event_Released__c"], split["pse__Billing_Event_Invoiced__c"]) == ("Ja", "Nein")
    assert (item["pse__Is_Released__c"], item["pse__Invoiced__c"]) == ("Yes", "No")
    assert psa.event(event)["pse__Is_Released__c"] is True


def test_a_formula_changes_with_no_stamp(psa: Psa) -> None:
    timecard = psa.approved()
    before = psa.splits(timecard)[0]
    psa.org.change("pse__Proj__c", psa.project, pse__Exclude_From_Billing__c=True)
    after = psa.splits(timecard)[0]
    assert (before["pse__Eligible_for_Billing__c"], after["pse__Eligible_for_Billing__c"]) == (True, False)
    assert after["SystemModstamp"] == before["SystemModstamp"]
    soql = "SELECT COUNT() FROM pse__Timecard__c WHERE pse__Eligible_for_Billing__c = true"
    assert psa.org.query(soql)["totalSize"] == 0


def test_mixed_case_names_come_back_as_declared(psa: Psa) -> None:
    psa.approved()
    [row] = psa.org.rows("SELECT PSE__EXCLUDE_FROM_BILLING__C FROM PSE__PROJ__C")
    assert row["pse__Exclude_From_Billing__c"] is False
    [row] = psa.org.rows("SELECT pse__exclude_from_billing__c FROM pse__Timecard__c")
    assert row["pse__Exclude_from_Billing__c"] is False


def test_every_level_can_keep_a_split_out(psa: Psa) -> None:
    timecard = psa.approved()
    [split] = psa.splits(timecard)
    for name, record, field in (
        ("pse__Timecard__c", split["Id"], "pse__Billing_Hold__c"),
        ("pse__Timecard__c", split["Id"], "pse__Exclude_from_Billing__c"),
        ("pse__Assignment__c", psa.assignment, "pse__Exclude_from_Billing__c"),
        ("pse__Timecard_Header__c", timecard, "pse__Exclude_from_Billing__c"),
    ):
        psa.org.change(name, record, **{field: True})
        assert psa.splits(timecard)[0]["pse__Eligible_for_Billing__c"] is False, (name, field)
        psa.org.change(name, record, **{field: False})
        assert psa.splits(timecard)[0]["pse__Eligible_for_Billing__c"] is True, (name, field)
    psa.org.change("pse__Timecard__c", split["Id"], pse__Approved_for_Billing__c=False)
    assert psa.splits(timecard)[0]["pse__Eligible_for_Billing__c"] is False
    psa.org.settings(approval_for_billing_used=False)
    assert psa.splits(timecard)[0]["pse__Eligible_for_Billing__c"] is True


def test_an_event_out_of_sync_is_not_released_until_recalculated(psa: Psa) -> None:
    timecard = psa.approved()
    event = psa.generate()
    key = psa.event(event)["pse__Event_Key__c"]
    audited = {"pse__Admin_Global_Edit__c": True, "pse__Audit_Notes__c": "half a day less"}
    psa.org.change("pse__Timecard_Header__c", timecard, pse__Monday_Hours__c=4, **audited)
    status, error = psa.org.refused("PATCH", f"sobjects/{EVENT}/{event}", json={"pse__Is_Released__c": True})
    assert (status, error["errorCode"]) == (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")
    assert "out of sync" in error["message"]
    psa.press("recalculate", events=[event])
    row = psa.event(event)
    assert row["pse__Rounded_Summary_Amount__c"] == 600 and row["pse__Event_Key__c"] == key
    psa.org.change(EVENT, event, pse__Is_Released__c=True)
    assert psa.event(event)["psaws__Billing_Event_Stage__c"] == "Released"
    batch = psa.org.get("pse__Billing_Event_Batch__c", psa.event(event)["pse__Billing_Event_Batch__c"])
    assert batch["pse__Is_Released__c"] is True and batch["pse__Summary_Amount__c"] == 600


def test_a_rejected_source_leaves_its_event_when_recalculated(psa: Psa) -> None:
    gone, kept = psa.approved(), psa.approved(hours={"Tuesday": 2})
    event = psa.generate()
    psa.org.change("pse__Timecard_Header__c", gone, pse__Status__c="Rejected")
    assert "out of sync" in psa.press_in_vain("release", events=[event])
    psa.press("recalculate", events=[event])
    assert [item["pse__Quantity__c"] for item in psa.items(event)] == [2]
    assert psa.splits(gone)[0]["pse__Billed__c"] is False and psa.splits(kept)[0]["pse__Billed__c"] is True
    psa.press("release", events=[event])
    refusal = psa.org.refused("PATCH", f"sobjects/pse__Timecard_Header__c/{kept}", json={"pse__Status__c": "Rejected"})
    assert "released billing event" in refusal[1]["message"]


def test_code_can_skip_the_sync_check_once(psa: Psa) -> None:
    timecard = psa.approved()
    event = psa.generate()
    psa.org.change("pse__Timecard_Header__c", timecard, pse__Status__c="Rejected")
    psa.org.change(EVENT, event, pse__Is_Released__c=True, pse__Skip_Sync_Check__c=True)
    assert psa.event(event)["pse__Is_Released__c"] and not psa.event(event)["pse__Skip_Sync_Check__c"]


def test_write_back_needs_a_released_event(psa: Psa) -> None:
    psa.approved()
    event = psa.generate()
    status, error = psa.fabric.refused("PATCH", f"sobjects/{EVENT}/{event}", json=invoice("INV-1"))
    assert (status, error["errorCode"]) == (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    assert "not released" in error["message"] and psa.event(event)["pse__Invoiced__c"] is False


def test_write_back_can_be_repeated_and_reaches_the_sources(psa: Psa) -> None:
    timecard = psa.approved()
    event = psa.generate(release=True)
    psa.write_back(event)
    psa.write_back(event)
    row, [split], [item] = psa.event(event), psa.splits(timecard), psa.items(event)
    assert (row["pse__Invoice_Number__c"], row["pse__Invoice_Date__c"]) == ("INV-2026-0042", "2026-03-31")
    assert split["pse__Invoiced__c"] is True and split["pse__Invoice_Number__c"] == "INV-2026-0042"
    assert item["pse__Invoiced__c"] == "Yes" and split["pse__Billing_Event_Invoiced__c"] == "Yes"
    assert psa.org.get("pse__Timecard_Header__c", timecard)["pse__Invoiced__c"] is True


def test_an_org_may_not_copy_the_invoice_to_the_sources(psa: Psa) -> None:
    psa.org.settings(invoice_copied_to_sources=False)
    timecard = psa.approved()
    psa.write_back(psa.generate(release=True))
    [split] = psa.splits(timecard)
    assert split["pse__Invoiced__c"] is False and split["pse__Billing_Event_Invoiced__c"] == "Yes"
    psa.fabric.change("pse__Timecard__c", split["Id"], **invoice("INV-2026-0042"))
    assert psa.splits(timecard)[0]["pse__Invoice_Number__c"] == "INV-2026-0042"


def test_an_invoice_number_has_at_most_80_characters(psa: Psa) -> None:
    psa.approved()
    event = psa.generate(release=True)
    path = f"sobjects/{EVENT}/{event}"
    assert psa.fabric.refused("PATCH", path, json=invoice("9" * 81))[1]["errorCode"] == "STRING_TOO_LONG"
    psa.write_back(event, "9" * 80)


def test_a_cancelled_invoice_is_taken_back_only_where_allowed(psa: Psa) -> None:
    psa.approved()
    event = psa.generate(release=True)
    psa.write_back(event)
    blank = {"pse__Invoiced__c": False, "pse__Invoice_Number__c": None, "pse__Invoice_Date__c": None}
    psa.org.settings(invoice_reversal_allowed=False)
    refusal = psa.fabric.refused("PATCH", f"sobjects/{EVENT}/{event}", json=blank)
    assert refusal[1]["errorCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    psa.org.settings(invoice_reversal_allowed=True)
    psa.fabric.change(EVENT, event, **blank)
    assert psa.event(event)["psaws__Billing_Event_Stage__c"] == "Released"


def test_cleared_billing_data_can_be_billed_again(psa: Psa) -> None:
    timecard = psa.approved()
    event = psa.generate()
    psa.press("clear", events=[event])
    assert psa.splits(timecard)[0]["pse__Eligible_for_Billing__c"] is True
    again = psa.generate(release=True)
    assert again != event
    psa.write_back(again)
    assert "cannot be cleared" in psa.press_in_vain("clear", events=[again])


def test_a_milestone_needs_its_date_and_a_person_for_billing(psa: Psa) -> None:
    made = milestone(psa, pse__Status__c="Approved")
    row = psa.org.get("pse__Milestone__c", made)
    assert row["pse__Approved__c"] and not row["pse__Include_In_Financials__c"]
    path = f"sobjects/pse__Milestone__c/{made}"
    refusal = psa.org.refused("PATCH", path, json={"pse__Include_In_Financials__c": True})
    assert "actual date" in refusal[1]["message"]
    psa.org.change("pse__Milestone__c", made, pse__Actual_Date__c="2026-03-19", pse__Include_In_Financials__c=True)
    assert psa.press("generate", projects=[psa.project]) == []
    psa.org.change("pse__Milestone__c", made, pse__Approved_for_Billing__c=True)
    [item] = psa.items(psa.generate())
    assert (item["pse__Category__c"], item["pse__Amount__c"]) == ("Milestone", Decimal("5000.50"))


def test_a_negative_adjustment_is_a_credit_on_the_event(psa: Psa) -> None:
    psa.approved()
    made = adjustment(psa, "-150")
    psa.org.change(
        "pse__Miscellaneous_Adjustment__c", made, pse__Status__c="Approved", pse__Approved_for_Billing__c=True
    )
    event = psa.generate()
    amounts = {item["pse__Category__c"]: item["pse__Amount__c"] for item in psa.items(event)}
    assert amounts == {"Timecard": 1200, "Miscellaneous Adjustment": -150}
    assert psa.event(event)["pse__Rounded_Summary_Amount__c"] == 1050


def test_events_can_be_apart_by_kind_of_source(psa: Psa) -> None:
    psa.org.settings(separate_events=True)
    psa.approved()
    made = adjustment(psa, "-150")
    psa.org.change(
        "pse__Miscellaneous_Adjustment__c", made, pse__Status__c="Approved", pse__Approved_for_Billing__c=True
    )
    keys = [psa.event(event)["pse__Event_Key__c"] for event in psa.press("generate", projects=[psa.project])]
    assert [key[-2:] for key in keys] == ["TC", "MA"] and all(len(key) <= 150 for key in keys)


def test_new_items_join_an_open_event_where_the_project_says_so(psa: Psa) -> None:
    psa.approved()
    first = psa.generate(customer_reference="PO-7")
    psa.approved(hours={"Friday": 1})
    assert psa.generate(customer_reference="PO-7") != first
    psa.org.change("pse__Proj__c", psa.project, pse__Add_BEIs_To_Existing_Batches__c=True)
    psa.approved(hours={"Sunday": 1})
    joined = psa.generate(customer_reference="PO-7")
    assert len(psa.items(joined)) == 2 and psa.event(joined)["pse__Customer_Reference__c"] == "PO-7"


def test_events_and_items_are_made_by_the_package_alone(psa: Psa) -> None:
    psa.approved()
    event = psa.generate()
    for name in (EVENT, "pse__Billing_Event_Item__c", "pse__Billing_Event_Batch__c"):
        assert (
            psa.org.refused("POST", f"sobjects/{name}", json={})[1]["errorCode"]
            == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
        )
    assert "Clear Billing Data" in psa.org.refused("DELETE", f"sobjects/{EVENT}/{event}")[1]["message"]
    refusal = psa.org.refused("PATCH", f"sobjects/{EVENT}/{event}", json={"pse__Rounded_Summary_Amount__c": 1})
    assert refusal[1]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
