"""Which columns a name may mean inside one query; sub-queries see the query around them."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.netsuite.suiteql.functions import Piece
from sandbox.netsuite.suiteql.lexer import bad_sql


class Scope:
    def __init__(self, outer: Scope | None) -> None:
        self._outer = outer
        self.sources: dict[str, tuple[str | None, Mapping[str, str]]] = {}

    def add(self, alias: str, table: str | None, columns: Mapping[str, str]) -> None:
        if alias in self.sources:
            raise bad_sql(f"Search error occurred: The alias '{alias}' is used twice.")
        self.sources[alias] = (table, columns)

    def knows(self, name: str) -> bool:
        return any(name in columns for _, columns in self.sources.values())

    def column(self, source: str | None, name: str) -> Piece:
        """Raises NetSuiteError 400: unknown, or in two sources."""
        if source is not None and source not in self.sources:
            if self._outer is None:
                raise bad_sql(f"Search error occurred: Unknown identifier '{source}'.")
            return self._outer.column(source, name)
        aliases = [source] if source is not None else list(self.sources)
        holders = [alias for alias in aliases if name in self.sources[alias][1]]
        if len(holders) > 1:
            raise bad_sql(f"Search error occurred: The field '{name}' is ambiguous.")
        if holders:
            return self._piece(holders[0], name)
        if self._outer is not None and source is None:
            return self._outer.column(None, name)
        record = self.sources[aliases[0]][0] or aliases[0]
        raise bad_sql(f"Search error occurred: Field '{name}' for record '{record}' was not found. Reason: NOT_FOUND.")

    def all(self, source: str | None) -> list[tuple[str, Piece]]:
        if source is not None and source not in self.sources:
            raise bad_sql(f"Search error occurred: Unknown identifier '{source}'.")
        aliases = [source] if source is not None else list(self.sources)
        return [(name, self._piece(alias, name)) for alias in aliases for name in self.sources[alias][1]]

    def _piece(self, alias: str, name: str) -> Piece:
        table, columns = self.sources[alias]
        return Piece(f'"{alias}"."{name}"', columns[name], origin=(table, name) if table else None)
