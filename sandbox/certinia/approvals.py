"""Status and boxes: what the shipped workflow rules tick, and what may still be changed afterwards.

Source: vendors/certinia.md, sections 3.6 and 4. The status drives the boxes by workflow rules that an org may change;
who sets a box itself is left in peace.
"""

from __future__ import annotations

from sandbox.certinia import settings
from sandbox.certinia.refusals import invalid
from sandbox.salesforce_platform.org import Org, Row

RESTING = frozenset({"Saved", "Draft", "Planned", "Open", "Rejected"})
_STILL_OPEN = frozenset(
    f"pse__{name}__c"
    for name in (
        "Status", "Submitted", "Approved", "Approved_for_Billing", "Approved_for_Vendor_Payment", "Approver",
        "Include_In_Financials", "Billing_Hold", "Exclude_from_Billing", "Admin_Global_Edit", "Audit_Notes",
        "Invoiced", "Invoice_Number", "Invoice_Date", "Billed", "Bill_Date", "Billing_Event_Item",
    )
)  # fmt: skip


def follow_status(org: Org, row: Row, before: Row | None, given: Row, *, people_approve_billing: bool = False) -> None:
    """Ticks the boxes, and refuses an approval out of turn. people_approve_billing: approval alone does not do it."""
    how = settings.of(org)
    moved = before is None or before["pse__Status__c"] != row["pse__Status__c"]
    if how.status_ticks_boxes and moved:
        _tick(row, given)
    newly = row["pse__Approved__c"] and not (before is not None and before["pse__Approved__c"])
    if newly:
        _in_turn(row, before)
        if how.include_on_approval and "pse__Include_In_Financials__c" not in given:
            row["pse__Include_In_Financials__c"] = _may_be_included(row)
        if how.approve_for_billing_on_approval and "pse__Approved_for_Billing__c" in row and not people_approve_billing:
            row["pse__Approved_for_Billing__c"] = given.get("pse__Approved_for_Billing__c", True)
    if not row["pse__Approved__c"]:
        if given.get("pse__Include_In_Financials__c"):
            raise invalid("Include In Financials cannot be checked until the record is approved.",
                          "pse__Include_In_Financials__c")  # fmt: skip
        row["pse__Include_In_Financials__c"] = False
        if "pse__Approved_for_Billing__c" in row and before is not None and before["pse__Approved__c"]:
            row["pse__Approved_for_Billing__c"] = False


def _tick(row: Row, given: Row) -> None:
    status = row["pse__Status__c"]
    if status in RESTING:
        boxes = {"pse__Submitted__c": False, "pse__Approved__c": False}
    elif status == "Submitted":
        boxes = {"pse__Submitted__c": True, "pse__Approved__c": False}
    elif status == "Approved":
        boxes = {"pse__Submitted__c": row.get("pse__Submitted__c", False), "pse__Approved__c": True}
    else:
        return
    row.update({box: value for box, value in boxes.items() if box in row and box not in given})


def _in_turn(row: Row, before: Row | None) -> None:
    if "pse__Submitted__c" in row and not row["pse__Submitted__c"]:
        raise invalid("The record must be submitted before it can be approved.", "pse__Approved__c")


def _may_be_included(row: Row) -> bool:
    """A milestone needs its actual date."""
    return "pse__Actual_Date__c" not in row or row["pse__Actual_Date__c"] is not None


def guard_included(row: Row, before: Row | None, given: Row) -> None:
    """Raises FIELD_CUSTOM_VALIDATION_EXCEPTION for an edit of what is in the financials, save by the audited way round."""
    if row["pse__Admin_Global_Edit__c"] and not row["pse__Audit_Notes__c"]:
        raise invalid("Audit Notes are required for an Admin Global Edit.", "pse__Audit_Notes__c")
    if before is None or not before["pse__Include_In_Financials__c"] or row["pse__Admin_Global_Edit__c"]:
        return
    shut = [n for n in given if n.startswith("pse__") and n not in _STILL_OPEN and row[n] != before[n]]
    if shut:
        raise invalid("This record is included in financials and cannot be edited.", *shut)
