"""Time sheet entries: created, changed and deleted by POST with an operation letter. Source: vendor notes, section 6."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.fields import Value, fields
from sandbox.sap_s4hana.given import Given, filled
from sandbox.sap_s4hana.messages import said, unknown
from sandbox.sap_s4hana.organization import COMPANIES
from sandbox.sap_s4hana.projects import Projects
from sandbox.sap_s4hana.tables.project import TIME_FIELDS
from sandbox.sap_s4hana.work import Work

TABLE, PART = "TimeSheetEntryCollection", "TimeSheetDataFields"
COMPLEX = {PART: fields(TIME_FIELDS)}
_APPROVED, _SAVED, _CANCELLED = "30", "10", "60"


def record(work: Work, projects: Projects, given: Given) -> Row:
    """C makes a record; U one whose predecessor is the named one; D cancels it. Raises SapError 400."""
    person, company = given.text("PersonWorkAgreementExternalID"), given.text("CompanyCode")
    if not person:
        raise said("HRTIM_TSHT/001", "Enter a personnel number", "PersonWorkAgreementExternalID")
    if company and company not in COMPANIES:
        raise unknown("Company code", company, "CompanyCode", "F2/165")
    match given.text("TimeSheetOperation"):
        case "C":
            return _make(work, projects, given, given.text("CompanyCode", "1710"))
        case "U":
            old = _cancel(work, given)
            return _make(work, projects, given, old["CompanyCode"], old)
        case "D":
            return _cancel(work, given)
        case operation:
            raise unknown("Operation", operation or "(empty)", "TimeSheetOperation", "HRTIM_TSHT/002")


def _make(work: Work, projects: Projects, given: Given, company: str, old: Row | None = None) -> Row:
    blank: dict[str, Value] = {name: one.blank for name, one in COMPLEX[PART].items()}
    part = (old or {}).get(PART, blank) | given.parts.get(PART, {})
    day = given.values.get("TimeSheetDate") or (old or {}).get("TimeSheetDate")
    if not day:
        raise said("HRTIM_TSHT/003", "Enter a date", "TimeSheetDate")
    hours = Decimal(str(part["RecordedHours"] or "0"))
    if hours <= 0 or hours > 24:
        raise said("HRTIM_TSHT/004", f"{hours} hours cannot be recorded on one day", "RecordedHours")
    if part["WBSElement"]:
        projects.check_postable(str(part["WBSElement"]))
    own: dict[str, Any] = {
        "CompanyCode": company,
        "TimeSheetRecord": work.book.number("timesheet", 1).zfill(12),
        "TimeSheetDate": day,
        "TimeSheetStatus": _APPROVED if given.values.get("TimeSheetIsReleasedOnSave") else _SAVED,
        "TimeSheetPredecessorRecord": old["TimeSheetRecord"] if old else "",
        PART: part,
    }
    row = filled(work.entity(TABLE), given.values, **own)
    return row if given.values.get("TimeSheetIsExecutedInTestRun") else work.book.put(TABLE, row)


def _cancel(work: Work, given: Given) -> Row:
    key = (
        given.text("PersonWorkAgreementExternalID"),
        given.text("CompanyCode", "1710"),
        given.text("TimeSheetRecord"),
    )
    row = work.book.get(TABLE, *key)
    if row is None or row["TimeSheetStatus"] == _CANCELLED:
        raise unknown("Time sheet record", key[2] or "(empty)", "TimeSheetRecord", "HRTIM_TSHT/005")
    done = row | {"TimeSheetStatus": _CANCELLED}
    return row if given.values.get("TimeSheetIsExecutedInTestRun") else work.book.put(TABLE, done)
