"""Many records in one call: collections (200) and tree (200).

HTTP 200 even when every record failed; the results are in the order of the input.
Source: vendors/salesforce.md, section 5.4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.salesforce_platform.call import Answer, Call
from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.org import Org
from sandbox.salesforce_platform.records import Records
from sandbox.salesforce_platform.schema import Field, SObject
from sandbox.salesforce_platform.sobjects import SObjects

MOST = 200
Result = dict[str, Any]


class RolledBack(Exception):
    """Thrown to take back what a call with allOrNone has done so far."""


class Many:
    def __init__(self, org: Org, records: Records, sobjects: SObjects) -> None:
        self._org, self._records, self._sobjects = org, records, sobjects

    def create(self, call: Call) -> Answer:
        def one(body: dict[str, Any]) -> Result:
            made = self._records.create(call.actor, self._typed(body), body, call.allow_duplicates)
            return _done(made)

        return self._each(call, self._bodies(call), one)

    def update(self, call: Call) -> Answer:
        def one(body: dict[str, Any]) -> Result:
            record_id = next((v for k, v in body.items() if k.lower() == "id"), None)
            if not record_id:
                raise ApiError(400, "MISSING_ARGUMENT", "Id not specified in an update call", [])
            sobject = self._typed(body)
            fields = {k: v for k, v in body.items() if k.lower() != "id"}
            self._records.update(call.actor, sobject, record_id, fields)
            return _done(self._records.find(call.actor, sobject, record_id)["Id"])

        return self._each(call, self._bodies(call), one)

    def upsert(self, call: Call, sobject: SObject, key: Field) -> Answer:
        def one(body: dict[str, Any]) -> Result:
            value = next((v for k, v in body.items() if k.lower() == key.name.lower()), None)
            if value in (None, ""):
                raise ApiError(400, "MISSING_ARGUMENT", f"{key.name} not specified", [])
            fields = {k: v for k, v in body.items() if k.lower() != key.name.lower()}
            record_id, created = self._records.upsert(call.actor, sobject, key, str(value), fields)
            return _done(record_id) | {"created": created}

        return self._each(call, self._bodies(call), one)

    def delete(self, call: Call) -> Answer:
        ids = [each for each in call.query.get("ids", "").split(",") if each]
        if not ids:
            raise ApiError(400, "MISSING_ARGUMENT", "ids is a required parameter")

        def one(record_id: str) -> Result:
            self._records.delete(call.actor, self._by_prefix(record_id), record_id)
            return _done(record_id)

        return self._each(call, ids, one, all_or_none=call.query.get("allOrNone", "").lower() == "true")

    def retrieve(self, call: Call, sobject: SObject) -> Answer:
        """Rows in the order of the ids; null where there is none."""
        asked = call.document() if call.method == "POST" else {}
        ids = asked.get("ids") or call.query.get("ids", "").split(",")
        fields = asked.get("fields") or call.query.get("fields", "").split(",")
        if len(ids) > 2000:
            raise ApiError(400, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 2000 records")
        shape = Call("GET", call.path, {"fields": ",".join(fields)}, call.headers, None, call.actor)
        found: list[Any] = []
        for record_id in ids:
            try:
                found.append(self._sobjects.shown(shape, sobject, self._records.find(call.actor, sobject, record_id)))
            except ApiError as error:
                if error.code not in ("NOT_FOUND", "ENTITY_IS_DELETED", "MALFORMED_ID"):
                    raise
                found.append(None)
        return Answer(200, found)

    def _typed(self, body: dict[str, Any]) -> SObject:
        attributes = body.get("attributes")
        name = attributes.get("type") if isinstance(attributes, dict) else None
        found = self._org.schema.find(str(name)) if name else None
        if found is None or found.read_only:
            raise ApiError(400, "INVALID_TYPE", f"sObject type '{name}' is not supported.", [])
        return found

    def _by_prefix(self, record_id: str) -> SObject:
        for sobject in self._org.schema.objects.values():
            if record_id.startswith(sobject.prefix) and not sobject.read_only:
                return sobject
        raise ApiError(400, "MALFORMED_ID", f"malformed id {record_id}", [])

    def _bodies(self, call: Call) -> list[dict[str, Any]]:
        records: Any = call.document().get("records")
        if not _objects(records):
            raise ApiError(400, "JSON_PARSER_ERROR", "records must be a list of objects")
        return list(records)

    def _each(
        self, call: Call, items: Sequence[Any], one: Callable[[Any], Result], all_or_none: bool | None = None
    ) -> Answer:
        if len(items) > MOST:
            raise ApiError(
                400, "EXCEEDED_ID_LIMIT", f"record limit reached. cannot submit more than {MOST} records in this call"
            )
        if all_or_none is None:
            all_or_none = call.document().get("allOrNone") is True
        results: list[Result] = []
        try:
            with self._org.transaction(call.actor):
                for item in items:
                    results.append(_attempt(one, item))
                if all_or_none and not all(result["success"] for result in results):
                    raise RolledBack
        except RolledBack:
            results = [_rolled_back() if result["success"] else result for result in results]
        return Answer(200, results)

    def tree(self, call: Call, sobject: SObject) -> Answer:
        """New records with new children; all of them or, with 400 and who failed, none."""
        bodies = self._bodies(call)
        made: list[Result] = []
        try:
            with self._org.transaction(call.actor):
                for body in bodies:
                    self._plant(call, sobject, body, {}, made)
        except _Failed as failed:
            errors = [failed.error.in_collection()]
            return Answer(400, {"hasErrors": True, "results": [{"referenceId": failed.reference, "errors": errors}]})
        return Answer(201, {"hasErrors": False, "results": made})

    def _plant(
        self, call: Call, sobject: SObject, body: dict[str, Any], parent: dict[str, Any], made: list[Result]
    ) -> None:
        attributes = body.get("attributes")
        reference = str(attributes.get("referenceId", "")) if isinstance(attributes, dict) else ""
        nested = {name: one["records"] for name, one in body.items() if isinstance(one, dict) and "records" in one}
        children = {name: records for name, records in nested.items() if _objects(records)}
        fields = {name: value for name, value in body.items() if name not in children} | parent
        try:
            if len(made) >= MOST:
                raise ApiError(400, "EXCEEDED_ID_LIMIT", f"a tree holds at most {MOST} records")
            record_id = self._records.create(call.actor, sobject, fields, call.allow_duplicates)
        except ApiError as error:
            raise _Failed(reference, error) from error
        made.append({"referenceId": reference, "id": record_id})
        for name, records in children.items():
            links = [x for x in self._org.schema.children_of(sobject.name) if x[1].children.lower() == name.lower()]
            if not links:
                raise _Failed(reference, ApiError(400, "INVALID_FIELD", f"no child relationship {name}"))
            for record in records:
                self._plant(call, links[0][0], record, {links[0][1].name: record_id}, made)


class _Failed(Exception):
    def __init__(self, reference: str, error: ApiError) -> None:
        super().__init__(reference)
        self.reference, self.error = reference, error


def _objects(records: Any) -> bool:
    return isinstance(records, list) and all(isinstance(one, dict) for one in records)


def _done(record_id: str) -> Result:
    return {"id": record_id, "success": True, "errors": []}


def _attempt(one: Callable[[Any], Result], item: Any) -> Result:
    try:
        return one(item)
    except ApiError as error:
        return {"success": False, "errors": [error.in_collection()]}


def _rolled_back() -> Result:
    text = "Record rolled back because not all records were valid and the request was using AllOrNone header"
    error = ApiError(400, "ALL_OR_NONE_OPERATION_ROLLED_BACK", text, [])
    return {"success": False, "errors": [error.in_collection()]}
