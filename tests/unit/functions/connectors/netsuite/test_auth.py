"""The signed assertion: NetSuite's claims, a fresh id each time, the algorithm of the key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from functions.connectors.netsuite.auth import Credentials, assertion, token_form

AUDIENCE = "https://123.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65537, 3072)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def credentials(key: Key) -> Credentials:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return Credentials(client_id="client", certificate_id="cert-7", private_key=pem)  # type: ignore[arg-type]


@pytest.mark.parametrize(("key", "algorithm"), [(P256, "ES256"), (P384, "ES384"), (RSA, "PS256")])
def test_the_assertion_is_signed_with_the_algorithm_of_its_key(key: Key, algorithm: str) -> None:
    text = assertion(credentials(key), AUDIENCE, NOW, timedelta(minutes=5))
    head = jwt.get_unverified_header(text)
    assert (head["typ"], head["alg"], head["kid"]) == ("JWT", algorithm, "cert-7")
    options = {"verify_exp": False, "verify_iat": False}
    claims = jwt.decode(text, key.public_key(), [algorithm], audience=AUDIENCE, options=options)  # type: ignore[arg-type]
    assert (claims["iss"], claims["scope"]) == ("client", ["rest_webservices"])
    assert claims["exp"] - claims["iat"] == 300


def test_every_request_for_a_token_has_an_assertion_of_its_own() -> None:
    forms = [token_form(credentials(P256), AUDIENCE, lambda: NOW, timedelta(minutes=5)) for _ in range(2)]
    ids = {jwt.decode(form["client_assertion"], options={"verify_signature": False})["jti"] for form in forms}
    assert len(ids) == 2
    assert forms[0]["grant_type"] == "client_credentials"


def test_a_key_shows_in_no_repr() -> None:
    assert "PRIVATE KEY" not in repr(credentials(P256))
