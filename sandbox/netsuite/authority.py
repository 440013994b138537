"""A certificate authority of one machine, and the certificate NetSuite's host names have under it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOSTS = ("*.suitetalk.api.netsuite.com", "*.restlets.api.netsuite.com", "*.app.netsuite.com")
_DAYS = 30


def write_authority(state_dir: Path) -> tuple[Path, Path]:
    """(file with the hosts' key and certificate, file with the authority's certificate), made anew."""
    authority_key, host_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key)
    host = _host(host_key, authority, authority_key)
    chain, public = state_dir / "hosts.pem", state_dir / "authority.pem"
    chain.touch(mode=0o600)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(host_key.private_bytes(*form) + host.public_bytes(serialization.Encoding.PEM))
    public.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    return chain, public


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(issuer)).public_key(key)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(minutes=5))
    builder = builder.not_valid_after(now + timedelta(days=_DAYS))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


_OFF = dict.fromkeys(
    ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
)


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    builder = _builder("Sandbox authority", "Sandbox authority", key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    usage = x509.KeyUsage(digital_signature=False, key_cert_sign=True, crl_sign=True, **_OFF)
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())


def _host(
    key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    builder = _builder("netsuite.com", "Sandbox authority", key.public_key())
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    usage = x509.KeyUsage(digital_signature=True, key_cert_sign=False, crl_sign=False, **_OFF)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return builder.add_extension(issuer, critical=False).sign(authority_key, hashes.SHA256())
