"""Time registration entries: they land in the employee's time sheet of that week, which has to be there."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.business_central import dimensions
from sandbox.business_central.book import Record
from sandbox.business_central.errors import rule
from sandbox.business_central.values import Given
from sandbox.business_central.work import Work

_KIND = "timeRegistrationEntries"


def create(work: Work, kind: str, given: Given, parent: Record | None) -> Record:
    """Raises Refused."""
    values = dict(given.values)
    employee = work.matched(values, "employeeId", "employeeNumber", "employees", "an Employee") or parent
    if employee is None:
        raise rule("employee_needed")
    if parent is not None and employee["id"] != parent["id"]:
        raise rule("cannot_modify", name='value for "employeeId"')
    values.setdefault("date", work.clock.today())
    sheet = week_of(values["date"])
    if sheet not in employee.get("_sheets", []):
        raise rule("no_time_sheet", date=values["date"], number=employee["number"])
    values |= {"employeeId": employee["id"], "employeeNumber": employee["number"]} | _job(work, values)
    there = work.book.where(kind, work.company, "employeeId", employee["id"])
    values["lineNumber"] = max((row["lineNumber"] for row in there), default=0) + 10_000
    hour = work.by_code("unitsOfMeasure", "HOUR")
    if hour is not None:
        values |= {"unitOfMeasureId": hour["id"], "unitOfMeasureCode": hour["code"]}
    values["_dimensions"] = dimensions.set_of(work, given.parts.get("dimensionSetLines", []))
    return work.new(kind, values)


def update(work: Work, kind: str, record: Record, given: Given) -> Record:
    values = dict(given.values)
    for name, what in (("employeeId", '"employeeId"'), ("employeeNumber", "employee number"), ("date", "date")):
        if values.get(name, record[name]) != record[name]:
            raise rule("cannot_modify", name=what)
    _refuse_settled(record)
    return work.change(kind, record, values | _job(work, values))


def delete(work: Work, kind: str, record: Record) -> None:
    _refuse_settled(record)
    work.book.remove(kind, record)


def set_status(work: Work, record: Record, status: str) -> Record:
    """What a project manager does in the time sheets; the API cannot."""
    return work.change(_KIND, record, {"status": status})


def open_sheet(work: Work, employee: Record, day: str) -> Record:
    sheets = sorted({*employee.get("_sheets", []), week_of(day)})
    return work.change("employees", employee, {"_sheets": sheets}, touch=False)


def week_of(day: str) -> str:
    """The Monday of a date's week, which names the sheet."""
    found = date.fromisoformat(day)
    return (found - timedelta(days=found.weekday())).isoformat()


def _job(work: Work, values: Record) -> dict[str, str]:
    job = work.matched(values, "jobId", "jobNumber", "projects", "a Job")
    return {"jobId": job["id"], "jobNumber": job["number"]} if job else {}


def _refuse_settled(record: Record) -> None:
    if record["status"] not in ("Open", "Rejected"):
        raise rule("time_fixed", status=record["status"])
