"""Bearer tokens and the authorization-code flow.

Tokens do not expire; they live until revoked. A code lives five minutes and is good for one exchange.
"""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.kantata.book import Book, Record
from sandbox.kantata.errors import unauthorized
from sandbox.kantata.forms import read_body
from sandbox.kit.store import Store

CODE_LIFE_S = 300


def load_credentials(path: Path) -> dict[str, Any]:
    """The client and the two standing tokens, made once and kept with the state."""
    if path.exists():
        known: dict[str, Any] = json.loads(path.read_text())
        return known
    made = {
        "client_id": secrets.token_hex(32), "client_secret": secrets.token_hex(32),
        "redirect_uri": "https://localhost/callback",
        "token": secrets.token_hex(32), "admin_token": secrets.token_hex(32),
    }  # fmt: skip
    path.write_text(json.dumps(made))
    return made


class Auth:
    def __init__(self, store: Store, book: Book, credentials: dict[str, Any]) -> None:
        self._store, self._book, self.credentials = store, book, credentials
        self._tokens: dict[str, Record] = {}
        self._codes: dict[str, tuple[str, str, float]] = {}
        self.reload()

    def reload(self) -> None:
        self._tokens = {row["id"]: row for row in self._store.all("tokens")}
        self._codes.clear()

    def issue(self, user_id: str, token: str | None = None) -> str:
        token = token or secrets.token_hex(32)
        self._keep({"id": token, "user_id": user_id, "revoked": False})
        return token

    def _keep(self, row: Record) -> None:
        self._store.put("tokens", row["id"], row)
        self._tokens[row["id"]] = row

    def set_revoked(self, revoked: bool) -> None:
        """All tokens at once: what a person at the vendor would do one by one."""
        with self._store.transaction():
            for row in list(self._tokens.values()):
                self._keep(row | {"revoked": revoked})

    def token_of(self, user_id: str) -> str | None:
        return next((t for t, row in self._tokens.items() if row["user_id"] == user_id and not row["revoked"]), None)

    def user(self, request: Request) -> Record:
        """Whose token the request carries. Raises 401."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        row = self._tokens.get(token.strip()) if scheme.lower() == "bearer" else None
        user = self._book.get("users", row["user_id"]) if row and not row["revoked"] else None
        if user is None:
            raise unauthorized()
        return user

    def routes(self) -> list[Route]:
        return [Route("/oauth/authorize", self.authorize), Route("/oauth/token", self.exchange, methods=["POST"])]

    async def authorize(self, request: Request) -> Response:
        """Stands in for the login page: the person is named in the query, by `user_id` or `login` (e-mail)."""
        query = request.query_params
        if query.get("response_type") != "code" or query.get("client_id") != self.credentials["client_id"]:
            return HTMLResponse("<h1>invalid_client</h1>", 401)
        target = query.get("redirect_uri", "")
        if not target:
            return HTMLResponse("<h1>redirect_uri is missing</h1>", 400)
        login = query.get("login", "").lower()
        user = self._book.get("users", query.get("user_id")) or next(
            (u for u in self._book.all("users") if login and u["email_address"].lower() == login), None
        )
        if user is None:
            return HTMLResponse("<h1>Log in: name the person by user_id or login in the query</h1>", 400)
        code = secrets.token_hex(20)
        self._codes[code] = (user["id"], target, time.monotonic() + CODE_LIFE_S)
        answer = {"code": code} | ({"state": query["state"]} if "state" in query else {})
        parts = urlsplit(target)
        joined = "&".join(text for text in (parts.query, urlencode(answer)) if text)
        return RedirectResponse(urlunsplit(parts._replace(query=joined)), 302)

    async def exchange(self, request: Request) -> Response:
        body = await read_body(request)
        if body.get("grant_type") != "authorization_code":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        secret = str(body.get("client_secret", ""))
        known = body.get("client_id") == self.credentials["client_id"]
        if not known or not secrets.compare_digest(secret, self.credentials["client_secret"]):
            return JSONResponse({"error": "invalid_client"}, 401)
        user_id, target, until = self._codes.pop(str(body.get("code", "")), ("", "", 0.0))
        if not user_id or time.monotonic() > until or body.get("redirect_uri") != target:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": self.issue(user_id), "token_type": "bearer"})
