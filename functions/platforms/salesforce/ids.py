"""Salesforce record ids: 15 case-sensitive characters, or 18 that any case can be told from."""

from __future__ import annotations

from shared.faults import Poison

_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def record_id(text: str) -> str:
    """The 18-character form, so that the same record is never two. Raises Poison("record_id_unreadable").

    Source: docs/connectors/salesforce.md, "Ids": per group of five characters a bit per upper-case letter.
    """
    if not text.isascii() or not text.isalnum() or len(text) not in (15, 18):
        raise Poison("record_id_unreadable", length=str(len(text)))
    head = text[:15]
    groups = (head[i : i + 5] for i in (0, 5, 10))
    return head + "".join(
        _SUFFIX[sum(1 << bit for bit, char in enumerate(group) if char.isupper())] for group in groups
    )
