"""The tokens of a filter or order expression."""

from __future__ import annotations

import re
from typing import NamedTuple

from sandbox.kit.odata.errors import SyntaxRefused

_NAME = r"[A-Za-z_@$][\w.]*"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<guid>[0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}})
    |(?P<instant>\d{{4}}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))
    |(?P<date>\d{{4}}-\d\d-\d\d)
    |(?P<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)
    |(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[mMdDfFlL]?(?![\w.]))
    |(?P<typed>{_NAME}'(?:[^']|'')*')
    |(?P<string>'(?:[^']|'')*')
    |(?P<name>{_NAME}(?:/{_NAME})*)
    |(?P<mark>[(),:/])""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """`kind`: guid, instant, date, time, number, typed, string, name, mark or end; `at`: position in the text."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> list[Token]:
    """Raises SyntaxRefused with the position of what cannot be read."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise SyntaxRefused(f"Syntax error: character '{text[at]}' is not valid at position {at} in '{text}'.")
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup, match.group(), at))
        at = match.end()
    return [*found, Token("end", "", len(text))]
