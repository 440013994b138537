"""What a dry run would change, row by row and line by line, in canonical form: keys sorted, the body as its fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from shared.adapters.rows import Row
from shared.domain.difference import changes, fields, lines, text

Key = tuple[str, str]
Changes = Mapping[Key, tuple[Row | None, Row | None]]
_NOT_STATE = ("CNT#", "SLOT#", "TURN#")
_MARKS = frozenset({"revision", "unpublished", "written_at", "published_at", "parked_at"})
"""Say when and how often a row was written, not what it says."""

_NEVER_SHOWN = frozenset({"task_token"})


def difference(changes: Changes) -> list[str]:
    """ "+ WIP#1 ITEM value.amount: 150.00" for what comes, "- ..." for what goes; nothing for a row that says the same."""
    return [line for key in sorted(changes) for line in _of_row(key, *changes[key])]


def canonical(row: Row | None) -> dict[str, str]:
    """Field -> value as text. Two rows that say the same have the same, to the byte."""
    if row is None:
        return {}
    said: dict[str, Any] = {name: value for name, value in row.items() if name not in _MARKS | {"pk", "sk"}}
    if isinstance(said.get("body"), str):
        body = _parsed(said.pop("body"))
        said |= body if isinstance(body, dict) else {"body": body}
    return {name: text(value) for name, value in fields(said, unseen=_NEVER_SHOWN).items()}


def _of_row(key: Key, before: Row | None, after: Row | None) -> Iterator[str]:
    if key[0].startswith(_NOT_STATE):
        return
    yield from lines(" ".join(key), changes(canonical(before), canonical(after)))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
