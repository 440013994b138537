"""Assertions of the tenant's identity provider, signed with lxml's canonical form: not the one the simulator uses."""

from __future__ import annotations

import base64
import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

GRANT = "urn:ietf:params:oauth:grant-type:saml2-bearer"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"


def assertion(
    keys: dict[str, Any],
    *,
    lifetime_s: float = 300,
    recipient: str = "",
    subject: str = "",
    tamper: bool = False,
    other_key: bool = False,
    unsigned: bool = False,
) -> str:
    """base64url. keys: the ready file's credentials."""
    root = etree.fromstring(_text(keys, lifetime_s, recipient or keys["token_url"], subject or keys["user"]))
    if not unsigned:
        pem = serialization.load_pem_private_key(keys["saml_key"].encode(), None)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048) if other_key else pem
        assert isinstance(key, rsa.RSAPrivateKey)
        _sign(root, key)
    text = etree.tostring(root)
    if tamper:
        text = text.replace(b"urn:oasis:names:tc:SAML:2.0:cm:bearer", b"urn:oasis:names:tc:SAML:2.0:cm:other")
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _text(keys: dict[str, Any], lifetime_s: float, recipient: str, subject: str) -> str:
    now = datetime.now(UTC)
    issued, until = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (now, now + timedelta(seconds=lifetime_s)))
    return (
        f'<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{uuid.uuid4().hex}" Version="2.0" '
        f'IssueInstant="{issued}"><saml:Issuer>{keys["saml_issuer"]}</saml:Issuer><saml:Subject>'
        f"<saml:NameID>{subject}</saml:NameID>"
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{recipient}"/></saml:SubjectConfirmation>'
        f'</saml:Subject><saml:Conditions NotOnOrAfter="{until}"><saml:AudienceRestriction>'
        "<saml:Audience>tenant</saml:Audience></saml:AudienceRestriction></saml:Conditions></saml:Assertion>"
    )


def _canonical(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=True))


def _sign(root: etree._Element, key: rsa.RSAPrivateKey) -> None:
    digest = base64.b64encode(hashlib.sha256(_canonical(root)).digest()).decode()
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{_DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{_EXC}"/>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        f'<ds:Reference URI="#{root.get("ID")}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{_DS}enveloped-signature"/><ds:Transform Algorithm="{_EXC}"/></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>{digest}</ds:DigestValue>'
        "</ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>"
    )
    root.insert(1, signature)
    signed = signature.find(f"{{{_DS}}}SignedInfo")
    assert signed is not None
    value = key.sign(_canonical(signed), padding.PKCS1v15(), hashes.SHA256())
    signature.find(f"{{{_DS}}}SignatureValue").text = base64.b64encode(value).decode()
