"""Create, update, upsert and delete of one record, as REST, collections and composite all do them.

Source: vendors/salesforce.md, sections 5.3 and 8.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sandbox.salesforce_platform import rules
from sandbox.salesforce_platform.errors import ApiError, entity_deleted, no_such_column, not_found
from sandbox.salesforce_platform.ids import to18
from sandbox.salesforce_platform.org import Actor, Org, Row
from sandbox.salesforce_platform.schema import Field, SObject
from sandbox.salesforce_platform.values import coerce


class Records:
    """`allow_duplicates` is the `Sforce-Duplicate-Rule-Header: allowSave=true` of the call."""

    def __init__(self, org: Org) -> None:
        self.org = org

    def create(self, actor: Actor, sobject: SObject, body: Mapping[str, Any], allow_duplicates: bool = False) -> str:
        """The new record's id. Raises ApiError; then nothing is written."""
        with self.org.transaction(actor) as tx:
            given = self._given(sobject, body, creating=True)
            row: Row = {
                n: False if one.type == "boolean" else None for n, one in sobject.fields.items() if not one.formula
            }
            row |= {name: coerce(one, one.default) for name, one in sobject.fields.items() if one.default is not None}
            row |= {"Id": "", "CreatedDate": tx.now, "CreatedById": actor.user_id}
            row |= given
            if "OwnerId" in row and row["OwnerId"] is None:
                row["OwnerId"] = actor.user_id
            self._currency(sobject, row)
            self.org.triggers.before_save(self.org, sobject, row, None, given)
            self._check(sobject, row, given, None, allow_duplicates)
            row["Id"] = self.org.new_id(sobject.prefix)
            self._save(actor, sobject, row, tx.now)
            self.org.triggers.after_save(self.org, sobject, row, None)
            return str(row["Id"])

    def update(self, actor: Actor, sobject: SObject, record_id: str, body: Mapping[str, Any]) -> None:
        with self.org.transaction(actor) as tx:
            before = self.find(actor, sobject, record_id)
            given = self._given(sobject, body, creating=False)
            row = before | given
            self.org.triggers.before_save(self.org, sobject, row, before, given)
            self._check(sobject, row, given, before, True)
            self._save(actor, sobject, row, tx.now)
            self.org.triggers.after_save(self.org, sobject, row, before)

    def upsert(
        self, actor: Actor, sobject: SObject, key: Field, value: str, body: Mapping[str, Any]
    ) -> tuple[str, bool]:
        """(id, created). Raises ApiError 300 with the list of record URLs when the value is not unique."""
        self._refuse_keys(sobject, key, body)
        with self.org.transaction(actor):
            found = self.find_by_key(actor, sobject, key, value)
            if found is not None:
                self.update(actor, sobject, found["Id"], body)
                return str(found["Id"]), False
            return self.create(actor, sobject, {**body, key.name: value}), True

    def delete(self, actor: Actor, sobject: SObject, record_id: str) -> None:
        """Into the recycle bin, with all that hangs under it."""
        with self.org.transaction(actor) as tx:
            row = self.find(actor, sobject, record_id)
            self.org.triggers.before_delete(self.org, sobject, row)
            self._save(actor, sobject, row | {"IsDeleted": True}, tx.now)
            for child, one in list(self.org.schema.children_of(sobject.name)):
                for child_id in self.org.tables[child.name].having(one.name, row["Id"]):
                    if self.org.get(child.name, child_id) and one.cascade:
                        self.delete(actor, child, child_id)
            self.org.triggers.after_save(self.org, sobject, row | {"IsDeleted": True}, row)

    def find(self, actor: Actor, sobject: SObject, record_id: str) -> Row:
        """Raises MALFORMED_ID, NOT_FOUND (also for a row the user cannot see) or ENTITY_IS_DELETED."""
        whole = to18(record_id)
        if whole is None:
            raise ApiError(400, "MALFORMED_ID", f"{sobject.label} ID: id value of incorrect type: {record_id}", ["Id"])
        row = self.org.tables[sobject.name].rows.get(whole)
        if row is None:
            raise not_found()
        if row["IsDeleted"]:
            raise entity_deleted()
        sees = self.org.triggers.sight(self.org, actor.user_id, sobject)
        if sees is not None and not sees(row):
            raise not_found()
        return row

    def find_by_key(self, actor: Actor, sobject: SObject, key: Field, value: str) -> Row | None:
        if key.type == "id":
            return self.find(actor, sobject, value)
        wanted = coerce(key, value)
        found = [self.org.get(sobject.name, each) for each in self.org.tables[sobject.name].having(key.name, wanted)]
        rows = [row for row in found if row is not None]
        if len(rows) > 1:
            base = f"/services/data/v{actor.version}/sobjects/{sobject.name}"
            raise ApiError(300, "MULTIPLE_CHOICES", "The value is not unique", urls=[f"{base}/{r['Id']}" for r in rows])
        return rows[0] if rows else None

    def _refuse_keys(self, sobject: SObject, key: Field, body: Mapping[str, Any]) -> None:
        for name in body:
            if name.lower() in ("id", key.name.lower()):
                raise ApiError(
                    400,
                    "INVALID_FIELD",
                    f"The {name} field should not be specified in the sobject data.",
                    [name],
                )

    def _given(self, sobject: SObject, body: Mapping[str, Any], creating: bool) -> Row:
        """The caller's fields by their true names, as kept. Unknown, unwritable and parent references by key too."""
        given: Row = {}
        locked: list[str] = []
        for name, raw in body.items():
            one = self._column(sobject, name)
            if name.lower() == "attributes":
                continue
            if one is None and name.lower() in sobject.parents and isinstance(raw, Mapping):
                given.update(self._parent_by_key(sobject.parents[name.lower()], raw))
                continue
            if one is None:
                raise no_such_column(name, sobject.name)
            if one.read_only or (one.create_only and not creating):
                locked.append(one.name)
                continue
            given[one.name] = coerce(one, raw)
        if locked:
            raise ApiError(
                400,
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                f"Unable to create/update fields: {', '.join(locked)}. Please check the security settings of this "
                "field and verify that it is read/write for your profile or permission set.",
                locked,
            )
        return given

    def _column(self, sobject: SObject, name: str) -> Field | None:
        one = sobject.by_lower.get(name.lower())
        return None if one and one.currency_only and not self.org.settings.multi_currency else one

    def _parent_by_key(self, reference: Field, raw: Mapping[str, Any]) -> Row:
        """`{"Account": {"Fabric_Key__c": "x"}}` -> {"AccountId": id}."""
        parent = self.org.schema.objects[reference.to]
        keys = [(name, value) for name, value in raw.items() if name != "attributes"]
        one = parent.by_lower.get(keys[0][0].lower()) if len(keys) == 1 else None
        if one is None or not (one.external_id or one.type == "id"):
            raise ApiError(400, "INVALID_FIELD", f"Cannot reference a foreign key field {reference.relationship}.")
        value = coerce(one, keys[0][1])
        ids = [value] if one.type == "id" else self.org.tables[parent.name].having(one.name, value)
        found = [each for each in ids if each and self.org.get(parent.name, each)]
        if len(found) != 1:
            raise ApiError(
                400,
                "INVALID_FIELD",
                f"Foreign key external ID: {str(value).lower()} not found for field {one.name} in entity {parent.name}",
            )
        return {reference.name: found[0]}

    def _currency(self, sobject: SObject, row: Row) -> None:
        if "CurrencyIsoCode" in sobject.fields and row.get("CurrencyIsoCode") is None:
            row["CurrencyIsoCode"] = self.org.settings.default_currency

    def _check(self, sobject: SObject, row: Row, given: Row, before: Row | None, allow_duplicates: bool) -> None:
        missing = [
            one.name
            for one in sobject.fields.values()
            if one.required and row.get(one.name) is None and (before is None or one.name in given)
        ]
        if missing:
            raise ApiError(
                400, "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(missing)}]", missing
            )
        for name in given:
            one = sobject.fields[name]
            if row[name] is not None and one.unique:
                self._unique(sobject, one, row)
            if row[name] is not None and one.type == "reference":
                self._refers(one, row[name])
        if given.get("CurrencyIsoCode"):
            rules.active_currency(self.org, given["CurrencyIsoCode"])
        if not allow_duplicates:
            rules.duplicate_rule(self.org, sobject, row)

    def _unique(self, sobject: SObject, one: Field, row: Row) -> None:
        for other in self.org.tables[sobject.name].having(one.name, row[one.name]):
            if other != row["Id"] and self.org.get(sobject.name, other):
                raise ApiError(
                    400,
                    "DUPLICATE_VALUE",
                    f"duplicate value found: {one.name} duplicates value on record with id: {other[:15]}",
                    [],
                )

    def _refers(self, one: Field, record_id: str) -> None:
        parent = self.org.schema.objects.get(one.to)
        if parent is None:
            return
        if record_id[:3] != parent.prefix:
            raise ApiError(400, "MALFORMED_ID", f"{one.label} ID: id value of incorrect type: {record_id}", [one.name])
        row = self.org.tables[parent.name].rows.get(record_id)
        if row is None:
            raise ApiError(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [one.name])
        if row["IsDeleted"]:
            raise ApiError(400, "ENTITY_IS_DELETED", "entity is deleted", [one.name])

    def _save(self, actor: Actor, sobject: SObject, row: Row, now: str) -> None:
        self._lock(sobject, row)
        row |= {"LastModifiedDate": now, "LastModifiedById": actor.user_id, "SystemModstamp": now}
        self.org.write(sobject.name, row)

    def _lock(self, sobject: SObject, row: Row) -> None:
        """A write needs its own row and the rows it hangs under; somebody else may hold one."""
        wanted = [row["Id"], *(row[name] for name in sobject.locking if row.get(name) is not None)]
        now = time.monotonic()
        held = [each for each in wanted if self.org.locks.get(each, 0) > now]
        if held:
            raise ApiError(
                400, "UNABLE_TO_LOCK_ROW", f"unable to obtain exclusive access to this record or {len(held)} records: "
                f"{','.join(held)}", []
            )  # fmt: skip
        self.org.open_transaction().locked.update(wanted)
