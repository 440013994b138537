"""Customers, projects, employees and the coded lists: how they are made, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.business_central.book import Record
from sandbox.business_central.errors import Refused, rule
from sandbox.business_central.fields import NO_ID
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.values import Given
from sandbox.business_central.work import Work

_SERIES = {"customers": ("CUST", "C"), "projects": ("JOB", "PR"), "employees": ("EMP", "E"), "items": ("ITEM", "I")}


def create(work: Work, kind: str, given: Given, parent: Record | None) -> Record:
    """Raises Refused for a number or code that is taken, missing, or not to be chosen."""
    values = dict(given.values)
    table = ENTITIES[kind].table
    if "number" in ENTITIES[kind].by_name:
        values["number"] = _number(work, kind, values.get("number", ""))
    elif "code" in ENTITIES[kind].by_name:
        if not values.get("code"):
            raise Refused(400, "Application_FieldValidationException", "code_needed", what="Code")
        _refuse_taken(work, kind, "code", values["code"], table)
    values = _CHECKS.get(kind, _as_given)(work, values, None)
    made = work.new(kind, values)
    if kind == "projects":
        _value_for(work, made)
    return made


def update(work: Work, kind: str, record: Record, given: Given) -> Record:
    values = dict(given.values)
    key = "number" if "number" in ENTITIES[kind].by_name else "code"
    if values.get(key, record.get(key)) != record.get(key):
        _refuse_taken(work, kind, key, values[key], ENTITIES[kind].table)
    return work.change(kind, record, _CHECKS.get(kind, _as_given)(work, values, record))


def delete(work: Work, kind: str, record: Record) -> None:
    for used, field in _USES.get(kind, ()):
        if work.book.where(used, work.company, field, record["id"]):
            raise rule("in_use", what=ENTITIES[kind].table, number=record.get("number") or record.get("code"))
    work.book.remove(kind, record)


_USES: dict[str, tuple[tuple[str, str], ...]] = {
    "customers": (("salesInvoices", "customerId"), ("salesCreditMemos", "customerId")),
}


def _number(work: Work, kind: str, asked: str) -> str:
    series, prefix = _SERIES[kind]
    if kind == "projects" and not work.settings.jobs_set_up:
        raise Refused(400, "Application_FieldValidationException", "series_needed", what="Job", setup="Jobs Setup")
    if asked:
        if not work.settings.manual_numbers:
            raise rule("manual_numbers", series=series)
        _refuse_taken(work, kind, "number", asked, ENTITIES[kind].table)
        return asked
    while True:
        number = f"{prefix}{int(work.next_number(series, 1)) * 10:05d}"
        if work.by_code(kind, number) is None:
            return number


def _refuse_taken(work: Work, kind: str, field: str, value: str, table: str) -> None:
    if work.by_code(kind, value) is not None:
        caption = "No." if field == "number" else "Code"
        raise Refused(400, "Internal_EntityWithSameKeyExists", "exists", what=table, values=f"{caption}='{value}'")


def _as_given(work: Work, values: Record, _: Record | None) -> Record:
    return values


def _customer(work: Work, values: Record, before: Record | None) -> Record:
    if not values.get("displayName", before["displayName"] if before else ""):
        raise rule("name_blank" if before else "name_needed")
    values |= work.currency(values) or ({} if before else {"currencyCode": work.local_currency})
    work.check_relation(values, "country", "countriesRegions", "Country/Region Code", "Customer")
    for name, kind, what in (
        ("paymentTermsId", "paymentTerms", "a Payment Terms"),
        ("shipmentMethodId", "shipmentMethods", "a Shipment Method"),
        ("paymentMethodId", "paymentMethods", "a Payment Method"),
    ):
        if values.get(name, NO_ID) != NO_ID and work.by_id(kind, values[name]) is None:
            raise rule("no_match", name=name, what=what)
    area_id = values.get("taxAreaId", NO_ID)
    if area_id == NO_ID and before is None:
        area_id = next(row["id"] for row in work.book.all("taxAreas", work.company) if row["_default"])
    if area_id != NO_ID:
        area = work.by_id("taxAreas", area_id)
        if area is None:
            raise rule("no_match", name="taxAreaId", what="a Tax Area")
        values |= {"taxAreaId": area["id"], "taxAreaDisplayName": area["displayName"]}
    return values


def _employee(work: Work, values: Record, before: Record | None) -> Record:
    parts = [values.get(name, before[name] if before else "") for name in ("givenName", "middleName", "surname")]
    return values | {"displayName": " ".join(part for part in parts if part)}


def _tax_setup(work: Work, values: Record, before: Record | None) -> Record:
    """A new area or group has no rates until somebody sets them up in the client."""
    return values if before else {"_rates": {}, "_default": False} | values


def _value_for(work: Work, project: Record) -> None:
    """The tenant's extension that keeps a dimension in step with its projects, if it has one."""
    dimension = work.by_code("dimensions", work.settings.project_dimension) if work.settings.project_dimension else None
    if dimension is None:
        return
    known = work.book.where("dimensionValues", work.company, "code", project["number"])
    if not any(value["dimensionId"] == dimension["id"] for value in known):
        name = project["displayName"][:50]
        work.new("dimensionValues", {"code": project["number"], "dimensionId": dimension["id"], "displayName": name})


_CHECKS: dict[str, Callable[[Work, Record, Record | None], Record]] = {
    "customers": _customer,
    "employees": _employee,
    "taxAreas": _tax_setup,
}
