"""Sessions and their CSRF tokens: a write needs both, from the same fetch. Lost with the process, as an application
server's are. Source: vendor notes, section 2.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from sandbox.sap_s4hana.clock import Clock
from sandbox.sap_s4hana.credentials import CLIENT, SID
from sandbox.sap_s4hana.errors import SapError
from sandbox.sap_s4hana.settings import Settings

COOKIE = f"SAP_SESSIONID_{SID}_{CLIENT}"
_CONTEXT = f"sap-usercontext=sap-client={CLIENT}; path=/"


@dataclass
class Session:
    session_id: str
    user: str
    token: str
    used_at: float


class Sessions:
    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock, self._settings = clock, settings
        self.open: dict[str, Session] = {}
        self.begun = 0

    def fetch(self, user: str, cookies: Mapping[str, str]) -> dict[str, list[str]]:
        """Headers of an answer to `X-CSRF-Token: Fetch`: the token of the caller's session, or of a new one. Cookies are not
        marked secure: on loopback they travel over plain HTTP."""
        session = self._alive(user, cookies)
        if session is None:
            session = Session(_random(33), user, _random(16), self._now())
            self.open[session.session_id] = session
            self.begun += 1
        return {
            "x-csrf-token": [session.token],
            "set-cookie": [_CONTEXT, f"{COOKIE}={session.session_id}; path=/; HttpOnly"],
        }

    def check(self, user: str, cookies: Mapping[str, str], token: str) -> None:
        """Raises SapError 403 unless the token is that of the caller's living session."""
        session = self._alive(user, cookies)
        if session is None or not secrets.compare_digest(session.token.encode(), token.encode()):
            headers = {"x-csrf-token": "Required"}
            raise SapError(403, "/IWFND/CM_COMMON/003", "CSRF token validation failed", headers=headers)

    def forget_all(self) -> None:
        self.open.clear()

    def _alive(self, user: str, cookies: Mapping[str, str]) -> Session | None:
        session = self.open.get(cookies.get(COOKIE, ""))
        if session is None or session.user != user:
            return None
        if self._now() - session.used_at > self._settings.session_minutes * 60:
            del self.open[session.session_id]
            return None
        session.used_at = self._now()
        return session

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _random(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=").replace("+", "-").replace("/", "_")


def cookies_of(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
