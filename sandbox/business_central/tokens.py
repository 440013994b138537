"""Microsoft Entra ID's token endpoint for one app, and what the API makes of a token. Source: notes, A1.

An app asks with its secret (client_credentials); a library for people's use with a refresh token, at any of the tenant's
names (`organizations`, `common`).

Secrets come and go (rotation); tokens die by age, all at once on demand, and mean nothing to Business Central while the
app is not registered there.
"""

from __future__ import annotations

import json
import secrets
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.business_central.clock import Clock
from sandbox.business_central.credentials import AUDIENCE, SCOPE, Keys
from sandbox.business_central.errors import Refused
from sandbox.business_central.settings import Settings
from sandbox.kit.store import Store

_KIND, _ID = "_app", "app"
_TEXTS = {
    7000215: ("invalid_client", 401, "Invalid client secret provided. Ensure the secret being sent in the request is the "
              "client secret value, not the client secret ID, for a secret added to app '{app}'."),
    7000222: ("invalid_client", 401, "The provided client secret keys for app '{app}' are expired."),
    700016: ("unauthorized_client", 400, "Application with identifier '{app}' was not found in the directory."),
    90002: ("invalid_request", 400, "Tenant '{app}' not found."),
    900144: ("invalid_request", 400, "The request body must contain the following parameter: '{app}'."),
    70003: ("unsupported_grant_type", 400, "The app requested an unsupported grant type '{app}'."),
    70008: ("invalid_grant", 400, "The provided authorization code or refresh token has expired or is not valid.{app}"),
    1002012: ("invalid_scope", 400, "The provided value for scope {app} is not valid. Client credential flows must have a "
              "scope value with /.default suffixed to the resource identifier (application ID URI)."),
}  # fmt: skip


