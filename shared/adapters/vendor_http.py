"""One vendor's HTTP API: timeouts, tokens, exact numbers, and every failure as one of our faults.

Nothing secret is in a fault, a log line or a repr. Who calls decides about repeating; here nothing is repeated but a
request that was refused for an expired token, which therefore did nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx
from aws_lambda_powertools import Logger

from shared.adapters.correlation import correlation
from shared.adapters.vendor_answer import VendorResponse
from shared.adapters.vendor_token import TokenSource
from shared.faults import Fault, Poison, Transient

__all__ = ["FaultTable", "VendorHttp", "VendorResponse"]

FaultTable = Callable[[int, Mapping[str, str], bytes], Fault]
"""(status, headers, body) of an answer that is no success (300 and above) -> the fault it stands for. Never raises."""

LIMIT_BYTES = 20_000_000
CORRELATION_HEADER = "X-Correlation-Id"
_READS = frozenset({"GET", "HEAD"})
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class VendorHttp:
    """system: for facts and logs. tokens: None for an API without a bearer token.

    timeout_s: of one read or write on the connection; a connection is given up after 5 s. limit_bytes: an answer past
    it is Poison("vendor_answer_too_large"). transport: tests bring httpx.MockTransport.
    """

    def __init__(
        self,
        system: str,
        base_url: str,
        fault_of: FaultTable,
        *,
        tokens: TokenSource | None = None,
        timeout_s: float = 25.0,
        limit_bytes: int = LIMIT_BYTES,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.system, self._fault_of, self._tokens, self._limit = system, fault_of, tokens, limit_bytes
        self._origin = _origin(base_url)
        self._client = httpx.Client(
            base_url=base_url,
            headers=dict(headers or {}),
            timeout=httpx.Timeout(timeout_s, connect=5.0),
            transport=transport,
            follow_redirects=False,
        )

    def __repr__(self) -> str:
        return f"VendorHttp({self.system})"

    def __enter__(self) -> VendorHttp:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, path: str, **request: Any) -> VendorResponse:
        return self.call("GET", path, **request)

    def post(self, path: str, **request: Any) -> VendorResponse:
        return self.call("POST", path, **request)

    def put(self, path: str, **request: Any) -> VendorResponse:
        return self.call("PUT", path, **request)

    def patch(self, path: str, **request: Any) -> VendorResponse:
        return self.call("PATCH", path, **request)

    def delete(self, path: str, **request: Any) -> VendorResponse:
        return self.call("DELETE", path, **request)

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        reads: bool = False,
    ) -> VendorResponse:
        """A success (200 to 299), or the fault of the vendor's table.

        path: under the base URL, or an absolute URL of the same host. content: the body as bytes, the caller names its
        Content-Type. reads: a POST that changes nothing, such as a query or a token request.
        A write whose outcome nobody knows (no answer, cut answer, 500 and above) is Transient("unknown_outcome"): look
        it up by our reference before repeating it. A read without an answer is Transient("vendor_unreachable").
        """
        self._check_host(path)
        changes = not reads and method not in _READS
        request = {"params": dict(params) if params else None, "content": content, "data": dict(form) if form else None}
        token = self._tokens.token() if self._tokens else None
        answer = self._send(method, path, headers, token, request, changes)
        if answer.status == 401 and self._tokens and token and (fresh := self._tokens.renewed(token)) != token:
            answer = self._send(method, path, headers, fresh, request, changes)
        if 200 <= answer.status < 300:
            return answer
        raise self._fault(answer, method, path, changes)

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        token: str | None,
        request: Mapping[str, Any],
        changes: bool,
    ) -> VendorResponse:
        sent = {**(headers or {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        if thread := correlation.get():
            sent[CORRELATION_HEADER] = thread
        started, status = time.perf_counter(), 0
        try:
            with self._client.stream(method, path, headers=sent, **request) as response:
                status = response.status_code
                return VendorResponse(status, dict(response.headers), self._read(response, changes))
        except httpx.HTTPError as error:
            sure = isinstance(error, _NEVER_SENT) or not changes
            code = "vendor_unreachable" if sure else "unknown_outcome"
            raise Transient(code, system=self.system, cause=type(error).__name__, **_shown(method, path)) from None
        finally:
            _log(self.system, method, path, status, time.perf_counter() - started)

    def _read(self, response: httpx.Response, changes: bool) -> bytes:
        """Raises Poison over the limit; for a write Transient("unknown_outcome"), since it may well be done."""
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > self._limit:
                facts = {"system": self.system, "limit_bytes": str(self._limit)}
                raise (
                    Transient("unknown_outcome", cause="vendor_answer_too_large", **facts)
                    if changes
                    else Poison("vendor_answer_too_large", **facts)
                )
        return bytes(body)

    def _fault(self, answer: VendorResponse, method: str, path: str, changes: bool) -> Fault:
        fault = self._fault_of(answer.status, answer.headers, answer.body)
        if changes and answer.status >= 500 and isinstance(fault, Transient):
            facts = {**fault.facts, "cause": fault.code}
            fault = Transient("unknown_outcome", **facts)
        told = {"system": self.system, "status": str(answer.status), **_shown(method, path)}
        for name, value in told.items():
            fault.facts.setdefault(name, value)
        return fault

    def _check_host(self, path: str) -> None:
        """A token goes to its own host only, wherever a vendor's answer points."""
        if "://" in path and _origin(path) != self._origin:
            raise Poison("vendor_url_elsewhere", system=self.system)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _shown(method: str, path: str) -> dict[str, str]:
    """What was called, without its query, which may quote names."""
    return {"call": f"{method} {urlsplit(path).path[:200]}"}


@lru_cache(maxsize=1)
def _logger() -> Logger:
    return Logger(child=True)


def _log(system: str, method: str, path: str, status: int, took_s: float) -> None:
    """status 0: no answer."""
    facts = {"system": system, "status": status, "took_ms": round(took_s * 1000, 1), **_shown(method, path)}
    _logger().info("vendor call", extra=facts)
