"""OAuth 2.0 client credentials with a signed assertion. Certificate trouble is a person's job, never a retry.

Source: docs/connectors/netsuite.md, "Authentication".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import BaseModel, ConfigDict, Field, SecretStr

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPES = ("rest_webservices",)
TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"


class Credentials(BaseModel):
    """The `credentials` of the connection secret. token_url: the audience, account host included."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    client_id: str
    certificate_id: str
    private_key: SecretStr = Field(description="PEM, RSA of 3072 bits or more, or EC P-256/384/521")
    token_url: str | None = None


def assertion(credentials: Credentials, audience: str, now: datetime, lifetime: timedelta) -> str:
    """A JWT with a fresh `jti`, signed with the algorithm of the key: ES256/384/512 or PS256."""
    pem = credentials.private_key.get_secret_value().encode()
    claims = {
        "iss": credentials.client_id,
        "scope": list(SCOPES),
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": str(uuid4()),
    }
    headers = {"typ": "JWT", "kid": credentials.certificate_id}
    return jwt.encode(claims, pem, algorithm=_algorithm(pem), headers=headers)


def token_form(
    credentials: Credentials, audience: str, now: Callable[[], datetime], lifetime: timedelta
) -> dict[str, str]:
    """The form of one token request; built anew each time, since an assertion is used once."""
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(credentials, audience, now(), lifetime),
    }


def _algorithm(pem: bytes) -> str:
    key = load_pem_private_key(pem, password=None)
    if isinstance(key, EllipticCurvePrivateKey):
        return {256: "ES256", 384: "ES384", 521: "ES512"}[key.curve.key_size]
    return "PS256"
