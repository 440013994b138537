"""Writes that no caller's fields stand behind: a trigger's, the platform's, the first ones of a fresh org."""

from __future__ import annotations

from typing import Any

from sandbox.salesforce_platform.org import Org, Row


def plant(org: Org, name: str, values: dict[str, Any], user_id: str) -> str:
    """A row put past the rules of the API, for what no API can create. Inside a transaction; returns its id."""
    sobject, now = org.schema.objects[name], org.open_transaction().now
    row: dict[str, Any] = {
        one.name: False if one.type == "boolean" else None for one in sobject.fields.values() if not one.formula
    }
    row |= {"CreatedDate": now, "LastModifiedDate": now, "SystemModstamp": now}
    row |= {"CreatedById": user_id, "LastModifiedById": user_id} | values
    row["Id"] = row["Id"] or org.new_id(sobject.prefix)
    org.write(name, row)
    return str(row["Id"])


def system_write(org: Org, name: str, before: Row, changed: Row) -> None:
    """A write the platform makes on behalf of the caller; no write when nothing differs."""
    if changed == before:
        return
    tx = org.open_transaction()
    stamps = {"LastModifiedDate": tx.now, "LastModifiedById": tx.actor.user_id, "SystemModstamp": tx.now}
    org.write(name, changed | stamps)


def system_delete(org: Org, name: str, row: Row) -> None:
    """Into the recycle bin, past the rules of the API; what hangs under it is the caller's affair."""
    system_write(org, name, row, row | {"IsDeleted": True})
