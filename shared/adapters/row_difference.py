"""What a dry run would change, row by row and line by line, in canonical form: keys sorted, the body as its fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from shared.adapters.rows import Row

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
    fields: dict[str, Any] = {name: value for name, value in row.items() if name not in _MARKS | {"pk", "sk"}}
    if isinstance(fields.get("body"), str):
        body = _parsed(fields.pop("body"))
        fields |= body if isinstance(body, dict) else {"body": body}
    return dict(sorted(_flat("", fields)))


def _of_row(key: Key, before: Row | None, after: Row | None) -> Iterator[str]:
    if key[0].startswith(_NOT_STATE):
        return
    was, now = canonical(before), canonical(after)
    name = " ".join(key)
    for field in sorted(was.keys() | now.keys()):
        if was.get(field) == now.get(field):
            continue
        if field in was:
            yield f"- {name} {field}: {was[field]}"
        if field in now:
            yield f"+ {name} {field}: {now[field]}"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name not in _NEVER_SHOWN:
                yield from _flat(f"{prefix}.{name}" if prefix else str(name), each)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _flat(f"{prefix}[{place}]", each)
    else:
        yield prefix, json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
