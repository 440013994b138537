"""What is cut, and how: Business Central counts UTF-16 units and refuses what is longer than its field.

Source: docs/connectors/business_central.md, "Lengths".
"""

from __future__ import annotations

from uuid import UUID

NUMBER = 20
"""Of a customer's or project's number (Code[20]): the first 20 hexadecimal digits of our id, in capitals."""


def cut(text: str, most: int) -> str:
    """At most so many UTF-16 units; no character is halved."""
    return text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore").rstrip()


def in_two(text: str, first: int, second: int) -> tuple[str, str]:
    """A long text goes on in a second field; what is longer than both is cut."""
    text = " ".join(text.split())
    head = text.encode("utf-16-le")[: first * 2].decode("utf-16-le", "ignore")
    return head, cut(text[len(head) :], second)


def number_of(our_id: str) -> str:
    """Raises ValueError for an id that is no UUID."""
    return UUID(our_id).hex[:NUMBER].upper()


def reference_of(our_id: str) -> str:
    """externalDocumentNumber (Code[35]): our id without hyphens, in capitals."""
    return UUID(our_id).hex.upper()


def our_id_of(reference: object) -> str | None:
    """The invoice id behind an externalDocumentNumber; None for what is not ours: our ids are UUIDs of version 5."""
    text = str(reference or "").strip()
    try:
        found = UUID(text) if len(text) == 32 else None
    except ValueError:
        return None
    return str(found) if found is not None and found.version == 5 else None
