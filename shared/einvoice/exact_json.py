"""JSON read without losing anything: numbers keep their text, a key given twice is a fault."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from shared.einvoice.exact_numbers import quoted
from shared.einvoice.faulty import Faulty

LARGEST = 100 * 1024 * 1024
"""Bytes of one document: some 500,000 lines."""


class JsonNumber(str):
    """The text of a number that stood in JSON without quotes; a program may already have read it as a float."""

    __slots__ = ()


class Twice(dict[str, Any]):
    """An object some of whose keys stood twice."""

    keys_twice: tuple[str, ...] = ()


def read_json(body: bytes) -> Any:
    """Raises Faulty for what is no UTF-8, no JSON, or larger than LARGEST."""
    if len(body) > LARGEST:
        _refuse(f"larger than {LARGEST // 1024 // 1024} MB")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        _refuse(f"not UTF-8: byte {exc.start} is 0x{body[exc.start]:02x}")
    if not text.strip():
        _refuse("empty, expected one JSON object")
    try:
        return json.loads(
            text,
            parse_float=JsonNumber,
            parse_int=JsonNumber,
            parse_constant=JsonNumber,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as exc:
        _refuse(f"not JSON: line {exc.lineno}, column {exc.colno}: {exc.msg}")
    except RecursionError:
        _refuse("not an invoice: nested too deeply")


def kind_of(value: object) -> str:
    """What a value is, in a reader's words."""
    if isinstance(value, JsonNumber):
        return f"the JSON number {value[:40]}"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return "an array" if isinstance(value, list) else "an object"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    marked = Twice(found)
    marked.keys_twice = tuple(sorted({key for key in keys if keys.count(key) > 1}))
    return marked


def _refuse(words: str) -> NoReturn:
    raise Faulty([f"input: {words}"]) from None
