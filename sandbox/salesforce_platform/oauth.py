"""Tokens: JWT bearer, client credentials, username and password; who am I; revoke.

Source: vendors/salesforce.md, section 3.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.salesforce_platform.http import instance_url, unauthorized
from sandbox.salesforce_platform.identity import App, Identity
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.sessions import Session, Sessions

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GENERIC_HOSTS = frozenset({"login.salesforce.com", "test.salesforce.com"})
NO_STORE = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}


class Refused(Exception):
    """An OAuth error: `error` and `error_description`, always with HTTP 400."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error, description)
        self.body = {"error": error, "error_description": description}


class OAuth:
    def __init__(self, org: Org, identity: Identity, sessions: Sessions, base_url: str) -> None:
        self._org, self._identity, self._sessions, self._base_url = org, identity, sessions, base_url

    def routes(self) -> list[Route]:
        return [
            Route("/services/oauth2/token", self.token, methods=["POST"]),
            Route("/services/oauth2/revoke", self.revoke, methods=["POST", "GET"]),
            Route("/services/oauth2/introspect", self.introspect, methods=["POST"]),
            Route("/services/oauth2/userinfo", self.userinfo, methods=["GET", "POST"]),
            Route("/id/{org_id}/{user_id}", self.userinfo),
        ]

    async def token(self, request: Request) -> Response:
        form = await _form(request)
        grants = {
            JWT_BEARER: self._jwt_bearer,
            "client_credentials": self._client_credentials,
            "password": self._password,
        }
        try:
            grant = grants.get(form.get("grant_type", ""))
            if grant is None:
                raise Refused("unsupported_grant_type", "grant type not supported")
            app, user, signed = grant(form, request)
        except Refused as refusal:
            return JSONResponse(refusal.body, 400, headers=NO_STORE)
        session = self._sessions.begin(user["Id"], app.client_id)
        return JSONResponse(self._answer(session, app, request, signed), headers=NO_STORE)

    def _answer(self, session: Session, app: App, request: Request, signed: bool) -> dict[str, Any]:
        """No `expires_in`, ever; `issued_at` and `signature` for grants that show the secret."""
        identity_url = f"{self._base_url}/id/{self._identity.org_id}/{session.user_id}"
        body = {
            "access_token": session.token,
            "scope": "id api web",
            "instance_url": instance_url(request, self._base_url, self._identity.my_domain),
            "id": identity_url,
            "token_type": "Bearer",
        }
        if signed:
            body["issued_at"] = str(int(session.issued_at * 1000))
            mac = hmac.digest(app.client_secret.encode(), (identity_url + body["issued_at"]).encode(), "sha256")
            body["signature"] = base64.b64encode(mac).decode()
        return body

    def _jwt_bearer(self, form: Mapping[str, str], request: Request) -> tuple[App, Row, bool]:
        assertion = form.get("assertion", "")
        try:
            unverified: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.PyJWTError as exc:
            raise Refused("invalid_grant", "invalid assertion") from exc
        app = self._identity.app(str(unverified.get("iss")))
        if app is None:
            raise Refused("invalid_client_id", "client identifier invalid")
        options = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False,
                   "verify_iss": False, "verify_sub": False}  # fmt: skip
        try:
            jwt.decode(assertion, app.public_key(), algorithms=["RS256"], options=options)  # type: ignore[arg-type]
        except jwt.PyJWTError as exc:
            raise Refused("invalid_grant", "invalid assertion") from exc
        self._claims(unverified)
        return app, self._approved(app, str(unverified.get("sub"))), False

    def _claims(self, claims: dict[str, Any]) -> None:
        """Raises Refused for an expiry that has passed or is too far away, or for another audience."""
        settings = self._org.settings
        try:
            left = int(str(claims.get("exp"))) - time.time()
        except ValueError as exc:
            raise Refused("invalid_grant", "invalid assertion") from exc
        if left < -settings.clock_skew_s or left > settings.jwt_longest_s + settings.clock_skew_s:
            raise Refused("invalid_grant", "expired authorization code" if left < 0 else "assertion expires too late")
        sites = [
            self._base_url,
            f"https://{self._identity.my_domain}.my.salesforce.com",
            *(f"https://{h}" for h in GENERIC_HOSTS),
        ]
        wanted = {site + tail for site in sites for tail in ("", "/", "/services/oauth2/token")}
        given = claims.get("aud")
        if not wanted & set(given if isinstance(given, list) else [given]):
            raise Refused("invalid_grant", "audience is invalid")

    def _approved(self, app: App, username: str) -> Row:
        user = self.user(username)
        if user is None or username not in app.users:
            raise Refused("invalid_grant", "user hasn't approved this consumer")
        if not user["IsActive"]:
            raise Refused("inactive_user", "user is inactive")
        return user

    def user(self, username: str) -> Row | None:
        found = self._org.tables["User"].having("Username", username)
        return self._org.get("User", found[0]) if found else None

    def _client_credentials(self, form: Mapping[str, str], request: Request) -> tuple[App, Row, bool]:
        if request.headers.get("host", "").split(":")[0] in GENERIC_HOSTS:
            raise Refused("invalid_grant", "request not supported on this domain")
        app = self._client(form, request)
        return app, self._approved(app, app.run_as), True

    def _password(self, form: Mapping[str, str], request: Request) -> tuple[App, Row, bool]:
        app = self._client(form, request)
        return app, self._approved(app, self.check_password(form.get("username", ""), form.get("password", ""))), True

    def check_password(self, username: str, password: str) -> str:
        """The username. `password` with or without the security token behind it. Raises Refused."""
        person = next((one for one in self._identity.people if one.username == username), None)
        if person is None or password not in (person.password, person.password + person.security_token):
            raise Refused("invalid_grant", "authentication failure")
        return person.username

    def _client(self, form: Mapping[str, str], request: Request) -> App:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError) as exc:
                raise Refused("invalid_client", "invalid client credentials") from exc
        if not client_id:
            raise Refused("invalid_request", "missing required parameter: client_id")
        app = self._identity.app(client_id)
        if app is None:
            raise Refused("invalid_client_id", "client identifier invalid")
        if not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
            raise Refused("invalid_client", "invalid client credentials")
        return app

    async def revoke(self, request: Request) -> Response:
        token = (await _form(request)).get("token") or request.query_params.get("token", "")
        if not self._sessions.end(token):
            body = {"error": "unsupported_token_type", "error_description": "this token type is not supported"}
            return JSONResponse(body, 400)
        return Response()

    async def introspect(self, request: Request) -> Response:
        form = await _form(request)
        try:
            self._client(form, request)
        except Refused as refusal:
            return JSONResponse(refusal.body, 400)
        session = self._sessions.find(form.get("token", ""))
        if session is None:
            return JSONResponse({"active": False})
        user = self._org.get("User", session.user_id) or {}
        facts = {"client_id": session.client_id, "username": user.get("Username"), "iat": int(session.issued_at)}
        return JSONResponse({"active": True, "scope": "id api web", "token_type": "access_token"} | facts)

    async def userinfo(self, request: Request) -> Response:
        session = self._sessions.find(request.headers.get("authorization", "").partition(" ")[2])
        if session is None:
            return unauthorized()
        user = self._org.get("User", session.user_id) or {}
        instance = instance_url(request, self._base_url, self._identity.my_domain)
        body = {
            "sub": f"{self._base_url}/id/{self._identity.org_id}/{session.user_id}",
            "user_id": session.user_id,
            "organization_id": self._identity.org_id,
            "preferred_username": user.get("Username"),
            "nickname": user.get("Alias"),
            "name": user.get("Name"),
            "email": user.get("Email"),
            "email_verified": True,
            "given_name": user.get("FirstName"),
            "family_name": user.get("LastName"),
            "zoneinfo": "GMT",
            "user_type": "STANDARD",
            "active": user.get("IsActive"),
            "urls": {"rest": f"{instance}/services/data/v{{version}}/", "custom_domain": instance},
        }
        names = {"username": user.get("Username"), "display_name": user.get("Name"), "id": body["sub"]}
        return JSONResponse(body | names)


async def _form(request: Request) -> dict[str, str]:
    raw = (await request.body()).decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()}
