"""Tokens -> tree: SELECT with joins, sub-queries, grouping, ordering; expressions with the usual precedence."""

from __future__ import annotations

from sandbox.netsuite.suiteql.expressions import ExpressionParser
from sandbox.netsuite.suiteql.lexer import bad_sql, tokens_of
from sandbox.netsuite.suiteql.tree import Expr, Order, Select, Source


def parse(sql: str) -> tuple[Select, int]:
    """The query and how many `?` it has. Raises NetSuiteError 400."""
    parser = SelectParser(tokens_of(sql))
    query = parser.query()
    parser.finish()
    return query, parser.params


class SelectParser(ExpressionParser):
    def query(self) -> Select:
        first = self._select()
        union = []
        while self.peek() == "UNION":
            self.take()
            word = "UNION ALL" if self.accept("ALL") else "UNION"
            union.append((word, self._select()))
        orders = self._orders()
        limit, skip = self._fetch()
        given = first.__dict__ | {"orders": orders, "union": tuple(union), "skip": skip}
        return Select(**given | ({"limit": limit} if limit is not None else {}))

    def _select(self) -> Select:
        self.expect("SELECT")
        distinct = self.accept("DISTINCT")
        self.accept("ALL")
        limit = self._whole("TOP") if self.peek() == "TOP" else None
        items = [self._item()]
        while self.accept(","):
            items.append(self._item())
        self.expect("FROM")
        sources = self._sources()
        where = self.expression() if self.accept("WHERE") else None
        groups = self._list() if self._accept_pair("GROUP", "BY") else ()
        having = self.expression() if self.accept("HAVING") else None
        return Select(tuple(items), tuple(sources), where, groups, having, (), distinct, limit)

    def _item(self) -> tuple[Expr, str | None]:
        expr = self.star_or_expression()
        if self.accept("AS"):
            return expr, self.name()
        return expr, self.name() if self.at_alias() else None

    def _sources(self) -> list[Source]:
        sources = [self._source("", None)]
        while True:
            if self.accept(","):
                sources.append(self._source("CROSS JOIN", None))
                continue
            join = self._join()
            if join is None:
                return sources
            sources.append(self._source(join, None))

    def _join(self) -> str | None:
        word = self.peek()
        if word in ("INNER", "JOIN", "LEFT", "CROSS"):
            self.take()
            self.accept("OUTER")
            if word != "JOIN":
                self.expect("JOIN")
            return {"LEFT": "LEFT JOIN", "CROSS": "CROSS JOIN"}.get(word, "JOIN")
        if word in ("RIGHT", "FULL", "NATURAL"):
            raise bad_sql(f"Invalid or unsupported search: {word} JOIN is not supported.")
        return None

    def _source(self, join: str, on: Expr | None) -> Source:
        table: str | Select
        if self.accept("("):
            table = self.query()
            self.expect(")")
            alias = ""
        else:
            table = alias = self.name().lower()
        self.accept("AS")
        if self.at_alias():
            alias = self.name().lower()
        if join in ("JOIN", "LEFT JOIN"):
            self.expect("ON")
            on = self.expression()
        return Source(table, alias, join, on)

    def _orders(self) -> tuple[Order, ...]:
        if not self._accept_pair("ORDER", "BY"):
            return ()
        orders = [self._order()]
        while self.accept(","):
            orders.append(self._order())
        return tuple(orders)

    def _order(self) -> Order:
        expr = self.expression()
        descending = self.accept("DESC")
        if not descending:
            self.accept("ASC")
        nulls = self.take().word() if self.accept("NULLS") else None
        return Order(expr, descending, nulls)

    def _fetch(self) -> tuple[int | None, int]:
        skip = 0
        if self.peek() == "OFFSET":
            skip = self._whole("OFFSET")
            self.accept("ROWS") or self.accept("ROW")
        if self.peek() != "FETCH":
            return None, skip
        self.take()
        limit = self._whole(self.peek())
        self.accept("ROWS") or self.accept("ROW")
        self.expect("ONLY")
        return limit, skip

    def _whole(self, word: str) -> int:
        self.expect(word)
        token = self.take()
        if not token.text.isdigit():
            raise bad_sql(f"Invalid or unsupported search: a number is expected after {word}.")
        return int(token.text)

    def _list(self) -> tuple[Expr, ...]:
        items = [self.expression()]
        while self.accept(","):
            items.append(self.expression())
        return tuple(items)

    def _accept_pair(self, first: str, second: str) -> bool:
        if not self.accept(first):
            return False
        self.expect(second)
        return True
