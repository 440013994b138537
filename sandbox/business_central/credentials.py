"""The tenant's app registrations with their secrets, and the key access tokens are signed with. Kept in the state dir."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

AUDIENCE = "https://api.businesscentral.dynamics.com"
SCOPE = f"{AUDIENCE}/.default"
ENVIRONMENT = "sandbox"


@dataclass
class Keys:
    tenant_id: str
    client_id: str
    client_secret: str
    refresh_token: str
    token_key: str


def load_keys(state_dir: Path) -> Keys:
    """Made once."""
    path = state_dir / "keys.json"
    if path.exists():
        return Keys(**json.loads(path.read_text()))
    keys = Keys(str(uuid.uuid4()), str(uuid.uuid4()), secrets.token_urlsafe(30), *_two_secrets())
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(asdict(keys)))
    partial.replace(path)
    return keys


def _two_secrets() -> tuple[str, str]:
    return "0." + secrets.token_urlsafe(60), secrets.token_hex(32)


def public_part(keys: Keys, base_url: str, companies: dict[str, str]) -> dict[str, Any]:
    """What the ready file gives to clients. companies: name -> id. refresh_token: of a signed-in person."""
    return {
        "tenant_id": keys.tenant_id,
        "environment": ENVIRONMENT,
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        "refresh_token": keys.refresh_token,
        "scope": SCOPE,
        "token_url": f"{base_url}/{keys.tenant_id}/oauth2/v2.0/token",
        "api_url": f"{base_url}/v2.0/{keys.tenant_id}/{ENVIRONMENT}/api/v2.0",
        "companies": companies,
    }
