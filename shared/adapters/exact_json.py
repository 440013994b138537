"""JSON text with Decimals as exact numbers. The standard encoder only knows binary floats, which no amount may pass."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal


def exact_json(value: object) -> bytes:
    """UTF-8 JSON of maps, lists, texts, truth values, None, ints and Decimals.

    Raises TypeError for anything else, a float above all.
    """
    return _text(value).encode()


def _text(value: object) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if value is None or isinstance(value, (str, bool, int)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(name))}:{_text(part)}" for name, part in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return "[" + ",".join(_text(part) for part in value) + "]"
    raise TypeError(f"no exact JSON for {type(value).__name__}")
