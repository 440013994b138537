"""OAuth 2.0 client credentials at Microsoft Entra. A refused secret is a person's job, never a retry.

Source: docs/connectors/business_central.md, "Authentication".
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SecretStr

LOGIN = "https://login.microsoftonline.com"
SCOPE = "https://api.businesscentral.dynamics.com/.default"


class Credentials(BaseModel):
    """The `credentials` of the connection secret. token_url: None for Microsoft's own."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    tenant_id: str
    environment: str
    client_id: str
    client_secret: SecretStr
    scope: str = SCOPE
    token_url: str | None = None

    @property
    def token_address(self) -> str:
        return self.token_url or f"{LOGIN}/{self.tenant_id}/oauth2/v2.0/token"

    @property
    def root(self) -> str:
        """Path of the API under its host."""
        return f"/v2.0/{self.tenant_id}/{self.environment}/api/v2.0"


def token_form(credentials: Credentials) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret.get_secret_value(),
        "scope": credentials.scope,
    }
