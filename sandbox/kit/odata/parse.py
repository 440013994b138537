"""Filter text to tree, by precedence: or, and, not, comparison, add/sub, mul/div/mod, primary."""

from __future__ import annotations

from sandbox.kit.odata.errors import SyntaxRefused
from sandbox.kit.odata.lexer import Token, tokens
from sandbox.kit.odata.literals import BOOLEAN, DATE, GUID, INSTANT, NULL, STRING, TIME, instant, number, typed
from sandbox.kit.odata.tree import AnyOf, Binary, Call, Junction, Literal, Negation, Node, Property

_COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
_WORDS = {"true": (BOOLEAN, True), "false": (BOOLEAN, False), "null": (NULL, None)}
_DEEPEST = 100


def filter_tree(text: str) -> Node:
    """Raises SyntaxRefused."""
    parser = _Parser(text)
    node = parser.junction("or")
    parser.expect("end", "")
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self._text, self._tokens, self._at, self._depth = text, tokens(text), 0, 0

    def junction(self, operator: str) -> Node:
        parts = [self._part(operator)]
        while self._take("name", operator):
            parts.append(self._part(operator))
        return parts[0] if len(parts) == 1 else Junction(operator, tuple(parts))

    def _part(self, operator: str) -> Node:
        return self.junction("and") if operator == "or" else self._negation()

    def expect(self, kind: str, text: str) -> None:
        if not self._take(kind, text):
            token = self._now
            seen = f"'{token.text}'" if token.text else "the end"
            wanted = f"'{text}' expected" if text else "nothing more expected"
            raise SyntaxRefused(f"Syntax error at position {token.at} in '{self._text}': {wanted}, found {seen}.")

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _take(self, kind: str, *texts: str) -> Token | None:
        token = self._now
        if token.kind != kind or (texts and token.text not in texts):
            return None
        self._at += 1
        return token

    def _negation(self) -> Node:
        if self._take("name", "not"):
            return Negation(self._negation())
        left = self._sum()
        if operator := self._take("name", *_COMPARISONS):
            return Binary(operator.text, left, self._sum())
        if self._take("name", "in"):
            self.expect("mark", "(")
            return AnyOf(left, self._listed())
        return left

    def _sum(self) -> Node:
        left = self._product()
        while operator := self._take("name", "add", "sub"):
            left = Binary(operator.text, left, self._product())
        return left

    def _product(self) -> Node:
        left = self._primary()
        while operator := self._take("name", "mul", "div", "mod"):
            left = Binary(operator.text, left, self._primary())
        return left

    def _primary(self) -> Node:
        if self._take("mark", "("):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise SyntaxRefused("The recursion limit has been exceeded.")
            node = self.junction("or")
            self._depth -= 1
            self.expect("mark", ")")
            return node
        token = self._now
        self._at += 1
        if token.kind == "name":
            if token.text in _WORDS:
                return Literal(*_WORDS[token.text])
            return Call(token.text, self._listed()) if self._take("mark", "(") else Property(token.text)
        return self._literal(token)

    def _listed(self) -> tuple[Node, ...]:
        """Arguments up to the closing bracket; the opening one is taken."""
        if self._take("mark", ")"):
            return ()
        found = [self.junction("or")]
        while self._take("mark", ","):
            found.append(self.junction("or"))
        self.expect("mark", ")")
        return tuple(found)

    def _literal(self, token: Token) -> Literal:
        match token.kind:
            case "string":
                return Literal(STRING, _unquoted(token.text))
            case "number":
                return Literal(*number(token.text))
            case "guid":
                return Literal(GUID, token.text.lower())
            case "instant":
                return Literal(INSTANT, instant(token.text))
            case "date":
                return Literal(DATE, token.text)
            case "time":
                return Literal(TIME, token.text)
            case "typed":
                prefix, _, rest = token.text.partition("'")
                return Literal(*typed(prefix, _unquoted("'" + rest)))
        seen = f"'{token.text}'" if token.text else "the end"
        raise SyntaxRefused(f"Expression expected at position {token.at} in '{self._text}', found {seen}.")


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")
