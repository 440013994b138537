"""Bodies: JSON, or Rails' structured form encoding (`invoice[fixed_fee_items][][amount]=500`)."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.kantata.errors import bad_request

_PART = re.compile(r"\[([^\]]*)\]")


async def read_body(request: Request) -> dict[str, Any]:
    """The body as a dict, empty for none. Recorded clients send a form with no or a wrong content type, so what does
    not start like JSON is read as a form. Raises 400."""
    raw = await request.body()
    text = raw.decode("utf-8", "replace").strip()
    if not text:
        return {}
    if text[0] not in "{[" and "json" not in request.headers.get("content-type", ""):
        return parse_form(text)
    try:
        body = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as exc:
        raise bad_request("There was a problem in the JSON you submitted") from exc
    if not isinstance(body, dict):
        raise bad_request("The body must be a JSON object")
    return body


def parse_form(text: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        head, _, _ = key.partition("[")
        _set(result, [head, *_PART.findall(key)], value)
    return result


def _set(target: dict[str, Any], path: list[str], value: str) -> None:
    name, rest = path[0], path[1:]
    if not rest:
        target[name] = value
    elif rest[0] != "":
        _set(target.setdefault(name, {}), rest, value)
    elif len(rest) == 1:
        target.setdefault(name, []).append(value)
    else:
        items = target.setdefault(name, [])
        if not items or rest[1] in items[-1]:  # a key seen again starts the next element
            items.append({})
        _set(items[-1], rest[1:], value)
