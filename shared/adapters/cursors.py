"""Where each feed's poll stands: pk CUR#<feed>, sk HEAD; `body` is the cursor as JSON text with sorted names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import HEAD, Row, text
from shared.adapters.writes import Write, put_new, put_where


class DynamoCursors:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def read(self, feed: str) -> Mapping[str, Any]:
        """Empty for a feed that was never polled."""
        row = self._table.get(f"CUR#{feed}", HEAD)
        return dict(json.loads(text(row, "body"))) if row else {}

    def write(self, feed: str, cursor: Mapping[str, Any], *, expected: Mapping[str, Any]) -> bool:
        row: Row = {"pk": f"CUR#{feed}", "sk": HEAD, "body": _text(cursor)}
        try:
            self._table.write(_over(row, expected))
        except Refused:
            return False
        return True


def _over(row: Row, expected: Mapping[str, Any]) -> Write:
    return put_where(row, "body = :expected", {":expected": _text(expected)}) if expected else put_new(row)


def _text(cursor: Mapping[str, Any]) -> str:
    return json.dumps(dict(cursor), sort_keys=True, separators=(",", ":"))
