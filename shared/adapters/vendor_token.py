"""Access tokens of vendors: kept in memory, asked for once at a time, renewed once when a vendor refuses one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

MARGIN_S = 60.0
"""A token this close to its end is not used any more: the call it is for takes time too."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One answer of a token endpoint. lifetime_s: None where the vendor does not say."""

    token: str = field(repr=False)
    lifetime_s: float | None = None


class TokenSource(Protocol):
    def token(self) -> str: ...

    def renewed(self, refused: str) -> str:
        """Another token than the refused one, or the same where there is no other."""
        ...


@dataclass(frozen=True, slots=True)
class FixedToken:
    """A token that a person made and only a person changes."""

    value: str = field(repr=False)

    def token(self) -> str:
        return self.value

    def renewed(self, refused: str) -> str:
        return self.value


class GrantedTokens:
    """ask: one request to the token endpoint; its faults go to the caller. elapsed: a clock in seconds that only rises.

    Of threads that need a token at once, one asks and all get the answer.
    """

    def __init__(self, ask: Callable[[], Grant], *, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._elapsed = ask, elapsed
        self._lock = threading.Lock()
        self._token: str | None = None
        self._ends_at = float("inf")

    def token(self) -> str:
        with self._lock:
            if self._token is None or self._elapsed() >= self._ends_at:
                self._renew()
            assert self._token is not None
            return self._token

    def renewed(self, refused: str) -> str:
        with self._lock:
            if self._token == refused or self._token is None:
                self._renew()
            assert self._token is not None
            return self._token

    def _renew(self) -> None:
        """The margin is at most half the lifetime, so that a short token is used at all."""
        self._token = None
        grant, now = self._ask(), self._elapsed()
        life = grant.lifetime_s
        self._ends_at = float("inf") if life is None else now + life - min(MARGIN_S, life / 2)
        self._token = grant.token
