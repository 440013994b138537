"""The expression half of the SuiteQL parser."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal

from sandbox.netsuite.errors import NetSuiteError
from sandbox.netsuite.suiteql.lexer import Token, bad_sql
from sandbox.netsuite.suiteql.tree import (
    Between,
    Binary,
    Call,
    Case,
    Column,
    Exists,
    Expr,
    In,
    IsNull,
    Like,
    Literal,
    Param,
    Select,
    Star,
    Sub,
    Unary,
)

_CLAUSES = frozenset(
    "SELECT FROM WHERE GROUP BY HAVING ORDER UNION FETCH OFFSET ON JOIN INNER LEFT RIGHT FULL CROSS NATURAL AS AND OR NOT "
    "IN IS LIKE BETWEEN NULL ASC DESC NULLS CASE WHEN THEN ELSE END DISTINCT EXISTS".split()
)
_COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=")


class ExpressionParser(ABC):
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._at = tokens, 0
        self.params = 0

    @abstractmethod
    def query(self) -> Select:
        """A SELECT at the current token: expressions may hold one in parentheses."""

    def peek(self) -> str:
        return self._tokens[self._at].word()

    def take(self) -> Token:
        token = self._tokens[self._at]
        self._at += token.kind != "end"
        return token

    def accept(self, word: str) -> bool:
        found = self.peek() == word
        self._at += found
        return found

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise self._unexpected(word)

    def _unexpected(self, wanted: str) -> NetSuiteError:
        found = self._tokens[self._at].text or "end of query"
        return bad_sql(f"Invalid or unsupported search: {wanted} expected, '{found}' found.")

    def finish(self) -> None:
        if self._tokens[self._at].kind != "end":
            raise self._unexpected("end of query")

    def name(self) -> str:
        token = self._tokens[self._at]
        if token.kind == "quoted" or (token.kind == "name" and token.word() not in _CLAUSES):
            return self.take().text
        raise self._unexpected("name")

    def at_alias(self) -> bool:
        token = self._tokens[self._at]
        return token.kind == "quoted" or (token.kind == "name" and token.word() not in _CLAUSES)

    def star_or_expression(self) -> Expr:
        if self.accept("*"):
            return Star()
        ahead = self._tokens[self._at : self._at + 3]
        if len(ahead) == 3 and ahead[0].kind in ("name", "quoted") and ahead[1].text == "." and ahead[2].text == "*":
            self._at += 3
            return Star(ahead[0].text.lower())
        return self.expression()

    def expression(self) -> Expr:
        left = self._and()
        while self.accept("OR"):
            left = Binary("OR", left, self._and())
        return left

    def _and(self) -> Expr:
        left = self._not()
        while self.accept("AND"):
            left = Binary("AND", left, self._not())
        return left

    def _not(self) -> Expr:
        if self.accept("NOT"):
            return Unary("NOT", self._not())
        if self.accept("EXISTS"):
            return Exists(self._sub().query)
        return self._comparison()

    def _comparison(self) -> Expr:
        left = self._sum()
        if self.peek() in _COMPARISONS:
            op = self.take().text
            return Binary("<>" if op == "!=" else op, left, self._sum())
        if self.accept("IS"):
            negated = self.accept("NOT")
            self.expect("NULL")
            return IsNull(left, negated)
        negated = self.accept("NOT")
        if self.accept("IN"):
            return In(left, self._options(), negated)
        if self.accept("LIKE"):
            return Like(left, self._sum(), negated)
        if self.accept("BETWEEN"):
            low = self._sum()
            self.expect("AND")
            return Between(left, low, self._sum(), negated)
        if negated:
            raise self._unexpected("IN, LIKE or BETWEEN")
        return left

    def _options(self) -> tuple[Expr, ...]:
        if self._tokens[self._at + 1].word() == "SELECT":
            return (self._sub(),)
        self.expect("(")
        options = [self.expression()]
        while self.accept(","):
            options.append(self.expression())
        self.expect(")")
        return tuple(options)

    def _sub(self) -> Sub:
        self.expect("(")
        query = self.query()
        self.expect(")")
        return Sub(query)

    def _sum(self) -> Expr:
        left = self._product()
        while self.peek() in ("+", "-", "||"):
            left = Binary(self.take().text, left, self._product())
        return left

    def _product(self) -> Expr:
        left = self._unary()
        while self.peek() in ("*", "/"):
            left = Binary(self.take().text, left, self._unary())
        return left

    def _unary(self) -> Expr:
        if self.peek() in ("-", "+"):
            return Unary(self.take().text, self._unary())
        return self._primary()

    def _primary(self) -> Expr:
        token = self._tokens[self._at]
        if token.kind == "string":
            return Literal(self.take().text)
        if token.kind == "number":
            text = self.take().text
            return Literal(int(text) if text.isdigit() else Decimal(text))
        if self.accept("?"):
            self.params += 1
            return Param(self.params - 1)
        if self.accept("NULL"):
            return Literal(None)
        if self.accept("CASE"):
            return self._case()
        if token.text == "(" and self._tokens[self._at + 1].word() == "SELECT":
            return self._sub()
        if self.accept("("):
            inner = self.expression()
            self.expect(")")
            return inner
        return self._named()

    def _named(self) -> Expr:
        """A column, `source.column`, a function, or `BUILTIN.DF(...)`."""
        name = self.name()
        source = None
        if self.accept("."):
            source, name = name, self.name()
        if self.accept("("):
            return self._call(f"{source}.{name}" if source else name)
        return Column(source.lower() if source else None, name.lower())

    def _call(self, name: str) -> Expr:
        distinct = self.accept("DISTINCT")
        args: list[Expr] = []
        if not self.accept(")"):
            args.append(self.star_or_expression())
            while self.accept(","):
                args.append(self.expression())
            self.expect(")")
        return Call(name.upper(), tuple(args), distinct)

    def _case(self) -> Expr:
        operand = None if self.peek() == "WHEN" else self.expression()
        branches = []
        while self.accept("WHEN"):
            when = self.expression()
            self.expect("THEN")
            branches.append((when, self.expression()))
        otherwise = self.expression() if self.accept("ELSE") else None
        self.expect("END")
        return Case(operand, tuple(branches), otherwise)
