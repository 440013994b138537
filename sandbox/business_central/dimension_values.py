"""Values of dimensions (their page is read-only unless the tenant brought its own) and defaults on customers."""

from __future__ import annotations

from sandbox.business_central.book import Record
from sandbox.business_central.dimensions import value_of
from sandbox.business_central.errors import Refused, rule
from sandbox.business_central.fields import NO_ID
from sandbox.business_central.values import Given
from sandbox.business_central.work import Work


def create(work: Work, kind: str, given: Given, parent: Record | None) -> Record:
    """Raises Refused for an unknown dimension or a code it already has."""
    owner = parent or work.by_id("dimensions", given.values.get("dimensionId", NO_ID))
    if owner is None:
        raise rule("no_match", name="dimensionId", what="a Dimension")
    code = given.values.get("code", "")
    if not code:
        raise Refused(400, "Application_FieldValidationException", "code_needed", what="Code")
    if value_of(work, owner["code"], code) is not None:
        values = f"Dimension Code='{owner['code']}',Code='{code}'"
        raise Refused(400, "Internal_EntityWithSameKeyExists", "exists", what="Dimension Value", values=values)
    return work.new(kind, given.values | {"dimensionId": owner["id"]})


def update(work: Work, kind: str, record: Record, given: Given) -> Record:
    if given.values.get("dimensionId", record["dimensionId"]) != record["dimensionId"]:
        raise rule("cannot_modify", name='"dimensionId"')
    return work.change(kind, record, given.values)


def create_default(work: Work, kind: str, given: Given, parent: Record | None) -> Record:
    """The default of a customer for a dimension; once. Raises Refused."""
    owner = parent or work.by_id("customers", given.values.get("parentId", NO_ID))
    if owner is None:
        raise rule("dimension_parent")
    values = dict(given.values) | {"parentId": owner["id"], "parentType": "Customer"} | _named(work, given.values)
    there = work.book.where(kind, work.company, "parentId", owner["id"])
    if any(row["dimensionId"] == values["dimensionId"] for row in there):
        raise rule("dimension_exists")
    return work.new(kind, values)


def update_default(work: Work, kind: str, record: Record, given: Given) -> Record:
    whole = {name: record[name] for name in ("dimensionId", "dimensionValueCode")} | given.values
    return work.change(kind, record, given.values | _named(work, whole))


def _named(work: Work, values: Record) -> Record:
    dimension = work.matched(values, "dimensionId", "dimensionCode", "dimensions", "a Dimension")
    if dimension is None:
        raise rule("dimension_needed")
    found = {"dimensionId": dimension["id"], "dimensionCode": dimension["code"]}
    value = None
    if values.get("dimensionValueId", NO_ID) != NO_ID:
        value = work.by_id("dimensionValues", values["dimensionValueId"])
    elif values.get("dimensionValueCode"):
        value = value_of(work, dimension["code"], values["dimensionValueCode"])
    else:
        return found
    if value is None or value["dimensionId"] != dimension["id"]:
        raise rule("no_match", name="dimensionValueCode", what="a Dimension Value")
    return found | {"dimensionValueId": value["id"], "dimensionValueCode": value["code"]}
