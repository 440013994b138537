"""What a handler can touch, read from the source: ports used by the handler and by all it calls in our own code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
OURS = (
    "functions.",
    "shared.usecases.",
    "shared.runtime.heard",
    "shared.runtime.map_again",
    "shared.runtime.refusal",
    "shared.runtime.trouble",
)
PORTS = {"tasks", "queues", "sagas", "documents", "raw", "state_history", "outbox", "references"}
WRAPPERS = {"process_step", "event_consumer", "command_queue", "queue_worker", "scheduled", "table_stream", "http_edge"}


@dataclass
class Module:
    """definitions: top-level name -> its statement. imported: local name -> (module, name there)."""

    definitions: dict[str, ast.stmt] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Use:
    """ports.<port>.<method>(<first argument, if it is a plain text>)."""

    port: str
    method: str
    argument: str | None


def path_of(module: str) -> Path | None:
    base = ROOT / module.replace(".", "/")
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.exists()), None)


@cache
def read(module: str) -> Module:
    found = Module()
    path = path_of(module)
    if path is None:
        return found
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found.imported[alias.asname or alias.name] = (node.module, alias.name)
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found.definitions[statement.name] = statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    found.definitions[target.id] = statement
                    if isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
                        found.constants[target.id] = statement.value.value
    return found


def resolve(module: str, name: str) -> tuple[str, str] | None:
    """Where a name used in `module` is defined, if that is our own code."""
    known = read(module)
    if name in known.definitions:
        return module, name
    if name in known.imported:
        origin, there = known.imported[name]
        if path_of(f"{origin}.{there}"):
            return None
        return (origin, there) if origin.startswith(OURS) else None
    return None


def reachable(module: str, name: str) -> Iterator[tuple[str, ast.AST]]:
    """(module, node) of every function, class and table that `name` leads to."""
    waiting, seen = [(module, name)], set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        statement = read(place[0]).definitions.get(place[1])
        if statement is None:
            continue
        yield place[0], statement
        known = read(place[0])
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and (there := resolve(place[0], node.id)):
                waiting.append(there)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                base = known.imported.get(node.value.id)  # `from functions.experience import audit`; audit.view(...)
                if base and base[0].startswith("functions") and path_of(f"{base[0]}.{base[1]}"):
                    waiting.append((f"{base[0]}.{base[1]}", node.attr))


def uses(module: str, name: str) -> set[Use]:
    found = set()
    for place, statement in reachable(module, name):
        for node in ast.walk(statement):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
                continue
            if node.value.attr in PORTS:
                found.add(Use(node.value.attr, node.attr, _argument(place, statement, node)))
    return found


def _argument(module: str, statement: ast.AST, method: ast.Attribute) -> str | None:
    for call in ast.walk(statement):
        if isinstance(call, ast.Call) and call.func is method and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant):
                return str(first.value)
            if isinstance(first, ast.Name):
                where = resolve(module, first.id) or read(module).imported.get(first.id)
                return read(where[0]).constants.get(where[1]) if where else None
    return None


def handlers() -> set[tuple[str, str]]:
    """(path, attribute) of everything under functions/ that a runtime wrapper makes a handler of."""
    found = set()
    for path in (ROOT / "functions").rglob("*.py"):
        for statement in ast.parse(path.read_text()).body:
            if isinstance(statement, ast.FunctionDef) and any(_wraps(d) for d in statement.decorator_list):
                found.add((path.relative_to(ROOT).as_posix(), statement.name))
            elif isinstance(statement, ast.Assign) and _wraps(statement.value):
                names = [t.id for t in statement.targets if isinstance(t, ast.Name)]
                found |= {(path.relative_to(ROOT).as_posix(), name) for name in names}
    return found


def _wraps(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRAPPERS
