"""Change events of one committed transaction, in the shape the event relay puts on a bus.

Source: vendors/salesforce.md, sections 6.1 and 6.2.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sandbox.salesforce_platform.org import Change, Org, Row, Transaction
from sandbox.salesforce_platform.schema import Field, SObject
from sandbox.salesforce_platform.values import unstamp

_FIRST_COMMIT = 9_007_199_254_741_000_000  # past 2^53, as the vendor's are
Event = dict[str, Any]
"""{"entity", "commit_at" (ISO), "detail": {"payload": {"ChangeEventHeader": ..., fields}}}"""

_NEVER = frozenset({"Id", "IsDeleted", "SystemModstamp"})


def detail_type(entity: str) -> str:
    """`OpportunityChangeEvent`; of a custom object `My_Object__ChangeEvent`."""
    return f"{entity.removesuffix('c')}ChangeEvent" if entity.endswith("__c") else f"{entity}ChangeEvent"


def captured(org: Org, tx: Transaction, changes: list[Change], wanted: frozenset[str]) -> list[Event]:
    """In order of sequenceNumber; the same change to several records is one event with several ids."""
    merged: dict[str, tuple[Change, dict[str, Any], list[str], list[str]]] = {}
    for change in changes:
        if change.sobject.name not in wanted:
            continue
        shape = _shape(org, change)
        if shape is None:
            continue
        kind, payload, names = shape
        key = f"{change.sobject.name} {kind} {payload!r} {names!r}"
        if key in merged:
            merged[key][3].append(change.record_id)
        else:
            merged[key] = (change, payload, names, [change.record_id])
    if not merged:
        return []
    header = _header(org, tx)
    events = []
    for sequence, (change, payload, names, ids) in enumerate(merged.values(), 1):
        own = {"entityName": change.sobject.name, "recordIds": ids, "changeType": _kind(change)}
        whole = own | header | {"sequenceNumber": sequence, "changedFields": names}
        if org.settings.event_nulls == "explicit":
            whole["nulledFields"] = [name for name in names if payload.get(name, 0) is None]
            whole["diffFields"] = []
        events.append(_event(org, change.sobject, tx, {"ChangeEventHeader": whole} | payload))
    return events


def _event(org: Org, sobject: SObject, tx: Transaction, payload: dict[str, Any]) -> Event:
    detail: dict[str, Any] = {"payload": payload}
    if org.settings.event_extras:
        detail |= {"schemaId": f"{sobject.name[:12]}Schema000", "id": str(uuid.uuid4())}
    return {"entity": sobject.name, "commit_at": f"{tx.now}Z", "detail": detail}


def _header(org: Org, tx: Transaction) -> dict[str, Any]:
    client = f";client={tx.actor.client}" if tx.actor.client else ""
    return {
        "changeOrigin": f"com/salesforce/api/rest/{tx.actor.version}{client}",
        "transactionKey": str(uuid.uuid4()),
        "commitTimestamp": int(unstamp(tx.now).timestamp() * 1000),
        "commitNumber": _FIRST_COMMIT + org.next_number("commit"),
        "commitUser": tx.actor.user_id,
    }


def _kind(change: Change) -> str:
    if change.before is None:
        return "CREATE"
    if change.after["IsDeleted"] != change.before["IsDeleted"]:
        return "DELETE" if change.after["IsDeleted"] else "UNDELETE"
    return "UPDATE"


def _shape(org: Org, change: Change) -> tuple[str, dict[str, Any], list[str]] | None:
    """(change type, payload, changedFields); None for a system change nobody is told of."""
    kind, row, before = _kind(change), change.after, change.before
    if kind == "DELETE":
        return kind, {}, []
    sendable = [one for one in change.sobject.fields.values() if _sendable(org, one)]
    if kind == "CREATE" or before is None:
        return kind, _payload(org, row, [one for one in sendable if row.get(one.name) is not None]), []
    changed = [one for one in sendable if row.get(one.name) != before.get(one.name)]
    if not changed:
        return None
    told = changed if org.settings.event_nulls == "explicit" else [x for x in changed if row.get(x.name) is not None]
    return kind, _payload(org, row, told), [one.compound or one.name for one in changed]


def _sendable(org: Org, one: Field) -> bool:
    hidden = one.currency_only and not org.settings.multi_currency
    return one.name not in _NEVER and not one.calculated and not hidden


def _payload(org: Org, row: Row, fields: list[Field]) -> dict[str, Any]:
    """Compound parts nested: `"Name": {"LastName": "X"}`."""
    made: dict[str, Any] = {}
    for one in fields:
        value = _shown(org, one, row.get(one.name))
        if one.compound:
            outer, _, inner = one.compound.partition(".")
            made.setdefault(outer, {})[inner] = value
        else:
            made[one.name] = value
    return made


def _shown(org: Org, one: Field, value: Any) -> Any:
    if value is None or one.type not in ("datetime", "date"):
        return value
    if org.settings.event_instants == "iso":
        return f"{value}Z" if one.type == "datetime" else value
    moment = unstamp(value) if one.type == "datetime" else datetime.fromisoformat(value).replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def gap(event: Event, kind: str | None) -> Event:
    """The same event as a gap: who changed, but not what."""
    payload = event["detail"]["payload"]
    header = dict(payload["ChangeEventHeader"])
    header["changeType"] = kind or f"GAP_{header['changeType']}"
    header["changedFields"] = []
    return event | {"detail": event["detail"] | {"payload": {"ChangeEventHeader": header}}}


def with_ids(event: Event, ids: list[str]) -> Event:
    """The same event about more records (or a wildcard) besides."""
    payload = event["detail"]["payload"]
    header = payload["ChangeEventHeader"]
    more = header | {"recordIds": [*header["recordIds"], *ids]}
    return event | {"detail": event["detail"] | {"payload": payload | {"ChangeEventHeader": more}}}
