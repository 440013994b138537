"""Tree -> SQLite text with named bindings. Unknown tables, columns and functions are refused in NetSuite's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.netsuite.suiteql.dates import BadDate, implied_date, to_date
from sandbox.netsuite.suiteql.functions import NOTHING, Piece, make
from sandbox.netsuite.suiteql.lexer import bad_sql
from sandbox.netsuite.suiteql.scope import Scope
from sandbox.netsuite.suiteql.shaping import distinct_names, without_rownum
from sandbox.netsuite.suiteql.tables import TABLES
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

_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_DATE_FUNCTIONS = {"TO_DATE": "day", "TO_TIMESTAMP": "stamp", "TO_TIMESTAMP_TZ": "stamp"}
_NOW = {"sysdate": "stamp", "current_timestamp": "stamp", "systimestamp": "stamp", "current_date": "day"}


@dataclass
class Compiled:
    sql: str
    columns: list[tuple[str, str]]
    """(answer name, type)"""


@dataclass
class Compiler:
    """`params`: values for `?`. `now`: SYSDATE in kept form. `iso`: ISO dates are taken as literals."""

    params: Sequence[Any]
    now: str
    iso: bool
    binds: dict[str, Any] = field(default_factory=dict)

    def select(self, query: Select, outer: Scope | None = None) -> Compiled:
        scope = Scope(outer)
        tables = " ".join(self._source(scope, source) for source in query.sources)
        columns = self._columns(scope, query)
        shown = ", ".join(f'{piece.sql} AS "{name}"' for name, piece in columns)
        where, top = without_rownum(query.where)
        sql = f"SELECT {'DISTINCT ' if query.distinct else ''}{shown} FROM {tables}"
        sql += f" WHERE {self.expr(scope, where).sql}" if where else ""
        if query.groups:
            sql += " GROUP BY " + ", ".join(self.expr(scope, group).sql for group in query.groups)
        sql += f" HAVING {self.expr(scope, query.having).sql}" if query.having else ""
        for word, other in query.union:
            sql += f" {word} {self.select(other, outer).sql}"
        aliases = {name: piece.kind for name, piece in columns}
        sql += self._ordered(scope, query, aliases)
        limits = [n for n in (query.limit, top) if n is not None]
        if limits or query.skip:
            sql += f" LIMIT {min(limits, default=-1)} OFFSET {query.skip}"
        return Compiled(sql, [(name, piece.kind) for name, piece in columns])

    def _source(self, scope: Scope, source: Any) -> str:
        if isinstance(source.table, Select):
            inner = self.select(source.table)
            scope.add(source.alias or f"sub{len(scope.sources)}", None, dict(inner.columns))
            text = f'({inner.sql}) AS "{source.alias or "sub" + str(len(scope.sources) - 1)}"'
        else:
            table = TABLES.get(source.table)
            if table is None:
                raise bad_sql(f"Search error occurred: Record '{source.table}' was not found.")
            scope.add(source.alias, table.name, table.columns)
            text = f'"{table.name}" AS "{source.alias}"'
        on = f" ON {self.expr(scope, source.on).sql}" if source.on else ""
        return f"{source.join} {text}{on}".strip()

    def _columns(self, scope: Scope, query: Select) -> list[tuple[str, Piece]]:
        columns: list[tuple[str, Piece]] = []
        for number, (expr, alias) in enumerate(query.items, start=1):
            if isinstance(expr, Star):
                columns += scope.all(expr.source)
                continue
            name = alias or (expr.name if isinstance(expr, Column) else f"expr{number}")
            columns.append((name.lower(), self.expr(scope, expr)))
        return distinct_names(columns)

    def _ordered(self, scope: Scope, query: Select, aliases: dict[str, str]) -> str:
        parts = []
        for order in query.orders:
            expr = order.expr
            if isinstance(expr, Literal) and isinstance(expr.value, int):
                sql = str(expr.value)
            elif isinstance(expr, Column) and expr.source is None and expr.name in aliases:
                sql = f'"{expr.name}"'
            else:
                sql = self.expr(scope, expr).sql
            nulls = order.nulls or ("FIRST" if order.descending else "LAST")
            parts.append(f"{sql} {'DESC' if order.descending else 'ASC'} NULLS {nulls}")
        return " ORDER BY " + ", ".join(parts) if parts else ""

    def bind(self, value: Any, kind: str) -> Piece:
        name = f"b{len(self.binds)}"
        # SQLite has no exact decimals; a REAL compares rightly up to 15 digits
        self.binds[name] = float(value) if isinstance(value, Decimal) else value
        return Piece(f":{name}", kind, value)

    def expr(self, scope: Scope, expr: Expr) -> Piece:
        match expr:
            case Column():
                if expr.source is None and expr.name in _NOW and not scope.knows(expr.name):
                    return self.bind(
                        self.now if _NOW[expr.name] == "stamp" else self.now[:10] + " 00:00:00", _NOW[expr.name]
                    )
                if expr.source is None and expr.name == "rownum":
                    return Piece("ROW_NUMBER() OVER ()", "int")
                return scope.column(expr.source, expr.name)
            case Literal():
                return self._value(expr.value)
            case Param():
                return self._value(self.params[expr.index])
            case Binary():
                return self._binary(scope, expr)
            case Unary():
                inner = self.expr(scope, expr.operand)
                return Piece(f"({expr.op} {inner.sql})", inner.kind if expr.op != "NOT" else "int")
            case Call():
                return self._call(scope, expr)
            case Sub():
                inner_query = self.select(expr.query, scope)
                return Piece(f"({inner_query.sql})", inner_query.columns[0][1])
            case Exists():
                return Piece(f"EXISTS ({self.select(expr.query, scope).sql})", "int")
            case Case():
                return self._case(scope, expr)
            case _:
                return self._test(scope, expr)

    def _value(self, value: Any) -> Piece:
        if value is None:
            return Piece("NULL", "null", None)
        if isinstance(value, bool):
            return self.bind("T" if value else "F", "flag")
        return self.bind(value, "text" if isinstance(value, str) else "num")

    def _test(self, scope: Scope, expr: Expr) -> Piece:
        """IN, BETWEEN, LIKE, IS NULL."""
        match expr:
            case In():
                left = self.expr(scope, expr.operand)
                if len(expr.options) == 1 and isinstance(expr.options[0], Sub):
                    options = self.select(expr.options[0].query, scope).sql
                else:
                    options = ", ".join(self._as(left, self.expr(scope, option)).sql for option in expr.options)
                return Piece(f"({left.sql} {'NOT ' if expr.negated else ''}IN ({options}))", "int")
            case Between():
                left = self.expr(scope, expr.operand)
                low, high = (self._as(left, self.expr(scope, bound)) for bound in (expr.low, expr.high))
                return Piece(f"({left.sql} {'NOT ' if expr.negated else ''}BETWEEN {low.sql} AND {high.sql})", "int")
            case Like():
                left, pattern = self.expr(scope, expr.operand), self.expr(scope, expr.pattern)
                return Piece(f"({left.sql} {'NOT ' if expr.negated else ''}LIKE {pattern.sql})", "int")
            case IsNull():
                return Piece(f"({self.expr(scope, expr.operand).sql} IS {'NOT ' if expr.negated else ''}NULL)", "int")
        raise bad_sql("Invalid or unsupported search: '*' is not a value.")

    def _binary(self, scope: Scope, expr: Binary) -> Piece:
        left, right = self.expr(scope, expr.left), self.expr(scope, expr.right)
        if expr.op in _COMPARISONS:
            left, right = self._as(right, left), self._as(left, right)
            return Piece(f"({left.sql} {expr.op} {right.sql})", "int")
        if expr.op in ("AND", "OR"):
            return Piece(f"({left.sql} {expr.op} {right.sql})", "int")
        if expr.op == "||":
            return Piece(f"(COALESCE({left.sql}, '') || COALESCE({right.sql}, ''))")
        if left.dated and expr.op in ("+", "-"):
            if right.dated:
                return Piece(f"ns_days_between({left.sql}, {right.sql})", "num")
            return Piece(f"ns_add_days({left.sql}, {expr.op}({right.sql}))", "stamp")
        if expr.op == "/":
            return Piece(f"(CAST({left.sql} AS REAL) / {right.sql})", "num")
        return Piece(f"({left.sql} {expr.op} {right.sql})", "num")

    def _as(self, other: Piece, piece: Piece) -> Piece:
        """A text literal beside a date is read as a date, one beside a number as a number."""
        if not isinstance(piece.constant, str):
            return piece
        if other.dated and not piece.dated:
            try:
                return self.bind(implied_date(piece.constant, iso=self.iso), "stamp")
            except BadDate as exc:
                raise bad_sql(f"Search error occurred: Invalid date value: {exc}.") from exc
        return piece

    def _call(self, scope: Scope, expr: Call) -> Piece:
        if expr.name == "COUNT":
            inner = "*" if expr.args and isinstance(expr.args[0], Star) else self.expr(scope, expr.args[0]).sql
            return Piece(f"COUNT({'DISTINCT ' if expr.distinct else ''}{inner})", "int")
        args = [self.expr(scope, arg) for arg in expr.args]
        if expr.name == "BUILTIN.DF":
            return self._display(args)
        if expr.name in _DATE_FUNCTIONS:
            return self._date(expr.name, args)
        if expr.name.lower() in _NOW and not args:
            return self.bind(self.now, "stamp")
        if expr.distinct:
            args[0] = Piece(f"DISTINCT {args[0].sql}", args[0].kind)
        return make(expr.name, args)

    def _display(self, args: list[Piece]) -> Piece:
        if len(args) != 1 or args[0].origin is None:
            raise bad_sql("Search error occurred: BUILTIN.DF needs a field.")
        table, column = args[0].origin
        return Piece(f"ns_display('{table}', '{column}', {args[0].sql})")

    def _date(self, name: str, args: list[Piece]) -> Piece:
        kind, value = _DATE_FUNCTIONS[name], args[0].constant if args else NOTHING
        if not args:
            raise bad_sql(f"Search error occurred: Invalid number of parameters of function {name}.")
        if not isinstance(value, str):
            model = args[1].sql if len(args) > 1 else "'YYYY-MM-DD'"
            return Piece(f"ns_to_date({args[0].sql}, {model})", kind)
        try:
            if len(args) > 1:
                return self.bind(to_date(value, str(args[1].constant)), kind)
            return self.bind(implied_date(value, iso=self.iso), kind)
        except BadDate as exc:
            raise bad_sql(f"Search error occurred: {exc}.") from exc

    def _case(self, scope: Scope, expr: Case) -> Piece:
        subject = f" {self.expr(scope, expr.operand).sql}" if expr.operand else ""
        branches = [(self.expr(scope, when), self.expr(scope, then)) for when, then in expr.branches]
        text = " ".join(f"WHEN {when.sql} THEN {then.sql}" for when, then in branches)
        otherwise = f" ELSE {self.expr(scope, expr.otherwise).sql}" if expr.otherwise else ""
        return Piece(f"CASE{subject} {text}{otherwise} END", branches[0][1].kind)
