"""Single writes as DynamoDB wants them in a transaction: {"Put": {...}} and so on, without the table's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.adapters.rows import Row, as_item, as_value

Write = dict[str, dict[str, Any]]
_OLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def put(row: Row) -> Write:
    return {"Put": {"Item": as_item(row)}}


def put_new(row: Row) -> Write:
    """Uniqueness is a key: refused if a row with this key exists."""
    return {"Put": {"Item": as_item(row), "ConditionExpression": "attribute_not_exists(pk)"}}


def put_newer(row: Row) -> Write:
    """Refused, showing the row that stands, unless `sequence` is past it."""
    condition = "attribute_not_exists(pk) OR #sequence < :sequence"
    return {
        "Put": {
            "Item": as_item(row),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#sequence": "sequence"},
            "ExpressionAttributeValues": {":sequence": as_value(row["sequence"])},
            **_OLD,
        }
    }


def put_following(
    row: Row, previous: int | None, *, standing: str = "", revision: int = 0, given_up: str = ""
) -> Write:
    """Refused, showing the row that stands, unless that has exactly the sequence `previous`, this revision of it and,
    where the row says it, `standing`; None: no row stands. A row from before there were revisions has revision 0.

    given_up: the mark of write-offs that it must have, "" for none.
    """
    if previous is None:
        return {"Put": {"Item": as_item(row), "ConditionExpression": "attribute_not_exists(pk)", **_OLD}}
    same = "#revision = :revision" if revision else "(attribute_not_exists(#revision) OR #revision = :revision)"
    marked = "given_up = :given_up" if given_up else "attribute_not_exists(given_up)"
    stands = "(attribute_not_exists(standing) OR standing = :standing)"
    values = {":sequence": as_value(previous), ":revision": as_value(revision), ":standing": as_value(standing)}
    if given_up:
        values[":given_up"] = as_value(given_up)
    return {
        "Put": {
            "Item": as_item(row),
            "ConditionExpression": f"#sequence = :sequence AND {stands} AND {same} AND {marked}",
            "ExpressionAttributeNames": {"#sequence": "sequence", "#revision": "revision"},
            "ExpressionAttributeValues": values,
            **_OLD,
        }
    }


def put_over(row: Row, revision: int) -> Write:
    """Refused if somebody wrote since `revision` was read; 0: the row must not exist."""
    if revision == 0:
        return put_new(row)
    return put_where(row, "revision = :revision", {":revision": revision})


def put_where(row: Row, condition: str, values: Mapping[str, str | int]) -> Write:
    named = {name: as_value(value) for name, value in values.items()}
    return {"Put": {"Item": as_item(row), "ConditionExpression": condition, "ExpressionAttributeValues": named, **_OLD}}


def update_where(pk: str, sk: str, change: str, condition: str, values: Mapping[str, str | int]) -> Write:
    """condition: "" for none. `status` is a reserved word of DynamoDB: write #status, its name is always told."""
    update: dict[str, Any] = {
        "Key": as_item({"pk": pk, "sk": sk}),
        "UpdateExpression": change,
    }
    if condition:
        update |= {"ConditionExpression": condition, **_OLD}
    if values:
        update["ExpressionAttributeValues"] = {name: as_value(value) for name, value in values.items()}
    if "#status" in change + condition:
        update["ExpressionAttributeNames"] = {"#status": "status"}
    return {"Update": update}


def delete(pk: str, sk: str) -> Write:
    return {"Delete": {"Key": as_item({"pk": pk, "sk": sk})}}


def delete_where(pk: str, sk: str, condition: str, values: Mapping[str, str | int]) -> Write:
    named = {name: as_value(value) for name, value in values.items()}
    key = as_item({"pk": pk, "sk": sk})
    return {"Delete": {"Key": key, "ConditionExpression": condition, "ExpressionAttributeValues": named}}
