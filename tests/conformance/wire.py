"""The wire between a connector and its vendor: what went over it, how many calls at once, and what goes wrong on it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpx

LOST, CUT, LATE = "lost answer", "cut before it was sent", "late answer"


@dataclass(frozen=True)
class Call:
    """Requests of this method whose path and query the pattern is found in."""

    method: str
    path: str

    def is_of(self, request: httpx.Request) -> bool:
        return request.method == self.method and bool(re.search(self.path, request.url.raw_path.decode()))


@dataclass(frozen=True)
class Answer:
    """What a vendor answers in place of doing anything. source: where that is documented."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass
class Trouble:
    """At the next `times` calls: an Answer, LOST (done, and the answer never comes), CUT (nothing done) or LATE."""

    call: Call
    what: Answer | str
    times: int = 1


@dataclass(frozen=True)
class Sent:
    method: str
    path: str
    headers: httpx.Headers
    body: bytes
    leased: bool


class Wire(httpx.BaseTransport):
    """holding: whether the calling thread holds a slot of the account now."""

    def __init__(self, holding: Callable[[], bool] = lambda: True) -> None:
        self._vendor = httpx.HTTPTransport(verify=True)
        self.holding = holding
        self._lock = threading.Lock()
        self._in_flight = 0
        self.most_in_flight = 0
        self.sent: list[Sent] = []
        self.troubles: list[Trouble] = []

    def plant(self, call: Call, what: Answer | str, times: int = 1) -> None:
        self.troubles.append(Trouble(call, what, times))

    def clear(self) -> None:
        """Forgets what was sent and what was to go wrong."""
        self.sent, self.troubles, self.most_in_flight = [], [], 0

    def count(self, *without: Call | None) -> int:
        """Requests that went out, but for these."""
        return len(list(self.but(*without)))

    def but(self, *without: Call | None) -> Iterable[Sent]:
        left_out = [call for call in without if call]
        for sent in self.sent:
            if not any(call.method == sent.method and re.search(call.path, sent.path) for call in left_out):
                yield sent

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        path = request.url.raw_path.decode()
        with self._lock:
            self.sent.append(Sent(request.method, path, request.headers, body, self.holding()))
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
            trouble = self._next(request)
        try:
            return self._answered(request, trouble)
        finally:
            with self._lock:
                self._in_flight -= 1

    def _next(self, request: httpx.Request) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.times and trouble.call.is_of(request):
                trouble.times -= 1
                return trouble
        return None

    def _answered(self, request: httpx.Request, trouble: Trouble | None) -> httpx.Response:
        if trouble is None:
            return self._vendor.handle_request(request)
        if isinstance(trouble.what, Answer):
            return httpx.Response(trouble.what.status, headers=trouble.what.headers, content=trouble.what.body)
        if trouble.what == CUT:
            raise httpx.ReadError("cut", request=request)
        answer = self._vendor.handle_request(request)
        answer.read()
        if trouble.what == LOST:
            raise httpx.ReadError("lost", request=request)
        time.sleep(0.1)
        return answer

    def close(self) -> None:
        """Clients of one vendor share it, and each closes it in its time."""
