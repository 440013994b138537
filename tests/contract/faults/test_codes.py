"""Every code that can be raised has an owner in docs/faults.md."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from shared.domain.exception import OwnerGroup

ROOT = Path(__file__).parents[3]
FAULTS = {"BusinessException", "Transient", "Throttled", "Duplicate", "Poison"}
PAGE = (ROOT / "docs" / "faults.md").read_text()


def rows() -> Iterator[tuple[list[str], str]]:
    """(patterns, owner) of each row of the tables of codes."""
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].startswith("`"):
            yield re.findall(r"`([a-z_*]+)`", cells[0]), cells[2]


def codes() -> Iterator[tuple[str, str]]:
    """(code, file): BusinessException("code", ...) and rows of fault tables, (BusinessException, "code")."""
    for path in sorted(path for room in ("functions", "shared") for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            for code in codes_in(node):
                yield code, str(path.relative_to(ROOT))


def codes_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in FAULTS:
        yield from texts(node.args[0])
    if isinstance(node, ast.Tuple) and len(node.elts) == 2 and getattr(node.elts[0], "id", "") in FAULTS:
        yield from texts(node.elts[1])


def texts(node: ast.AST) -> Iterator[str]:
    found = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    yield from (text for text in found if isinstance(text, str) and re.fullmatch(r"[a-z]+(_[a-z]+)+", text))


def test_every_code_has_an_owner() -> None:
    patterns = [pattern for row, _ in rows() for pattern in row]
    ownerless = sorted({f"{code} ({where})" for code, where in codes() if not owned(code, patterns)})
    assert ownerless == []


def owned(code: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(code, pattern) for pattern in patterns)


def test_every_owner_is_a_group_that_exists() -> None:
    assert {owner for _, owner in rows()} <= {group.value for group in OwnerGroup}


def test_the_codes_are_found_where_they_are_raised_and_where_they_are_tabled() -> None:
    found = {code for code, _ in codes()}
    assert {"rate_missing", "write_conflict", "slots_busy", "erp_busy"} <= found
