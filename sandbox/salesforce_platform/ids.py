"""Record ids: 15 characters that tell upper from lower case, 18 with a suffix that keeps the case.

Source: vendors/salesforce.md, section 2.
"""

from __future__ import annotations

import re

_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
_POD = "Qy0"


def suffix(fifteen: str) -> str:
    """The three characters that make a 15-character id an 18-character one."""
    groups = (fifteen[start : start + 5] for start in (0, 5, 10))
    return "".join(_SUFFIX[sum(1 << i for i, char in enumerate(group) if char.isupper())] for group in groups)


def to18(record_id: str) -> str | None:
    """The 18-character form of a 15 or 18 character id; None when it is no id."""
    if not isinstance(record_id, str) or not _SHAPE.fullmatch(record_id):
        return None
    fifteen = record_id[:15]
    whole = fifteen + suffix(fifteen)
    return whole if len(record_id) == 15 or record_id == whole else None


def make_id(prefix: str, number: int) -> str:
    """The `number`th id of a kind of record, 18 characters; neighbours differ in digits and letters of both cases."""
    digits = ""
    for _ in range(9):
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    fifteen = f"{prefix}{_POD}{digits}"
    return fifteen + suffix(fifteen)
