"""`/sobjects/...`: one record at a time, by id or by external id; what was updated or deleted in a period.

Source: vendors/salesforce.md, section 5.3.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from sandbox.salesforce_platform.call import Answer, Call, method_not_allowed
from sandbox.salesforce_platform.errors import ApiError, not_found
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.records import Records
from sandbox.salesforce_platform.schema import Field, SObject
from sandbox.salesforce_platform.values import read_datetime, shown, unstamp


class SObjects:
    def __init__(self, org: Org, records: Records) -> None:
        self._org, self._records = org, records

    def named(self, name: str) -> SObject:
        found = self._org.schema.find(name)
        if found is None:
            raise not_found()
        return found

    def create(self, call: Call, sobject: SObject) -> Answer:
        self._writable(sobject, call.method)
        record_id = self._records.create(call.actor, sobject, call.document(), call.allow_duplicates)
        url = f"{call.base}/sobjects/{sobject.name}/{record_id}"
        return Answer(201, {"id": record_id, "success": True, "errors": []}, {"Location": url})

    def one(self, call: Call, sobject: SObject, record_id: str) -> Answer:
        row = self._records.find(call.actor, sobject, record_id)
        stale = _conditions(call, row)
        if stale is not None:
            return stale
        match call.method:
            case "GET" | "HEAD":
                return Answer(200, self.shown(call, sobject, row), {"Last-Modified": _http_date(row)})
            case "PATCH":
                self._writable(sobject, call.method)
                self._records.update(call.actor, sobject, record_id, call.document())
            case "DELETE":
                self._writable(sobject, call.method)
                self._records.delete(call.actor, sobject, record_id)
            case _:
                raise method_not_allowed(call.method, "HEAD,GET,PATCH,DELETE")
        return Answer(204)

    def by_key(self, call: Call, sobject: SObject, name: str, value: str) -> Answer:
        """By external id: read, upsert, delete."""
        key = self.key(sobject, name)
        if call.method == "PATCH":
            self._writable(sobject, call.method)
            record_id, created = self._records.upsert(call.actor, sobject, key, value, call.document())
            if not created and call.release < 46:
                return Answer(204)
            body = {"id": record_id, "success": True, "errors": [], "created": created}
            location = {"Location": f"{call.base}/sobjects/{sobject.name}/{record_id}"} if created else {}
            return Answer(201 if created else 200, body, location)
        row = self._records.find_by_key(call.actor, sobject, key, value)
        if row is None:
            raise not_found()
        return self.one(call, sobject, row["Id"])

    def key(self, sobject: SObject, name: str) -> Field:
        one = sobject.by_lower.get(name.lower())
        if one is None or not (one.external_id or one.type == "id"):
            raise not_found("Provided external ID field does not exist or is not accessible: " + name)
        return one

    def shown(self, call: Call, sobject: SObject, row: Row) -> dict[str, Any]:
        """All fields, or those of `?fields=`. Raises INVALID_FIELD."""
        wanted = call.query.get("fields")
        names = [name.strip() for name in wanted.split(",")] if wanted else list(sobject.fields)
        columns = [self._column(sobject, name) for name in names]
        url = f"{call.base}/sobjects/{sobject.name}/{row['Id']}"
        made: dict[str, Any] = {"attributes": {"type": sobject.name, "url": url}}
        made |= {one.name: shown(one, self._org.value(sobject, one, row)) for one in columns if one is not None}
        if wanted and "Id" not in made:
            made["Id"] = row["Id"]
        return made

    def _column(self, sobject: SObject, name: str) -> Field | None:
        one = sobject.by_lower.get(name.lower())
        if one is not None and one.currency_only and not self._org.settings.multi_currency:
            if name in sobject.fields and "," not in name:
                return None
            one = None
        if one is None:
            raise ApiError(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {sobject.name}")
        return one

    def related(self, call: Call, sobject: SObject, record_id: str, relationship: str) -> Answer:
        """`/sobjects/Opportunity/006.../Account` and `/sobjects/Account/001.../Opportunities`."""
        row = self._records.find(call.actor, sobject, record_id)
        reference = sobject.parents.get(relationship.lower())
        if reference is not None:
            parent = self._org.schema.objects[reference.to]
            found = self._org.get(parent.name, row.get(reference.name) or "")
            if found is None:
                raise not_found()
            return Answer(200, self.shown(call, parent, found))
        for child, one in self._org.schema.children_of(sobject.name):
            if one.children.lower() == relationship.lower():
                ids = self._org.tables[child.name].having(one.name, row["Id"])
                rows = [found for each in ids if (found := self._org.get(child.name, each))]
                shown_rows = [self.shown(call, child, each) for each in rows]
                return Answer(200, {"totalSize": len(rows), "done": True, "records": shown_rows})
        raise not_found()

    def changed(self, call: Call, sobject: SObject, deleted: bool) -> Answer:
        """`/updated` and `/deleted`: ids between `start` and `end`."""
        try:
            start, end = read_datetime(call.query["start"]), read_datetime(call.query["end"])
        except KeyError as exc:
            raise ApiError(400, "MISSING_ARGUMENT", f"{exc.args[0]} is a required parameter") from exc
        except ValueError as exc:
            raise ApiError(400, "INVALID_REPLICATION_DATE", str(exc)) from exc
        rows = [
            row
            for row in self._org.tables[sobject.name].rows.values()
            if row["IsDeleted"] == deleted and start <= row["SystemModstamp"] < end
        ]
        if not deleted:
            return Answer(200, {"ids": [row["Id"] for row in rows], "latestDateCovered": f"{end}+0000"})
        records = [{"id": row["Id"], "deletedDate": f"{row['SystemModstamp']}+0000"} for row in rows]
        first = min((row["SystemModstamp"] for row in rows), default=start)
        covered = {"earliestDateAvailable": f"{first}+0000", "latestDateCovered": f"{end}+0000"}
        return Answer(200, {"deletedRecords": records} | covered)

    def _writable(self, sobject: SObject, method: str) -> None:
        if sobject.read_only:
            raise ApiError(
                400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be written: {sobject.name}"
            )


def _http_date(row: Row) -> str:
    return format_datetime(unstamp(row["LastModifiedDate"]), usegmt=True)


def _conditions(call: Call, row: Row) -> Answer | None:
    """304 or 412 when a conditional header says so; whole seconds, as HTTP dates are."""
    modified = unstamp(row["LastModifiedDate"]).replace(microsecond=0)
    since, unless = _date(call, "if-modified-since"), _date(call, "if-unmodified-since")
    if since is not None and call.method in ("GET", "HEAD") and modified <= since:
        return Answer(304)
    if unless is not None and modified > unless:
        text = "The record has been modified since the given date"
        return Answer(412, ApiError(412, "PRECONDITION_FAILED", text).body())
    return None


def _date(call: Call, header: str) -> datetime | None:
    value = call.headers.get(header)
    try:
        moment = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
