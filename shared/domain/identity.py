"""Who is who: canonical ids and other systems' ids for the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha1
from uuid import UUID

_NAMESPACE = UUID("8f1a7c0e-52a4-5d0b-9d63-0b6f5f3f2b11")
"""Fixed for ever: another value would give every record a new id."""


@dataclass(frozen=True, slots=True)
class ExternalRef:
    """The id that one system has for one thing: ("netsuite", "invoice", "1042")."""

    system: str
    kind: str
    id: str


def canonical_id(scope: str, system: str, kind: str, origin_id: str) -> str:
    """UUIDv5 of (scope, origin system, kind, origin id): the same record always gets the same id, with no look-up.

    scope: the deployment's identity scope, a legal entity or the group of legal entities that share the origin system.
    """
    return _uuid5("\x1f".join((scope, system, kind, origin_id)))


def derived_id(*parts: str) -> str:
    """UUIDv5 of business identity that is ours, such as (invoice, billing group, period, sequence)."""
    return _uuid5("\x1e".join(parts))


def _uuid5(name: str) -> str:
    """str(uuid.uuid5(_NAMESPACE, name)) of RFC 9562, without the object between: every WIP item asks for one."""
    digest = bytearray(sha1(_NAMESPACE.bytes + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
