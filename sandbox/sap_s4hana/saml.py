"""Reads a SAML 2.0 bearer assertion: signed by the trusted provider over what it says, for us, now.

Enveloped signature, exclusive canonical form, RSA with SHA-256. Source: vendor notes, section 2.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from datetime import datetime
from typing import NamedTuple
from xml.etree import ElementTree

import defusedxml.ElementTree
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_SPACES = {"saml": "urn:oasis:names:tc:SAML:2.0:assertion", "ds": _DSIG}
_METHODS = {
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmlenc#sha256",
    f"{_DSIG}enveloped-signature",
}
_SIGNED = re.compile(r"<((?:\w+:)?)SignedInfo[ >].*?</\1SignedInfo>", re.DOTALL)


class AssertionRefused(ValueError):
    """Why an assertion is not believed."""


class Subject(NamedTuple):
    name: str
    assertion_id: str


def subject_of(text: str, certificate: str, audience: str, now: datetime) -> Subject:
    """text: base64url. certificate: PEM of the provider. audience: the token endpoint's address. Raises AssertionRefused."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        root = defusedxml.ElementTree.fromstring(raw, forbid_dtd=True)
    except (binascii.Error, ValueError, ElementTree.ParseError) as exc:
        raise AssertionRefused("The assertion cannot be read.") from exc
    if root.tag != f"{{{_SPACES['saml']}}}Assertion":
        raise AssertionRefused("The document is no assertion.")
    _check_signature(root, raw, certificate)
    _check_time(root, audience, now)
    name = root.findtext("saml:Subject/saml:NameID", namespaces=_SPACES)
    if not name:
        raise AssertionRefused("The assertion names no subject.")
    return Subject(name.strip(), str(root.get("ID")))


def _check_signature(root: ElementTree.Element, raw: str, certificate: str) -> None:
    signatures = root.findall(".//ds:Signature", _SPACES)
    if len(signatures) != 1 or root.find("ds:Signature", _SPACES) is None:
        raise AssertionRefused("The assertion is not signed once.")
    signature = signatures[0]
    references = signature.findall("ds:SignedInfo/ds:Reference", _SPACES)
    named = [one.get("Algorithm") for one in signature.findall("ds:SignedInfo//*[@Algorithm]", _SPACES)]
    if len(references) != 1 or set(named) != _METHODS:
        raise AssertionRefused("The signature uses other methods.")
    if references[0].get("URI") != f"#{root.get('ID')}":
        raise AssertionRefused("The signature is over something else.")
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        value = base64.b64decode(signature.findtext("ds:SignatureValue", "", _SPACES))
        wanted = base64.b64decode(signature.findtext(".//ds:DigestValue", "", _SPACES))
        key.verify(value, signed_info(raw), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as exc:
        raise AssertionRefused("The signature is not valid.") from exc
    if not hmac.compare_digest(digest(raw), wanted):
        raise AssertionRefused("The assertion was changed after it was signed.")


def signed_info(raw: str) -> bytes:
    """The canonical form of what the signature value is over. Raises ValueError where there is none."""
    found = _SIGNED.search(ElementTree.canonicalize(raw))
    if found is None:
        raise ValueError("no SignedInfo")
    prefix = found[1].rstrip(":")
    declared = f'xmlns:{prefix}="{_DSIG}"' if prefix else f'xmlns="{_DSIG}"'
    alone = _SIGNED.search(ElementTree.canonicalize(f'<w:w xmlns:w="urn:w" {declared}>{found[0]}</w:w>'))
    assert alone is not None
    return alone[0].encode()


def digest(raw: str) -> bytes:
    """Of the assertion without its signature."""
    return hashlib.sha256(ElementTree.canonicalize(raw, exclude_tags={f"{{{_DSIG}}}Signature"}).encode()).digest()


def _check_time(root: ElementTree.Element, audience: str, now: datetime) -> None:
    conditions = root.find("saml:Conditions", _SPACES)
    if conditions is None:
        raise AssertionRefused("The assertion has no conditions.")
    starts, ends = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
    try:
        late = ends is None or now >= datetime.fromisoformat(ends)
        early = starts is not None and now < datetime.fromisoformat(starts)
    except (ValueError, TypeError) as exc:
        raise AssertionRefused("The assertion's times cannot be read.") from exc
    if late or early:
        raise AssertionRefused("The assertion is not valid now.")
    for data in root.iterfind(".//saml:SubjectConfirmationData", _SPACES):
        if data.get("Recipient") not in (None, audience):
            raise AssertionRefused("The assertion is for another recipient.")
