"""Small matters of a query's shape: a limit said by ROWNUM, and answer columns of the same name."""

from __future__ import annotations

from sandbox.netsuite.suiteql.functions import Piece
from sandbox.netsuite.suiteql.tree import Binary, Column, Expr, Literal


def without_rownum(where: Expr | None) -> tuple[Expr | None, int | None]:
    """`ROWNUM <= n` among the ANDed conditions becomes a limit."""
    if isinstance(where, Binary) and where.op == "AND":
        left, one = without_rownum(where.left)
        right, two = without_rownum(where.right)
        kept = Binary("AND", left, right) if left and right else left or right
        return kept, min([n for n in (one, two) if n is not None], default=None)
    if isinstance(where, Binary) and where.left == Column(None, "rownum") and isinstance(where.right, Literal):
        if where.op in ("<", "<="):
            return None, int(where.right.value) - (where.op == "<")
    return where, None


def distinct_names(columns: list[tuple[str, Piece]]) -> list[tuple[str, Piece]]:
    """A second column of the same name gets a number, as a JSON object cannot have both."""
    seen: dict[str, int] = {}
    named = []
    for name, piece in columns:
        count = seen[name] = seen.get(name, 0) + 1
        named.append((name if count == 1 else f"{name}_{count - 1}", piece))
    return named
