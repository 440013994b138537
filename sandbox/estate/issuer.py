"""A small token issuer for the sandbox: OpenID discovery, keys, client credentials. `python -m sandbox.estate.issuer`.

GET  /.well-known/openid-configuration
GET  /.well-known/jwks.json
POST /oauth/token   grant_type=client_credentials, scope?; the client by Basic or in the form (RFC 6749, 2.3.1)

Tokens are RS256 JWTs with iss, sub, client_id, aud, scope, iat, nbf, exp, jti. The signing key and the clients' secrets
are made once and kept in the state directory, readable by the owner alone. In AWS a real identity provider stands here.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.estate.description import private_text
from sandbox.kit.run import Built, main

AUDIENCE = "billweave"
SCOPES = ("billweave/read", "billweave/operate")
# A client a person uses by hand gets an hour; the one whose token lies in estate.json outlives any sandbox session.
HOUR_S, MONTH_S = 3600, 30 * 24 * 3600
CLIENTS: dict[str, tuple[tuple[str, ...], int]] = {
    "billweave-estate": (SCOPES, MONTH_S),
    "billweave-cli": (SCOPES, HOUR_S),
    "billweave-reader": (("billweave/read",), HOUR_S),
}


@dataclass(frozen=True)
class Client:
    client_id: str
    secret: str
    scopes: tuple[str, ...]
    lifetime_s: int


def signing_key(state_dir: Path) -> rsa.RSAPrivateKey:
    path = state_dir / "key.pem"
    if not path.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        private_text(path, made.private_bytes(*form).decode())
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def known_clients(state_dir: Path) -> dict[str, Client]:
    fresh = json.dumps({name: secrets.token_urlsafe(24) for name in CLIENTS})
    kept = json.loads(private_text(state_dir / "clients.json", fresh))
    return {name: Client(name, kept[name], *CLIENTS[name]) for name in CLIENTS}


class Issuer:
    def __init__(self, url: str, key: rsa.RSAPrivateKey, clients: dict[str, Client]) -> None:
        self._url, self._key, self._clients = url, key, clients
        public: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
        self._kid = uuid.uuid5(uuid.NAMESPACE_URL, public["n"]).hex
        self._jwk = {k: public[k] for k in ("kty", "n", "e")} | {"kid": self._kid, "use": "sig", "alg": "RS256"}

    def token(self, client: Client, scopes: tuple[str, ...]) -> str:
        now = int(time.time())
        claims = {
            "iss": self._url,
            "sub": client.client_id,
            "client_id": client.client_id,
            "aud": AUDIENCE,
            "scope": " ".join(scopes),
            "iat": now,
            "nbf": now,
            "exp": now + client.lifetime_s,
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._kid})

    async def discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self._url,
                "jwks_uri": f"{self._url}/.well-known/jwks.json",
                "token_endpoint": f"{self._url}/oauth/token",
                "grant_types_supported": ["client_credentials"],
                "response_types_supported": ["token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "scopes_supported": list(SCOPES),
            }
        )

    async def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._jwk]})

    async def exchange(self, request: Request) -> Response:
        form = {key: str(value) for key, value in (await request.form()).items()}
        client = self._authenticated(request.headers.get("authorization", ""), form)
        if client is None:
            return _refused("invalid_client", 401, {"WWW-Authenticate": "Basic"})
        if form.get("grant_type") != "client_credentials":
            return _refused("unsupported_grant_type")
        asked = tuple(form.get("scope", "").split()) or client.scopes
        if not set(asked) <= set(client.scopes):
            return _refused("invalid_scope")
        answer = {
            "access_token": self.token(client, asked),
            "token_type": "Bearer",
            "expires_in": client.lifetime_s,
            "scope": " ".join(asked),
        }
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    def _authenticated(self, header: str, form: dict[str, str]) -> Client | None:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if header[:6].lower() == "basic ":
            try:
                client_id, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                return None
        client = self._clients.get(client_id)
        return client if client and secrets.compare_digest(client.secret.encode(), secret.encode()) else None


def _refused(error: str, status: int = 400, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": error}, status, headers=headers)


def build(state_dir: Path, url: str) -> Built:
    state_dir.mkdir(parents=True, exist_ok=True)
    clients = known_clients(state_dir)
    issuer = Issuer(url, signing_key(state_dir), clients)
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", issuer.discovery),
            Route("/.well-known/jwks.json", issuer.keys),
            Route("/oauth/token", issuer.exchange, methods=["POST"]),
        ]
    )
    told = {"audience": AUDIENCE, "token_url": f"{url}/oauth/token", "scopes": list(SCOPES)}
    return Built(app, told | {"clients": {c.client_id: c.secret for c in clients.values()}})


if __name__ == "__main__":
    main("estate.issuer", build)
