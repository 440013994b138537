"""SOQL text -> syntax tree. Names are not looked up here.

Source: vendors/salesforce.md, section 5.1, 5.2; SOQL and SOSL Reference (SELECT syntax).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.soql_tree import (
    Aggregate,
    Compare,
    Junction,
    Literal,
    Not,
    Select,
    Token,
    malformed,
    tokens,
    unescape,
)

_AGGREGATES = frozenset({"count", "count_distinct", "sum", "avg", "min", "max"})
_CLAUSES = frozenset({"using", "where", "group", "having", "order", "limit", "offset", "for", "all", "with"})


def parse(soql: str) -> Select:
    """Raises ApiError MALFORMED_QUERY."""
    reader = _Reader(tokens(soql))
    tree = reader.select()
    if reader.peek():
        raise reader.unexpected()
    return tree


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self._tokens, self._at = found, 0

    def peek(self, ahead: int = 0) -> Token | None:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def unexpected(self) -> ApiError:
        token = self.peek()
        return malformed(f"unexpected token: '{token.text if token else '<EOF>'}'")

    def word(self, *words: str) -> bool:
        """Takes these words if they come next."""
        for ahead, wanted in enumerate(words):
            token = self.peek(ahead)
            if token is None or token.kind != "name" or token.text.lower() != wanted:
                return False
        self._at += len(words)
        return True

    def mark(self, text: str) -> bool:
        token = self.peek()
        if token and token.kind == "mark" and token.text == text:
            self._at += 1
            return True
        return False

    def need_mark(self, text: str) -> None:
        if not self.mark(text):
            raise self.unexpected()

    def take(self, kind: str) -> Token:
        token = self.peek()
        if token is None or token.kind != kind:
            raise self.unexpected()
        self._at += 1
        return token

    def select(self) -> Select:
        tree = Select()
        if not self.word("select"):
            raise self.unexpected()
        tree.items.append(self.item(tree))
        while self.mark(","):
            tree.items.append(self.item(tree))
        if not self.word("from"):
            raise self.unexpected()
        tree.source = self.take("name").text
        self.alias()
        self.tail(tree)
        if tree.count_only and len(tree.items) > 1:
            raise malformed("COUNT() must be the only element in the SELECT list")
        return tree

    def alias(self) -> None:
        token = self.peek()
        if token and token.kind == "name" and token.text.lower() not in _CLAUSES:
            raise malformed(f"unexpected token: '{token.text}'")

    def item(self, tree: Select) -> Any:
        if self.mark("("):
            inner = self.select()
            self.need_mark(")")
            return inner
        name = self.take("name").text
        if not self.mark("("):
            return name
        if name.lower() == "fields":
            kind = self.take("name").text
            self.need_mark(")")
            return f"FIELDS({kind.upper()})"
        if name.lower() == "count" and self.mark(")"):
            tree.count_only = True
            return "COUNT()"
        if name.lower() not in _AGGREGATES:
            raise malformed(f"unexpected token: '{name}'")
        path = self.take("name").text
        self.need_mark(")")
        token = self.peek()
        named = token is not None and token.kind == "name" and token.text.lower() != "from"
        alias = self.take("name").text if named else ""
        return Aggregate(name.lower(), path, alias)

    def tail(self, tree: Select) -> None:
        """The clauses after FROM, in their only order."""
        if self.word("using", "scope"):
            self.take("name")
        if self.word("where"):
            tree.where = self.condition()
        if self.word("group", "by"):
            tree.group = [self.take("name").text]
            while self.mark(","):
                tree.group.append(self.take("name").text)
        if self.word("order", "by"):
            tree.order.append(self.ordering())
            while self.mark(","):
                tree.order.append(self.ordering())
        if self.word("limit"):
            tree.limit = self.whole()
        if self.word("offset"):
            tree.offset = self.whole()
        if self.word("for") and not (self.word("view") or self.word("reference") or self.word("update")):
            raise self.unexpected()
        self.word("all", "rows")

    def whole(self) -> int:
        token = self.take("number")
        if not token.text.isdigit():
            raise malformed(f"unexpected token: '{token.text}'")
        return int(token.text)

    def ordering(self) -> tuple[str, bool, bool]:
        path = self.take("name").text
        descending = self.word("desc") or (self.word("asc") and False)
        last = self.word("nulls", "last") or (self.word("nulls", "first") and False)
        return path, descending, last

    def condition(self) -> Any:
        """AND and OR never mix without parentheses."""
        parts, word = [self.term()], ""
        while True:
            found = "AND" if self.word("and") else "OR" if self.word("or") else ""
            if not found:
                return Junction(word, tuple(parts)) if word else parts[0]
            if word and found != word:
                raise malformed(f"unexpected token: '{found}'")
            word = found
            parts.append(self.term())

    def term(self) -> Any:
        if self.word("not"):
            return Not(self.term())
        if self.mark("("):
            inner = self.condition()
            self.need_mark(")")
            return inner
        path = self.take("name").text
        if self.word("not", "in"):
            return Compare(path, "NOT IN", self.several())
        if self.word("in"):
            return Compare(path, "IN", self.several())
        if self.word("like"):
            return Compare(path, "LIKE", self.literal())
        if self.word("includes"):
            return Compare(path, "INCLUDES", self.several())
        if self.word("excludes"):
            return Compare(path, "EXCLUDES", self.several())
        op = self.take("op").text
        return Compare(path, "!=" if op == "<>" else op, self.literal())

    def several(self) -> Any:
        self.need_mark("(")
        token = self.peek()
        if token and token.kind == "name" and token.text.lower() == "select":
            inner = self.select()
            self.need_mark(")")
            return inner
        found = [self.literal()]
        while self.mark(","):
            found.append(self.literal())
        self.need_mark(")")
        return tuple(found)

    def literal(self) -> Literal:
        token = self.peek()
        if token is None or token.kind in ("mark", "op"):
            raise self.unexpected()
        self._at += 1
        if token.kind == "string":
            return Literal("string", unescape(token.text[1:-1]))
        if token.kind == "number":
            return Literal("number", Decimal(token.text))
        if token.kind != "name":
            return Literal(token.kind, token.text)
        lower = token.text.lower()
        if lower in ("true", "false"):
            return Literal("boolean", lower == "true")
        return Literal("null", None) if lower == "null" else Literal("name", token.text.upper())
