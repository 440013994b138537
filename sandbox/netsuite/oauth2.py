"""OAuth 2.0 client credentials with a signed assertion. Source: notes, section 2.1.

What is refused: any algorithm but PS*/ES* (RS256 too), an unknown or revoked or expired certificate, a wrong audience,
an assertion that lives over 60 minutes, is expired or from the future, and a `jti` seen before.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.kit.clock import MovedClock
from sandbox.kit.store import Store
from sandbox.netsuite.credentials import TOKEN_PATH, Keys, check_certificate

ALGORITHMS = ("PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
SCOPES = frozenset({"rest_webservices", "restlets", "suite_analytics"})
TOKEN_LIFE_S = 3600
LONGEST_ASSERTION_S = 3600
SKEW_S = 60
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CURVES = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}


class GrantRefused(Exception):
    """An OAuth error: RFC 6749 code and a sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class OAuth2:
    def __init__(self, store: Store, keys: Keys, clock: MovedClock) -> None:
        self._store, self._keys, self._clock = store, keys, clock
        if not store.get("_certificate", keys.certificate_id):
            self.add_certificate(keys.certificate, keys.certificate_id)

    def add_certificate(self, pem: str, certificate_id: str) -> None:
        """Raises CertificateRefused."""
        check_certificate(pem)
        self._store.put("_certificate", certificate_id, {"id": certificate_id, "certificate": pem, "revoked": False})

    def revoke_certificate(self, certificate_id: str) -> bool:
        row = self._store.get("_certificate", certificate_id)
        if row:
            self._store.put("_certificate", certificate_id, row | {"revoked": True})
        return row is not None

    async def token(self, request: Request) -> Response:
        form = {
            name: values[-1] for name, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()
        }
        try:
            if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
                raise GrantRefused("invalid_request", "The body must be form-encoded.")
            body = self._grant(form, self.audiences(request))
        except GrantRefused as refused:
            return JSONResponse({"error": refused.code, "error_description": str(refused)}, 400)
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    def audiences(self, request: Request) -> set[str]:
        """The token URL as the caller may know it: by the account's public host, or by the address it reached."""
        host = request.headers.get("host", "")
        public = f"{self._keys.account.lower().replace('_', '-')}.suitetalk.api.netsuite.com"
        return {f"https://{public}{TOKEN_PATH}", f"http://{host}{TOKEN_PATH}", f"https://{host}{TOKEN_PATH}"}

    def _grant(self, form: dict[str, str], audiences: Collection[str]) -> dict[str, Any]:
        if form.get("grant_type") != "client_credentials":
            raise GrantRefused("unsupported_grant_type", "Only client_credentials is supported here.")
        if form.get("client_assertion_type") != _ASSERTION_TYPE:
            raise GrantRefused("invalid_request", "client_assertion_type is missing or wrong.")
        claims = self._verified(form.get("client_assertion", ""))
        self._check_claims(claims, audiences)
        scope = _scopes(claims.get("scope"))
        token = self._access_token(scope)
        return {"access_token": token, "expires_in": TOKEN_LIFE_S, "token_type": "Bearer"}

    def _verified(self, assertion: str) -> dict[str, Any]:
        """Claims of an assertion signed by a known certificate's key."""
        try:
            header = jwt.get_unverified_header(assertion)
        except jwt.PyJWTError as exc:
            raise GrantRefused("invalid_request", "client_assertion is not a JWT.") from exc
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise GrantRefused("invalid_grant", f"Algorithm {algorithm} is not allowed.")
        if str(header.get("typ", "")).upper() != "JWT":
            raise GrantRefused("invalid_grant", "The header must say typ JWT.")
        certificate = self._certificate(str(header.get("kid", "")))
        key = certificate.public_key()
        if algorithm in _CURVES and not (
            isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == _CURVES[algorithm]
        ):
            raise GrantRefused("invalid_grant", "The algorithm does not fit the certificate's key.")
        if algorithm.startswith("PS") and isinstance(key, ec.EllipticCurvePublicKey):
            raise GrantRefused("invalid_grant", "The algorithm does not fit the certificate's key.")
        unchecked = dict.fromkeys(
            ("verify_exp", "verify_iat", "verify_nbf", "verify_aud", "verify_iss", "verify_jti"), False
        )
        unchecked["verify_sub"] = False
        try:
            return dict(jwt.decode(assertion, key, algorithms=[algorithm], options=unchecked))  # type: ignore[arg-type]
        except jwt.PyJWTError as exc:
            raise GrantRefused("invalid_grant", "The signature is not valid.") from exc

    def _certificate(self, certificate_id: str) -> x509.Certificate:
        row = self._store.get("_certificate", certificate_id)
        if row is None or row["revoked"]:
            raise GrantRefused("invalid_grant", "Unknown certificate id in the header's kid.")
        certificate = x509.load_pem_x509_certificate(row["certificate"].encode())
        if certificate.not_valid_after_utc < self._clock.now():
            raise GrantRefused("invalid_grant", "The certificate has expired.")
        return certificate

    def _check_claims(self, claims: dict[str, Any], audiences: Collection[str]) -> None:
        now = self._clock.now().timestamp()
        if claims.get("iss") != self._keys.client_id:
            raise GrantRefused("invalid_grant", "iss is not a known client id.")
        given = claims.get("aud")
        if not ({_audience(value) for value in (given if isinstance(given, list) else [given])} & set(audiences)):
            raise GrantRefused("invalid_grant", "aud is not the token URL of this account.")
        issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
        if expires <= now or issued > now + SKEW_S:
            raise GrantRefused("invalid_grant", "The assertion is expired or not yet valid.")
        if expires - issued > LONGEST_ASSERTION_S:
            raise GrantRefused("invalid_grant", "exp must be at most 60 minutes after iat.")
        self._refuse_replay(claims.get("jti"), expires)

    def _refuse_replay(self, jti: object, expires: float) -> None:
        if jti is None:
            return
        with self._store.transaction():
            if self._store.get("_jti", str(jti)):
                raise GrantRefused("invalid_grant", "This jti was used before.")
            self._store.put("_jti", str(jti), {"id": str(jti), "exp": str(expires)})

    def _access_token(self, scope: list[str]) -> str:
        now = int(self._clock.now().timestamp())
        claims = {
            "sub": f"{self._keys.client_id}",
            "aud": [self._keys.account],
            "scope": scope,
            "iss": "sandbox",
            "iat": now,
            "exp": now + TOKEN_LIFE_S,
            "jti": secrets.token_hex(16),
            "generation": self._generation(),
        }
        return jwt.encode(claims, self._keys.token_key, algorithm="ES256")

    def check(self, token: str) -> frozenset[str] | None:
        """Scopes of a living access token; None for any other text."""
        key = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256).prepare_key(self._keys.token_key)
        unchecked = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
        try:
            claims = jwt.decode(token, key.public_key(), algorithms=["ES256"], options=unchecked)  # type: ignore[union-attr,arg-type]
        except jwt.PyJWTError:
            return None
        alive = claims["exp"] > self._clock.now().timestamp()
        return frozenset(claims["scope"]) if alive and claims["generation"] == self._generation() else None

    def _generation(self) -> int:
        row = self._store.get("_tokens", "generation")
        return int(row["value"]) if row else 0

    def expire_all(self) -> None:
        self._store.put("_tokens", "generation", {"id": "generation", "value": self._generation() + 1})


def _audience(value: object) -> str:
    """The text of `aud`. A client in wide use (netsuite-python 2.1.5) sends it as a one-element Python tuple in text
    form, `('https://...',)`, and is served; so the wrapping is taken off, and only that."""
    text = str(value)
    return text[2:-3] if text.startswith("('") and text.endswith("',)") else text


def _seconds(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise GrantRefused("invalid_grant", f"{name} is missing or not a number.")
    return float(value)


def _scopes(given: object) -> list[str]:
    """An array (as Oracle's example sends) or comma-separated text (as its prose says)."""
    if isinstance(given, str):
        given = (
            json.loads(given)
            if given.startswith("[")
            else [part for part in given.replace(",", " ").split(" ") if part]
        )
    if not isinstance(given, list) or not given or not set(map(str, given)) <= SCOPES:
        raise GrantRefused("invalid_scope", f"scope must name some of {', '.join(sorted(SCOPES))}.")
    return [str(scope) for scope in given]
