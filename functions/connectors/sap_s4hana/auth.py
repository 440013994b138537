"""The communication user of the tenant's communication arrangement, by password.

Source: docs/connectors/sap_s4hana.md, "Authentication".
"""

from __future__ import annotations

from base64 import b64encode

from pydantic import BaseModel, ConfigDict, SecretStr


class Credentials(BaseModel):
    """The `credentials` of the connection secret."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    user: str
    password: SecretStr


def basic(credentials: Credentials) -> str:
    pair = f"{credentials.user}:{credentials.password.get_secret_value()}"
    return f"Basic {b64encode(pair.encode()).decode()}"
