"""Counts that an operator reads: a durable total per name, and a metric with dimensions.

pk CNT#<name>#<shard>, sk HEAD; by_owner COUNTS / <name>; `counted` is the number.
"""

from __future__ import annotations

import random

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.rows import HEAD, number, text
from shared.adapters.writes import update_where

SHARDS = 4
"""A storm of duplicates must not wait in line for one row."""

NAMESPACE = "Billweave"


class DynamoCounts:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def add(self, name: str, amount: int = 1, **dimensions: str) -> None:
        shard = random.randrange(SHARDS)
        change = "SET gsi1pk = :owner, gsi1sk = :name ADD counted :amount"
        values: dict[str, str | int] = {":owner": "COUNTS", ":name": name, ":amount": amount}
        self._table.write(update_where(f"CNT#{name}#{shard}", HEAD, change, "", values))
        emit(name, amount, dimensions)

    def read(self) -> dict[str, int]:
        totals: dict[str, int] = {}
        for row in self._table.by("by_owner", "COUNTS"):
            name = text(row, "gsi1sk")
            totals[name] = totals.get(name, 0) + number(row, "counted")
        return totals


def emit(name: str, amount: int, dimensions: dict[str, str]) -> None:
    """One line of CloudWatch's embedded metric format."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name=name, unit=MetricUnit.Count, value=amount, namespace=NAMESPACE) as metric:
        for dimension, value in dimensions.items():
            metric.add_dimension(dimension, value)
