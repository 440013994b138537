"""The one table: reads that are consistent unless an index is asked, and writes that are all or nothing.

Keys `pk` and `sk`; indexes by_owner (gsi1pk, gsi1sk), by_external_id (ext, pk), by_correlation (correlation, gsi1sk) and
by_unpublished (unpublished, gsi1sk). An index may lag behind, the table does not.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws_faults import BUSY, aws_faults, error_code
from shared.adapters.rows import Row, as_item, as_row, as_value
from shared.adapters.writes import Write
from shared.faults import Throttled, Transient
from shared.ports.flow import Clock

TRANSACTION_WRITES = 100
_READ_AT_ONCE = 100
_WRITTEN_AT_ONCE = 25
_TRIES = 6
_INDEX_KEYS = {
    "by_owner": ("gsi1pk", "gsi1sk"),
    "by_external_id": ("ext", "pk"),
    "by_correlation": ("correlation", "gsi1sk"),
    "by_unpublished": ("unpublished", "gsi1sk"),
}


class Refused(Exception):
    """Conditions that did not hold: the row that stands (None: there is none, or it was not asked for) per write."""

    def __init__(self, rows: Mapping[int, Row | None]) -> None:
        super().__init__(f"writes {sorted(rows)} refused")
        self.rows = dict(rows)


class DynamoTable:
    """client: boto3's DynamoDB client. clock: stamps what is written. pause: sleeps between tries, in seconds."""

    def __init__(self, client: Any, name: str, clock: Clock, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._client, self._name, self.clock, self._pause = client, name, clock, pause

    def get(self, pk: str, sk: str) -> Row | None:
        with aws_faults():
            answer = self._client.get_item(TableName=self._name, Key=as_item({"pk": pk, "sk": sk}), ConsistentRead=True)
        return as_row(answer["Item"]) if "Item" in answer else None

    def get_all(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Row]:
        """The rows there are, by key; those that are not are left out."""
        found: dict[tuple[str, str], Row] = {}
        for start in range(0, len(keys), _READ_AT_ONCE):
            for row in self._batch([as_item({"pk": pk, "sk": sk}) for pk, sk in keys[start : start + _READ_AT_ONCE]]):
                found[str(row["pk"]), str(row["sk"])] = row
        return found

    def _batch(self, keys: list[Any]) -> Iterator[Row]:
        for attempt in range(_TRIES):
            request = {self._name: {"Keys": keys, "ConsistentRead": True}}
            with aws_faults():
                answer = self._client.batch_get_item(RequestItems=request)
            yield from (as_row(item) for item in answer["Responses"].get(self._name, []))
            keys = answer.get("UnprocessedKeys", {}).get(self._name, {}).get("Keys", [])
            if not keys:
                return
            self._back_off(attempt)
        raise Throttled("aws_busy", 1, operation="BatchGetItem")

    def of(self, pk: str, sk_prefix: str = "") -> Iterator[Row]:
        """Rows of one key in rising order of sk, consistent."""
        values = {":pk": pk} | ({":sk": sk_prefix} if sk_prefix else {})
        condition = "pk = :pk AND begins_with(sk, :sk)" if sk_prefix else "pk = :pk"
        yield from self._query(values, KeyConditionExpression=condition, ConsistentRead=True)

    def count_of(self, pk: str, sk_prefix: str) -> int:
        """As `of`, counted only."""
        query = {
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ConsistentRead": True,
            "Select": "COUNT",
        }
        return sum(int(page["Count"]) for page in self._pages({":pk": pk, ":sk": sk_prefix}, **query))

    def by(self, index: str, owner: str, *, after: str | None = None, prefix: str | None = None) -> Iterator[Row]:
        """Rows of an index in rising order; after: past this sort key; prefix: sort keys that begin so."""
        partition, sort = _INDEX_KEYS[index]
        values, condition = {":owner": owner}, f"{partition} = :owner"
        if after is not None:
            values[":sort"], condition = after, f"{condition} AND {sort} > :sort"
        elif prefix is not None:
            values[":sort"], condition = prefix, f"{condition} AND begins_with({sort}, :sort)"
        yield from self._query(values, IndexName=index, KeyConditionExpression=condition)

    def events_between(self, start: str, to: str) -> Iterator[Row]:
        """Event rows whose moment lies between, both included, in no order. Reads the whole table: only a replay does it."""
        request = {
            "TableName": self._name,
            "FilterExpression": "begins_with(pk, :event) AND gsi1sk BETWEEN :start AND :to",
            "ExpressionAttributeValues": as_item({":event": "EVT#", ":start": start, ":to": f"{to}~"}),
        }
        while True:
            with aws_faults():
                page = self._client.scan(**request)
            yield from (as_row(item) for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def count(self, index: str, owner: str) -> int:
        """How many rows an index has under one owner; they are counted where they lie."""
        values, condition = {":owner": owner}, f"{_INDEX_KEYS[index][0]} = :owner"
        pages = self._pages(values, IndexName=index, KeyConditionExpression=condition, Select="COUNT")
        return sum(int(page["Count"]) for page in pages)

    def _query(self, values: Mapping[str, str], **query: Any) -> Iterator[Row]:
        for page in self._pages(values, **query):
            yield from (as_row(item) for item in page["Items"])

    def _pages(self, values: Mapping[str, str], **query: Any) -> Iterator[Any]:
        named = {name: as_value(value) for name, value in values.items()}
        request = {"TableName": self._name, "ExpressionAttributeValues": named, **query}
        while True:
            with aws_faults():
                page = self._client.query(**request)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def write(self, *writes: Write) -> None:
        """All or nothing, at most 100. Raises Refused when a condition did not hold.

        A single write costs half of a transaction and is made without one.
        """
        if len(writes) == 1:
            self._write_one(writes[0])
            return
        items = [{kind: {**body, "TableName": self._name} for kind, body in write.items()} for write in writes]
        for attempt in range(_TRIES):
            try:
                with aws_faults():
                    self._transact(items)
                return
            except _Conflict:
                self._back_off(attempt)
        raise Transient("write_conflict", writes=str(len(writes)))

    def change(self, update: Write) -> Row:
        """One Update, and the row as it then stands. Raises Refused when its condition did not hold."""
        changed = self._write_one({"Update": {**update["Update"], "ReturnValues": "ALL_NEW"}})
        return as_row(changed["Attributes"])

    def put_all(self, rows: Sequence[Row]) -> None:
        """Each by itself, over whatever stands: for rows that nobody else changes. A fifth of the calls, no dearer.

        Raises Throttled with some of them written.
        """
        for start in range(0, len(rows), _WRITTEN_AT_ONCE):
            self._put_some([{"PutRequest": {"Item": as_item(row)}} for row in rows[start : start + _WRITTEN_AT_ONCE]])

    def _put_some(self, left: list[Any]) -> None:
        for attempt in range(_TRIES):
            with aws_faults():
                answer = self._client.batch_write_item(RequestItems={self._name: left})
            left = answer.get("UnprocessedItems", {}).get(self._name, [])
            if not left:
                return
            self._back_off(attempt)
        raise Throttled("aws_busy", 1, operation="BatchWriteItem")

    def _transact(self, items: list[Any]) -> None:
        try:
            self._client.transact_write_items(TransactItems=items)
        except ClientError as error:
            if error_code(error) in ("TransactionConflictException", "TransactionInProgressException"):
                raise _Conflict from None
            if error_code(error) != "TransactionCanceledException":
                raise
            raise _reason_of(error) from None

    def _write_one(self, write: Write) -> Any:
        ((kind, body),) = write.items()
        call = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}[kind]
        for attempt in range(_TRIES):
            try:
                with aws_faults():
                    return self._single(call, body)
            except _Conflict:
                self._back_off(attempt)
        raise Transient("write_conflict", writes="1")

    def _single(self, call: str, body: Mapping[str, Any]) -> Any:
        try:
            return getattr(self._client, call)(TableName=self._name, **body)
        except ClientError as error:
            if error_code(error) == "TransactionConflictException":
                raise _Conflict from None
            if error_code(error) != "ConditionalCheckFailedException":
                raise
            item: Any = error.response.get("Item")
            raise Refused({0: as_row(item) if item else None}) from None

    def _back_off(self, attempt: int) -> None:
        """20, 40, ... 640 ms at most, at random: those who met each other part."""
        self._pause(random.uniform(0.5, 1.0) * 0.02 * 2**attempt)


class _Conflict(Exception):
    """Another transaction was at the same rows: the same write again may go through."""


def _reason_of(error: ClientError) -> Exception:
    """A cancelled transaction by its worst reason: a condition that failed, else throttling, else a conflict."""
    reasons: Any = error.response.get("CancellationReasons", [])
    codes = [str(reason.get("Code", "None")) for reason in reasons]
    refused = {
        place: as_row(reason["Item"]) if reason.get("Item") else None
        for place, reason in enumerate(reasons)
        if reason.get("Code") == "ConditionalCheckFailed"
    }
    if refused:
        return Refused(refused)
    if "TransactionConflict" in codes:
        return _Conflict()
    if any(code in BUSY or f"{code}Exception" in BUSY or code == "ThrottlingError" for code in codes):
        return Throttled("aws_busy", 1, operation="TransactWriteItems")
    return Transient("aws_refused", operation="TransactWriteItems", reasons=",".join(sorted(set(codes))))
