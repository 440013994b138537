"""The account's integration: client id, certificates, access-token key, TBA keys. Made once, kept in the state dir."""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
LONGEST_VALIDITY = timedelta(days=731)


class CertificateRefused(ValueError):
    """What NetSuite's upload form would say."""


@dataclass
class Keys:
    """Everything secret of one account; PEM text where it is a key or certificate."""

    account: str
    client_id: str
    certificate_id: str
    private_key: str
    certificate: str
    token_key: str
    consumer_key: str
    consumer_secret: str
    token_id: str
    token_secret: str


def load_keys(state_dir: Path) -> Keys:
    path = state_dir / "keys.json"
    if path.exists():
        return Keys(**json.loads(path.read_text()))
    keys = _new_keys()
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(asdict(keys)))
    partial.replace(path)
    return keys


def _new_keys() -> Keys:
    signing = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    tokens = ec.generate_private_key(ec.SECP256R1())
    return Keys(
        account="7654321",
        client_id=secrets.token_hex(32),
        certificate_id=new_certificate_id(),
        private_key=_pem(signing),
        certificate=self_signed(signing, days=365),
        token_key=_pem(tokens),
        consumer_key=secrets.token_hex(32),
        consumer_secret=secrets.token_hex(32),
        token_id=secrets.token_hex(32),
        token_secret=secrets.token_hex(32),
    )


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def new_certificate_id() -> str:
    alphabet = string.ascii_letters + string.digits + "-_"
    return "".join(secrets.choice(alphabet) for _ in range(43))


def self_signed(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, days: int) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox integration")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(days=days))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def check_certificate(pem: str) -> x509.Certificate:
    """X.509, RSA of 3072 or 4096 bits or EC P-256/384/521, valid two years at most. Raises CertificateRefused."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError as exc:
        raise CertificateRefused("not an X.509 certificate in PEM") from exc
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size not in (3072, 4096):
            raise CertificateRefused(f"RSA keys must have 3072 or 4096 bits, not {key.key_size}")
    elif not (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ("secp256r1", "secp384r1", "secp521r1")):
        raise CertificateRefused("the key must be RSA or EC on P-256, P-384 or P-521")
    if certificate.not_valid_after_utc - certificate.not_valid_before_utc > LONGEST_VALIDITY:
        raise CertificateRefused("the certificate must not be valid for more than two years")
    return certificate


def public_part(keys: Keys, base_url: str) -> dict[str, Any]:
    """What the ready file gives to clients."""
    names = ("account", "client_id", "certificate_id", "private_key", "certificate")
    tba = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    shown = {name: getattr(keys, name) for name in (*names, *tba)}
    return shown | {"algorithm": "PS256", "token_url": base_url + TOKEN_PATH, "realm": keys.account}


TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
