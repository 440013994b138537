"""SuiteQL text -> tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.netsuite.errors import Detail, NetSuiteError

_TOKENS = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<string>'(?:[^']|'')*')
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)
  | (?P<quoted>"[^"]+")
  | (?P<name>[A-Za-z_][A-Za-z0-9_$\#]*)
  | (?P<mark><>|!=|<=|>=|\|\||[-+*/=<>(),.?;])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """kind: string | number | quoted | name | mark | end. `text`: the content without quotes; names as written."""

    kind: str
    text: str

    def word(self) -> str:
        """Upper case for keywords and marks; empty for quoted names and strings."""
        return self.text.upper() if self.kind in ("name", "mark") else ""


def bad_sql(text: str) -> NetSuiteError:
    detail = f"Invalid search query. Detailed unprocessed description follows. {text}"
    return NetSuiteError(400, Detail(detail, "INVALID_PARAMETER", {"o:errorPath": "q"}))


def tokens_of(sql: str) -> list[Token]:
    tokens, at = [], 0
    while at < len(sql):
        match = _TOKENS.match(sql, at)
        if match is None:
            raise bad_sql(f"Invalid or unsupported search: unexpected character '{sql[at]}' at {at}.")
        kind, text = match.lastgroup or "", match.group()
        if kind == "string":
            tokens.append(Token(kind, text[1:-1].replace("''", "'")))
        elif kind == "quoted":
            tokens.append(Token(kind, text[1:-1]))
        elif kind != "space" and text != ";":
            tokens.append(Token(kind, text))
        at = match.end()
    return [*tokens, Token("end", "")]
