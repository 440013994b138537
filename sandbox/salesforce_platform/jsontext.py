"""JSON with exact numbers: Decimal in, Decimal out, never through binary floating point."""

from __future__ import annotations

import json
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Any

from sandbox.salesforce_platform.errors import ApiError


def _number(value: Decimal) -> str:
    text = format(value, "f")
    return text if "." in text else f"{text}.0"


def dumps(value: Any) -> str:
    """JSON text of dicts, lists, str, bool, int, None and Decimal; a Decimal is a JSON number with all its digits."""
    out: list[str] = []
    _write(value, out.append)
    return "".join(out)


def _write(value: Any, put: Any) -> None:
    if isinstance(value, str):
        put(encode_basestring_ascii(value))
    elif value is None or isinstance(value, bool | int):
        put(json.dumps(value))
    elif isinstance(value, Decimal):
        put(_number(value))
    elif isinstance(value, dict):
        opening = "{"
        for name, member in value.items():
            put(f"{opening}{encode_basestring_ascii(name)}:")
            _write(member, put)
            opening = ","
        put("{}" if opening == "{" else "}")
    elif isinstance(value, list | tuple):
        opening = "["
        for member in value:
            put(opening)
            _write(member, put)
            opening = ","
        put("[]" if opening == "[" else "]")
    else:
        raise TypeError(f"no JSON for {value!r}")


def loads(raw: bytes) -> Any:
    """A request body. Raises ApiError JSON_PARSER_ERROR."""
    try:
        return json.loads(raw, parse_float=Decimal)
    except (ValueError, RecursionError) as exc:
        raise ApiError(400, "JSON_PARSER_ERROR", f"Unexpected character or end of input: {exc}") from exc
