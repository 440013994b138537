"""Who is calling: the communication user by password, or the bearer of a token from the token endpoint.

Source: vendor notes, section 2.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass

from starlette.datastructures import FormData

from sandbox.sap_s4hana.clock import Clock
from sandbox.sap_s4hana.credentials import CLIENT, SID, Keys
from sandbox.sap_s4hana.errors import SapError
from sandbox.sap_s4hana.saml import AssertionRefused, subject_of
from sandbox.sap_s4hana.settings import Settings

GRANT = "urn:ietf:params:oauth:grant-type:saml2-bearer"
_REALM = {"www-authenticate": f'Basic realm="SAP NetWeaver Application Server [{SID}/{CLIENT}]"'}


class TokenRefused(Exception):
    """`error`: as the token endpoint names it."""

    def __init__(self, status: int, error: str, text: str) -> None:
        super().__init__(text)
        self.status, self.error, self.text = status, error, text


@dataclass
class Token:
    user: str
    until: float


class Auth:
    def __init__(self, keys: Keys, clock: Clock, settings: Settings) -> None:
        self.keys, self._clock, self._settings = keys, clock, settings
        self._tokens: dict[str, Token] = {}
        self._used: dict[str, float] = {}

    def user_of(self, header: str) -> str:
        """Raises SapError 401, as a page of the web server."""
        kind, _, value = header.partition(" ")
        if kind.lower() == "bearer":
            token = self._tokens.get(value.strip())
            if token is not None and token.until > self._now():
                return token.user
        elif kind.lower() == "basic" and self._is(value, self.keys.user, self.keys.password):
            return self.keys.user
        raise SapError(401, "", "Logon failed", headers=_REALM, html=True)

    def issue(self, header: str, form: FormData, audience: str) -> dict[str, object]:
        """An access token for a signed assertion. Raises TokenRefused."""
        kind, _, value = header.partition(" ")
        if kind.lower() != "basic" or not self._is(value, self.keys.client_id, self.keys.client_secret):
            raise TokenRefused(401, "invalid_client", "Client authentication failed")
        if form.get("grant_type") != GRANT:
            raise TokenRefused(400, "unsupported_grant_type", f"grant_type must be {GRANT}")
        if form.get("client_id") not in (None, self.keys.client_id):
            raise TokenRefused(400, "invalid_client", "client_id is not the authenticated client")
        try:
            found = subject_of(str(form.get("assertion", "")), self.keys.saml_certificate, audience, self._clock.now())
        except AssertionRefused as exc:
            raise TokenRefused(400, "invalid_grant", f"Provided authorization grant is invalid. {exc}") from exc
        if found.name != self.keys.user or found.assertion_id in self._used:
            raise TokenRefused(400, "invalid_grant", "Provided authorization grant is invalid.")
        self._used[found.assertion_id] = self._now()
        token = secrets.token_urlsafe(32)
        self._tokens[token] = Token(found.name, self._now() + self._settings.token_seconds)
        scope = str(form.get("scope", ""))
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self._settings.token_seconds,
            "scope": scope,
        }

    def forget_tokens(self) -> None:
        self._tokens.clear()

    def _is(self, value: str, user: str, password: str) -> bool:
        try:
            given = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(given, f"{user}:{password}".encode())

    def _now(self) -> float:
        return self._clock.now().timestamp()
