"""DynamoDB's condition and update expressions, as far as our writes use them, worked out on one row in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from shared.adapters.rows import Row

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+\-]|[:#]?[A-Za-z_][A-Za-z0-9_]*)")
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left is not None and left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left is not None and right is not None and left < right,
    "<=": lambda left, right: left is not None and right is not None and left <= right,
    ">": lambda left, right: left is not None and right is not None and left > right,
    ">=": lambda left, right: left is not None and right is not None and left >= right,
}
Value = str | int | None


class Expression:
    """names: ExpressionAttributeNames; values: ExpressionAttributeValues as DynamoDB has them ({":n": {"N": "1"}}).

    Raises ValueError for what it cannot read: a dry run that guesses would be worse than none.
    """

    def __init__(self, text: str, names: Mapping[str, str], values: Mapping[str, Mapping[str, str]]) -> None:
        self._tokens, self._at = _tokens(text), 0
        self._names = names
        self._values = {name: int(each["N"]) if "N" in each else each["S"] for name, each in values.items()}

    def holds(self, row: Row | None) -> bool:
        """row: None where none stands."""
        self._at = 0
        held = self._either(row or {})
        self._end()
        return held

    def applied(self, row: Row) -> Row:
        """SET, REMOVE and ADD clauses; every value is read from the row as it was."""
        self._at = 0
        changed = dict(row)
        while self._at < len(self._tokens):
            clause = self._take().upper()
            if clause not in ("SET", "REMOVE", "ADD"):
                raise ValueError(f"cannot work out {clause}")
            self._change(clause, row, changed)
            while self._skip(","):
                self._change(clause, row, changed)
        return changed

    def _change(self, clause: str, row: Row, changed: Row) -> None:
        name = self._name()
        if clause == "REMOVE":
            changed.pop(name, None)
        elif clause == "ADD":
            changed[name] = int(row.get(name, 0)) + int(self._sum(row))
        else:
            self._expect("=")
            changed[name] = self._sum(row)

    def _either(self, row: Row) -> bool:
        held = self._both(row)
        while self._skip("OR"):
            held = self._both(row) or held
        return held

    def _both(self, row: Row) -> bool:
        held = self._one(row)
        while self._skip("AND"):
            held = self._one(row) and held
        return held

    def _one(self, row: Row) -> bool:
        if self._skip("NOT"):
            return not self._one(row)
        if self._skip("("):
            held = self._either(row)
            self._expect(")")
            return held
        if self._peek() in ("attribute_exists", "attribute_not_exists", "begins_with"):
            return self._function(row)
        left = self._sum(row)
        sign = self._take()
        if sign.upper() == "IN":
            return left in self._list(row)
        if sign not in _COMPARED:
            raise ValueError(f"cannot compare by {sign}")
        return bool(_COMPARED[sign](left, self._sum(row)))

    def _function(self, row: Row) -> bool:
        function = self._take()
        self._expect("(")
        name = self._name()
        if function == "begins_with":
            self._expect(",")
            held = str(row.get(name, "")).startswith(str(self._sum(row)))
        else:
            held = (name in row) == (function == "attribute_exists")
        self._expect(")")
        return held

    def _list(self, row: Row) -> list[Value]:
        self._expect("(")
        found = [self._sum(row)]
        while self._skip(","):
            found.append(self._sum(row))
        self._expect(")")
        return found

    def _sum(self, row: Row) -> Any:
        total = self._value(row)
        while self._peek() in ("+", "-"):
            sign = self._take()
            more: Any = self._value(row)
            total = total + more if sign == "+" else total - more
        return total

    def _value(self, row: Row) -> Any:
        if self._skip("if_not_exists"):
            self._expect("(")
            name = self._name()
            self._expect(",")
            other = self._sum(row)
            self._expect(")")
            return row.get(name, other)
        token = self._peek()
        if token.startswith(":"):
            return self._values[self._take()]
        return row.get(self._name())

    def _name(self) -> str:
        token = self._take()
        return self._names[token] if token.startswith("#") else token

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        if not token:
            raise ValueError("the expression ends too early")
        self._at += 1
        return token

    def _skip(self, word: str) -> bool:
        if self._peek().upper() != word.upper():
            return False
        self._at += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._skip(word):
            raise ValueError(f"expected {word}, found {self._peek()!r}")

    def _end(self) -> None:
        if self._peek():
            raise ValueError(f"cannot read {self._peek()!r}")


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"cannot read {text[at:]!r}")
        found.append(match.group(1))
        at = match.end()
    return found
