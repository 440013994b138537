"""A parsed query -> the ids it finds, and rows rendered as REST shows them.

Source: vendors/salesforce.md, section 5.1.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.org import Actor, Org, Row
from sandbox.salesforce_platform.schema import NUMBERS, Field, SObject
from sandbox.salesforce_platform.soql_filter import Filter
from sandbox.salesforce_platform.soql_names import Getter, Names
from sandbox.salesforce_platform.soql_parse import parse
from sandbox.salesforce_platform.soql_tree import Aggregate, Select, malformed
from sandbox.salesforce_platform.values import shown

Render = Callable[[Row], dict[str, Any]]
ChildPage = Callable[[Row, int], dict[str, Any] | None]
"""(parent row, which subquery of the query) -> its nested result."""

MOST_OFFSET = 2000


class Query:
    """One query, compiled. `deleted` also finds what is in the recycle bin (queryAll)."""

    def __init__(self, org: Org, soql: str, *, actor: Actor, deleted: bool = False) -> None:
        self.org, self.soql, self._actor, self._deleted = org, soql, actor, deleted
        self.names = Names(org, soql)
        self.tree = parse(soql)
        self.sobject = self.names.sobject(self.tree.source)
        self.children = [
            (one, *self.names.children(self.sobject, one.source)) for one in self.tree.items if isinstance(one, Select)
        ]
        self.aggregates = bool(self.tree.group) or any(isinstance(one, Aggregate) for one in self.tree.items)

    def ids(self) -> list[str]:
        return [row["Id"] for row in self.rows()]

    def rows(self) -> list[Row]:
        return self._run(self.tree, self.sobject, None)

    def child_rows(self, which: int, parent: Row) -> list[Row]:
        tree, child, reference = self.children[which]
        table = self.org.tables[child.name]
        return self._run(tree, child, [table.rows[each] for each in table.having(reference.name, parent["Id"])])

    def _run(self, tree: Select, sobject: SObject, among: list[Row] | None) -> list[Row]:
        if tree.offset > MOST_OFFSET:
            raise ApiError(400, "NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {MOST_OFFSET}")
        where = Filter(self.names, sobject, self._semi_join)
        rows = among if among is not None else self._candidates(tree, sobject, where)
        found = [row for row in rows if self._deleted or not row["IsDeleted"]]
        sees = self.org.triggers.sight(self.org, self._actor.user_id, sobject)
        if sees is not None:
            found = [row for row in found if sees(row)]
        if tree.where is not None:
            test = where.test(tree.where)
            found = [row for row in found if test(row)]
        for path, descending, last in reversed(tree.order):
            get = self.names.column(sobject, path).get
            found.sort(key=_sort_key(get, descending, last), reverse=descending)
        end = None if tree.limit is None else tree.offset + tree.limit
        return found[tree.offset : end]

    def _candidates(self, tree: Select, sobject: SObject, where: Filter) -> list[Row]:
        table = self.org.tables[sobject.name]
        ids = where.narrowed(tree.where)
        return list(table.rows.values()) if ids is None else [table.rows[each] for each in ids if each in table.rows]

    def _semi_join(self, tree: Select) -> set[Any]:
        sobject = self.names.sobject(tree.source)
        if len(tree.items) != 1 or not isinstance(tree.items[0], str):
            raise malformed("Only one column is allowed in the nested select of a semi join")
        get = self.names.column(sobject, tree.items[0]).get
        return {get(row) for row in self._run(tree, sobject, None)} - {None}

    def render(self, children: ChildPage) -> Render:
        """Rows of the query itself; `children` gives the nested result of each subquery."""
        plain = self._plan(self.tree, self.sobject)
        count = len(self.children)

        def one(row: Row) -> dict[str, Any]:
            made = plain(row)
            for which in range(count):
                made[self.children[which][2].children] = children(row, which)
            return made

        return one if count else plain

    def render_child(self, which: int) -> Render:
        tree, child, _ = self.children[which]
        return self._plan(tree, child)

    def _plan(self, tree: Select, sobject: SObject) -> Render:
        paths = [item for item in tree.items if isinstance(item, str)]
        return self._shape(sobject, [(p, p) for path in paths for p in self._expand(sobject, path)])

    def _expand(self, sobject: SObject, path: str) -> list[str]:
        if not path.startswith("FIELDS("):
            return [path]
        if path != "FIELDS(STANDARD)" and not (self.tree.limit and self.tree.limit <= 200):
            raise malformed("The SOQL FIELDS function must have a LIMIT of at most 200")
        wanted = {"FIELDS(ALL)": (True, False), "FIELDS(STANDARD)": (False,), "FIELDS(CUSTOM)": (True,)}.get(path)
        if wanted is None:
            raise malformed(f"unexpected token: '{path}'")
        multi = self.org.settings.multi_currency
        return [f.name for f in sobject.fields.values() if f.custom in wanted and (multi or not f.currency_only)]

    def _shape(self, sobject: SObject, paths: list[tuple[str, str]]) -> Render:
        """A renderer of these (rest of path, whole path) columns; columns of one parent share a nested object."""
        columns: list[tuple[Field, Getter | None]] = []
        below: dict[str, list[tuple[str, str]]] = {}
        for path, whole in paths:
            if path.lower().startswith(f"{sobject.name.lower()}.") and sobject.name.lower() not in sobject.parents:
                path = path.split(".", 1)[1]
            column = self.names.column(sobject, path)
            if column.parents:
                below.setdefault(column.parents[0].name, []).append((path.split(".", 1)[1], whole))
            else:
                columns.append((column.field, column.get if column.field.formula else None))
        parents = [self._parent(sobject.fields[name], rest) for name, rest in below.items()]
        base = f"/services/data/v{self._actor.version}/sobjects/{sobject.name}/"

        def render(row: Row) -> dict[str, Any]:
            made: dict[str, Any] = {"attributes": {"type": sobject.name, "url": base + row["Id"]}}
            for one, formula in columns:
                made[one.name] = shown(one, row.get(one.name) if formula is None else formula(row))
            for name, parent in parents:
                made[name] = parent(row)
            return made

        return render

    def _parent(self, reference: Field, paths: list[tuple[str, str]]) -> tuple[str, Callable[[Row], Any]]:
        render = self._shape(self.org.schema.objects[reference.to], paths)
        rows = self.org.tables[reference.to].rows

        def parent(row: Row) -> dict[str, Any] | None:
            found = rows.get(row.get(reference.name) or "")
            return None if found is None else render(found)

        return reference.relationship, parent

    def aggregate(self) -> list[dict[str, Any]]:
        """The rows of a query with aggregate functions, grouped or over everything."""
        keys = [(path, self.names.column(self.sobject, path)) for path in self.tree.group]
        groups: dict[tuple[Any, ...], list[Row]] = {} if keys else {(): []}
        for row in self._run(Select(where=self.tree.where), self.sobject, None):
            groups.setdefault(tuple(column.get(row) for _, column in keys), []).append(row)
        found = [self._group(values, rows, keys) for values, rows in groups.items()]
        return found[self.tree.offset :][: self.tree.limit]

    def _group(self, values: tuple[Any, ...], rows: list[Row], keys: list[Any]) -> dict[str, Any]:
        made: dict[str, Any] = {"attributes": {"type": "AggregateResult"}}
        by_path = {path.lower(): (column, value) for (path, column), value in zip(keys, values, strict=True)}
        unnamed = 0
        for item in self.tree.items:
            if isinstance(item, Aggregate):
                made[item.alias or f"expr{unnamed}"] = self._function(item, rows)
                unnamed += not item.alias
            elif isinstance(item, str) and item.lower() in by_path:
                column, value = by_path[item.lower()]
                made[column.field.name] = shown(column.field, value)
            else:
                raise malformed(f"Field must be grouped or aggregated: {item}")
        return made

    def _function(self, item: Aggregate, rows: list[Row]) -> Any:
        column = self.names.column(self.sobject, item.path)
        if item.function in ("sum", "avg") and column.field.type not in NUMBERS:
            raise malformed(f"field {column.field.name} does not support aggregate operator {item.function.upper()}")
        values = [value for value in map(column.get, rows) if value is not None]
        match item.function:
            case "count":
                return len(values)
            case "count_distinct":
                return len(set(values))
            case "min" | "max":
                return shown(column.field, (min if item.function == "min" else max)(values)) if values else None
        total = sum((Decimal(value) for value in values), Decimal(0))
        if item.function == "sum":
            return total if values else None
        return total / len(values) if values else None


def _sort_key(get: Callable[[Row], Any], descending: bool, last: bool) -> Callable[[Row], tuple[bool, Any]]:
    """Nulls come first unless told otherwise, in both directions."""
    null_flag = last != descending

    def key(row: Row) -> tuple[bool, Any]:
        value = get(row)
        if value is None:
            return null_flag, ""
        return not null_flag, value.lower() if isinstance(value, str) else value

    return key
