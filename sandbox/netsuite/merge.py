"""How an update meets what is there: fields overwrite, sublists merge by key, keyless lines are added.

Source: notes, section 3. The trap on purpose: repeating a PUT with keyless lines doubles them, unless `replace=`
names the sublist.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.netsuite.book import Record, clone
from sandbox.netsuite.fields import Field, RecordType

Line = dict[str, Any]


def merged(record_type: RecordType, existing: Record, given: dict[str, Any], replace: Collection[str]) -> Record:
    """A new record; lines touched by `given` carry `_given`, the names the request gave for them."""
    record: Record = clone(existing)
    for name, value in given.items():
        spec = record_type.fields.get(name)
        if value is None:
            record.pop(name, None)
        elif spec is not None and spec.kind == "sublist":
            before = [] if name in replace else record.get(name, [])
            record[name] = merge_lines(spec, before, value)
        elif spec is not None and spec.kind == "block":
            record[name] = {**record.get(name, {}), **{k: v for k, v in value.items() if v is not None}}
        else:
            record[name] = value
    return record


def merge_lines(spec: Field, before: list[Line], given: list[Line]) -> list[Line]:
    lines: list[Line] = clone(before)
    for update in given:
        found = _find(spec, lines, update)
        line = found if found is not None else {}
        for name, value in update.items():
            if value is None:
                line.pop(name, None)
            else:
                line[name] = value
        line["_given"] = sorted(update)
        if found is None:
            lines.append(line)
    if "line" in spec.inner:
        _number(lines)
    return lines


def _find(spec: Field, lines: list[Line], update: Line) -> Line | None:
    if all(update.get(name) is not None for name in spec.key):
        return next((line for line in lines if all(line.get(k) == update[k] for k in spec.key)), None)
    twin = spec.twin
    if twin and update.get(twin) is not None:
        return next((line for line in lines if line.get(twin) == update[twin]), None)
    return None


def _number(lines: list[Line]) -> None:
    """Lines without a number get the next free one."""
    highest = max((line["line"] for line in lines if line.get("line") is not None), default=0)
    for line in lines:
        if line.get("line") is None:
            highest += 1
            line["line"] = highest


def without_marks(record: Record) -> Record:
    """The record as it is stored."""
    for value in record.values():
        if isinstance(value, list):
            for line in value:
                line.pop("_given", None)
    return record