class Tokens:
    def __init__(self, store: Store, keys: Keys, clock: Clock, settings: Settings) -> None:
        self._store, self._keys, self._clock, self._settings = store, keys, clock, settings
        self._known: dict[str, float] = {}
        self._app: dict[str, Any] | None = None

    async def token(self, request: Request) -> Response:
        form = {name: values[-1] for name, values in parse_qs((await request.body()).decode("latin-1")).items()}
        asked = str(request.path_params["tenant"])
        refused = self._refused(form, asked)
        if refused is not None:
            return self._refusal(*refused)
        expiry = self.app()["secrets"].get(form["client_secret"])
        if expiry is None:
            return self._refusal(7000215, form["client_id"])
        if expiry and datetime.fromisoformat(expiry) <= self._clock.now():
            return self._refusal(7000222, form["client_id"])
        life = self._settings.token_s
        granted = {
            "token_type": "Bearer",
            "expires_in": life,
            "ext_expires_in": life,
            "access_token": self._issue(life),
        }
        if form["grant_type"] == "refresh_token":
            granted |= {"refresh_token": self._keys.refresh_token, "scope": SCOPE}
        return JSONResponse(granted, headers={"Cache-Control": "no-store"})

    async def discovery(self, request: Request) -> Response:
        """Where a tenant's endpoints are, for libraries that ask first."""
        tenant, host = request.path_params["tenant"], request.headers.get("host", request.url.netloc)
        place = f"{request.url.scheme}://{host}/{tenant}"
        return JSONResponse(
            {
                "issuer": f"{place}/v2.0",
                "token_endpoint": f"{place}/oauth2/v2.0/token",
                "authorization_endpoint": f"{place}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{place}/oauth2/v2.0/devicecode",
            }
        )

    async def instances(self, request: Request) -> Response:
        """Which login hosts are one and the same; a library asks after its first refusal."""
        host = "login.microsoftonline.com"
        metadata = [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}]
        endpoint = f"https://{host}/common/v2.0/.well-known/openid-configuration"
        return JSONResponse({"tenant_discovery_endpoint": endpoint, "api-version": "1.1", "metadata": metadata})

    def _refused(self, form: dict[str, str], tenant: str) -> tuple[int, str] | None:
        """The first thing wrong with a request: (number, what it is about)."""
        grant = form.get("grant_type", "")
        personal = grant == "refresh_token"
        for name in ("grant_type", "client_id", "client_secret", "refresh_token" if personal else "scope"):
            if name not in form:
                return 900144, name
        if tenant != self._keys.tenant_id and not (personal and tenant in ("organizations", "common")):
            return 90002, tenant
        if grant not in ("client_credentials", "refresh_token"):
            return 70003, grant
        if form["client_id"] != self._keys.client_id:
            return 700016, form["client_id"]
        if not personal and form["scope"] != SCOPE:
            return 1002012, form["scope"]
        if personal and form["refresh_token"] != self._keys.refresh_token:
            return 70008, ""
        return None

    def check(self, header: str) -> None:
        """Raises Refused 401 for anything but a living token of this tenant for this API and a registered app."""
        kind, _, token = header.partition(" ")
        app = self.app()
        if kind.lower() != "bearer" or not app["registered"] or not self._alive(token.strip(), app["generation"]):
            raise Refused(401, "Authentication_InvalidCredentials", "unauthorized")

    def check_permission(self, method: str, what: str) -> None:
        """Raises Refused 403 where the app's permission set does not reach."""
        if method != "GET" and "write" not in self.app()["permissions"]:
            raise Refused(403, "Authorization_RequestDenied", "not_permitted", what=what)
        if "read" not in self.app()["permissions"]:
            raise Refused(403, "Authorization_RequestDenied", "not_permitted", what=what)

    def app(self) -> dict[str, Any]:
        """{"secrets": {value: expiry or ""}, "registered", "permissions", "generation"}."""
        if self._app is None:
            first = {"secrets": {self._keys.client_secret: ""}, "registered": True, "permissions": ["read", "write"]}
            self._app = self._store.get(_KIND, _ID) or first | {"generation": 1}
        return self._app

    def change(self, **values: object) -> dict[str, Any]:
        self._app = self.app() | values
        self._store.put(_KIND, _ID, self._app)
        self._known.clear()
        return self._app

    def forget(self) -> None:
        """After a reset of the store."""
        self._app = None
        self._known.clear()

    def add_secret(self, expires: str = "") -> str:
        secret = secrets.token_urlsafe(30)
        self.change(secrets=self.app()["secrets"] | {secret: expires})
        return secret

    def revoke_secret(self, secret: str) -> bool:
        left = dict(self.app()["secrets"])
        known = left.pop(secret, None) is not None
        self.change(secrets=left)
        return known

    def expire_all(self) -> None:
        self.change(generation=self.app()["generation"] + 1)

    def _issue(self, life: int) -> str:
        now = int(self._clock.now().timestamp())
        claims = {"aud": AUDIENCE, "iss": f"https://sts.windows.net/{self._keys.tenant_id}/", "iat": now, "nbf": now}
        claims |= {
            "exp": now + life,
            "appid": self._keys.client_id,
            "tid": self._keys.tenant_id,
            "uti": uuid.uuid4().hex,
        }
        claims |= {"roles": ["API.ReadWrite.All"], "generation": self.app()["generation"]}
        return jwt.encode(claims, self._keys.token_key, "HS256")

    def _alive(self, token: str, generation: int) -> bool:
        now = self._clock.now().timestamp()
        if token in self._known:
            return now < self._known[token]
        try:
            options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
            claims = jwt.decode(token, self._keys.token_key, ["HS256"], audience=AUDIENCE, options=options)  # type: ignore[arg-type]
        except jwt.InvalidTokenError:
            return False
        if claims.get("generation") != generation or now >= claims["exp"]:
            return False
        self._known[token] = float(claims["exp"])
        return True

    def _refusal(self, code: int, fact: str) -> Response:
        error, status, text = _TEXTS[code]
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        moment = f"{self._clock.now():%Y-%m-%d %H:%M:%SZ}"
        told = (
            f"AADSTS{code}: {text.format(app=fact)} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {moment}"
        )
        body = {"error": error, "error_description": told, "error_codes": [code], "timestamp": moment}
        return Response(
            json.dumps(body | {"trace_id": trace, "correlation_id": correlation}), status, media_type="application/json"
        )
