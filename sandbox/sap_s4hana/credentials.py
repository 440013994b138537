"""Who may call: the communication user, its OAuth client, the identity provider it trusts. Kept in the state directory."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

SID, CLIENT = "S4S", "100"
TOKEN_PATH = "/sap/bc/sec/oauth2/token"
ISSUER = "sandbox-identity-provider"


@dataclass
class Keys:
    """`saml_key`, `saml_certificate`: PEM, of the identity provider whose assertions are taken. `webhook_*`: by which the
    event mesh shows itself to an endpoint, once an administrator has told it so."""

    user: str
    password: str
    client_id: str
    client_secret: str
    saml_key: str
    saml_certificate: str
    webhook_username: str
    webhook_password: str

    def save(self, state_dir: Path) -> None:
        path = state_dir / "keys.json"
        partial = path.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(asdict(self)))
        partial.replace(path)


def load_keys(state_dir: Path) -> Keys:
    path = state_dir / "keys.json"
    if path.exists():
        return Keys(**json.loads(path.read_text()))
    keys = _new()
    keys.save(state_dir)
    return keys


def new_password() -> str:
    return secrets.token_urlsafe(24)


def _new() -> Keys:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(encoding, form, serialization.NoEncryption()).decode()
    basic, client = ("BILLING_COMM_USER", new_password()), ("BILLING_OAUTH", new_password())
    return Keys(*basic, *client, pem, _certificate(key), "EVENT_MESH", new_password())


def _certificate(key: rsa.RSAPrivateKey) -> str:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ISSUER)]), datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(minutes=5))
    made = builder.not_valid_after(now + timedelta(days=730)).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def public_part(keys: Keys, base_url: str) -> dict[str, Any]:
    """What the ready file gives to clients."""
    return asdict(keys) | {"token_url": base_url + TOKEN_PATH, "saml_issuer": ISSUER, "sap_client": CLIENT}
