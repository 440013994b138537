"""OAuth 2.0 JWT bearer: an assertion signed with the app's key, RS256, for the integration user.

Source: docs/connectors/salesforce.md, "Authentication".
"""

from __future__ import annotations

from datetime import datetime

import jwt
from pydantic import BaseModel, ConfigDict, Field, SecretStr

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_PATH = "/services/oauth2/token"
_LIFETIME_S = 170
"""Under the 180 s that Salesforce accepts, with a little for clocks that differ."""


class Credentials(BaseModel):
    """The `credentials` of the connection secret. audience: the login host, as Salesforce names it."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    client_id: str
    username: str
    private_key: SecretStr = Field(description="PEM, RSA")
    login_url: str
    audience: str | None = None
    org_id: str


def token_form(credentials: Credentials, now: datetime) -> dict[str, str]:
    """The form of one token request."""
    claims = {
        "iss": credentials.client_id,
        "sub": credentials.username,
        "aud": credentials.audience or credentials.login_url,
        "exp": int(now.timestamp()) + _LIFETIME_S,
    }
    key = credentials.private_key.get_secret_value()
    return {"grant_type": GRANT, "assertion": jwt.encode(claims, key, algorithm="RS256")}
