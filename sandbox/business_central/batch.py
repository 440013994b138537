"""`$batch` in JSON: each request by itself, or all or nothing with `Isolation: snapshot`.

The documentation's own example shows the trap: in a batch that is taken back, the parts that went well say 200 all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.business_central.book import Book
from sandbox.business_central.call import Answer, Call
from sandbox.business_central.errors import Refused, bad_request

MOST = 100
_HEADERS = {"content-type": "application/json; odata.metadata=minimal", "odata-version": "4.0"}


class _TakenBack(Exception):
    """A part failed: nothing of the batch stays."""


class Batch:
    def __init__(self, book: Book, one: Callable[[Call], Answer]) -> None:
        self._book, self._one = book, one

    def answer(self, call: Call, language: str) -> Answer:
        """Raises Refused 400 for a body that is no batch."""
        body = call.body
        requests = body.get("requests") if isinstance(body, Mapping) else None
        if not isinstance(requests, list) or not all(isinstance(one, Mapping) for one in requests):
            raise bad_request("batch_shape")
        if len(requests) > MOST:
            raise bad_request("batch_size", count=len(requests), most=MOST)
        calls = [(one.get("id"), _call_of(call, one)) for one in requests]
        responses: list[dict[str, Any]] = []
        if call.headers.get("isolation", "").lower() != "snapshot":
            responses = [self._response(key, part, language) for key, part in calls]
            return Answer(200, {"responses": responses})
        try:
            with self._book.transaction():
                for key, part in calls:
                    responses.append(self._response(key, part, language))
                    if responses[-1]["status"] >= 400:
                        raise _TakenBack
        except _TakenBack:
            pass  # the answers so far are told, whatever they say
        return Answer(200, {"responses": responses})

    def _response(self, key: object, part: Call, language: str) -> dict[str, Any]:
        try:
            answer = self._one(part)
        except Refused as refused:
            wanted = part.headers.get("accept-language", language)
            return {"id": key, "status": refused.status, "headers": _HEADERS, "body": refused.body(wanted)}
        if answer.body is None:
            return {"id": key, "status": answer.status, "headers": answer.headers}
        return {"id": key, "status": answer.status, "headers": _HEADERS | answer.headers, "body": answer.body}


def _call_of(outer: Call, one: Mapping[str, Any]) -> Call:
    """A part's url is relative to `api/v2.0`, or absolute under it."""
    url = urlsplit(str(one.get("url", "")))
    path = unquote(url.path)
    own = urlsplit(outer.root).path
    path = path.removeprefix(own).strip("/") if path.startswith("/") else path
    company = {"company": outer.params["company"]} if "company" in outer.params else {}
    headers = company | {str(name).lower(): str(value) for name, value in dict(one.get("headers") or {}).items()}
    params = dict(parse_qsl(url.query, keep_blank_values=True))
    return Call(str(one.get("method", "GET")).upper(), path, outer.root, params, headers, one.get("body") or {})
