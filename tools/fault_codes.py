"""Every fault code that the code can raise, whose it is and what it means: docs/faults.md from docs/faults.yaml.

`python -m tools.pages` writes the page and fails when docs/faults.yaml lacks a code or holds one that nothing raises.

A code is found where one of the five kinds is called with it or stands beside it in a table (`("erp_busy", Throttled)`
in either order), and where a reader is told which code to raise. A code that is a variable at the place of the call is
resolved by `SPOKEN_ELSEWHERE`; a new such place fails the check until it is declared there.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
WORDS = ROOT / "docs/faults.yaml"
PAGE = ROOT / "docs/faults.md"
POLICIES = ROOT / "infra/policies/standard.yaml"
ROOMS = ("events", "shared", "functions")

KINDS = ("BusinessException", "Poison", "Throttled", "Transient", "Duplicate")
READERS = {"read_model": "Poison", "read_object": "Poison"}
"""Functions of shared/runtime/reading.py whose last argument is the code of the Poison they raise."""

NO_PLACE: tuple[str, ...] = ()
SPOKEN_ELSEWHERE: dict[tuple[str, str], tuple[str, ...]] = {
    ("shared/adapters/aws_faults.py", "missing"): NO_PLACE,
    ("shared/adapters/sourced.py", "f'{self.kind}_unknown'"): (
        "contract_unknown",
        "customer_unknown",
        "milestone_unknown",
        "rate_card_unknown",
    ),
    ("shared/adapters/versioned.py", "f'{self._kind}_unknown'"): (
        "invoice_unknown",
        "project_unknown",
        "write_off_unknown",
    ),
    ("shared/adapters/vendor_http.py", "code"): ("unknown_outcome", "vendor_unreachable"),
    ("shared/adapters/slots.py", "code"): ("slots_busy", "vendor_down", "vendor_paused"),
    ("shared/runtime/reading.py", "code"): NO_PLACE,
    ("shared/usecases/price_invoice.py", "MISSING_CONTRACT_REFERENCE"): ("missing_contract_reference",),
    ("shared/usecases/price_invoice.py", "NOTHING_TO_BILL"): ("nothing_to_bill",),
    ("shared/usecases/milestone_item.py", "'line_missing' if not lines else 'line_ambiguous'"): (
        "line_ambiguous",
        "line_missing",
    ),
    ("functions/processes/milestone_to_invoice/draft_milestone.py", "left.reason"): (
        "already_claimed",
        "billing_hold",
        "later_period",
        "line_ended",
        "missing_contract_reference",
        "negative_invoice",
        "nothing_to_bill",
        "project_not_active",
    ),
    ("functions/processes/milestone_to_invoice/record_milestone.py", "found.reason"): (
        "project_not_active",
        "unknown_project",
    ),
}
"""(file, the code as written there) -> what it may be. `NO_PLACE`: its values are found where they are told."""

FAULT_TABLE = re.compile(r"functions/(connectors|platforms)/\w+/faults\.py")
"""There a code that is a variable comes from a table, whose rows are found where they stand."""


@dataclass(frozen=True, order=True)
class Raised:
    """kind: of the five. path: from the top. unresolved: the code is an expression that nobody has declared."""

    code: str
    kind: str
    path: str
    unresolved: bool = False


def scan(root: Path = ROOT) -> list[Raised]:
    """Every code in the rooms that ship, sorted; a code raised in several places has a row for each."""
    found: set[Raised] = set()
    for room in ROOMS:
        for file in sorted((root / room).rglob("*.py")):
            found.update(of_source(file.read_text(), file.relative_to(root).as_posix()))
    return sorted(found)


def of_source(text: str, path: str) -> Iterator[Raised]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            yield from _of_call(node, path)
        elif isinstance(node, ast.Tuple):
            yield from _of_row(node, path)


def _of_call(call: ast.Call, path: str) -> Iterator[Raised]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in KINDS and call.args:
        yield from _of_code(call.args[0], name, path)
    elif name in READERS and call.args and (code := _text(call.args[-1])):
        yield Raised(code, READERS[name], path)
    elif name == "aws_faults":
        for keyword in call.keywords:
            if keyword.arg == "missing" and (code := _text(keyword.value)):
                yield Raised(code, "BusinessException", path)


def _of_code(code: ast.expr, kind: str, path: str) -> Iterator[Raised]:
    if told := _text(code):
        yield Raised(told, kind, path)
        return
    written = ast.unparse(code)
    known = NO_PLACE if FAULT_TABLE.fullmatch(path) else SPOKEN_ELSEWHERE.get((path, written))
    if known is None:
        yield Raised(written, kind, path, unresolved=True)
    for each in known or ():
        yield Raised(each, kind, path)


def _of_row(row: ast.Tuple, path: str) -> Iterator[Raised]:
    """A row of a table: (Kind, "code") or ("code", Kind)."""
    kinds = [each.id for each in row.elts if isinstance(each, ast.Name) and each.id in KINDS]
    codes = [told for each in row.elts if (told := _text(each))]
    if len(row.elts) == 2 and len(kinds) == 1 and len(codes) == 1:
        yield Raised(codes[0], kinds[0], path)


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else None


def words() -> dict[str, dict[str, str]]:
    """Code -> {"owner", "means"}."""
    read: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text())
    return read


def told_twice(text: str) -> list[str]:
    """Codes with two rows, of which YAML would keep the last in silence."""
    return [code for code, rows in Counter(re.findall(r"^(\w+):", text, re.MULTILINE)).items() if rows > 1]


def exception_owners() -> dict[str, str]:
    """Declared type of exception -> its owner."""
    return {row["type"]: row["owner"] for row in yaml.safe_load(POLICIES.read_text())["exceptions"]}


def problems(raised: list[Raised], told: dict[str, dict[str, str]]) -> list[str]:
    """Why docs/faults.yaml is not the whole truth, one per line; empty if it is."""
    codes = {each.code for each in raised if not each.unresolved}
    owners = exception_owners()
    found = [
        f"{each.path}: code {each.code} is a variable: declare it in tools/fault_codes.py"
        for each in raised
        if each.unresolved
    ]
    found += [f"{code}: not in docs/faults.yaml" for code in sorted(codes - told.keys())]
    found += [f"{code}: nothing raises it any more" for code in sorted(told.keys() - codes)]
    found += [
        f"{path}: {written} is not there any more" for path, written in SPOKEN_ELSEWHERE if not _said(path, written)
    ]
    for code, row in told.items():
        if set(row) != {"owner", "means"} or not all(row.values()):
            found.append(f"{code}: needs owner and means")
        elif code in owners and row["owner"] != owners[code]:
            found.append(f"{code}: its exception belongs to {owners[code]}, not to {row['owner']}")
    return found


def _said(path: str, written: str) -> bool:
    """Whether the file still holds this expression."""
    file = ROOT / path
    return file.exists() and written in ast.unparse(ast.parse(file.read_text()))


AFTER = {
    "Transient": "tried again with growing gaps; then the DLQ and its alarm",
    "Throttled": "waits as long as told; no alarm",
    "BusinessException": "an exception with an owner; never tried again by itself",
    "Duplicate": "counts as done: the first result stands",
    "Poison": "the raw text goes to the queue `quarantine`, whose alarm pages",
}

HEAD = """# Fault codes

Generated by `python -m tools.pages` from the source and [faults.yaml](faults.yaml); a test holds it complete.
Five kinds of fault stop work ([shared/faults.py](../shared/faults.py)); what follows depends on the kind alone:

| kind | then |
|---|---|
{after}

The code says what happened. `exception` is the type under which a BusinessException is opened: the code's own, where
finance has declared it in [standard.yaml](../infra/policies/standard.yaml), else `unexpected_refusal`. `owner` is who
can put the cause right. What to do about each exception: [runbook.md](runbook.md).
"""


def page(raised: list[Raised], told: dict[str, dict[str, str]]) -> str:
    owners = exception_owners()
    text = HEAD.format(after="\n".join(f"| {kind} | {AFTER[kind]} |" for kind in KINDS))
    for kind in KINDS:
        places: dict[str, set[str]] = defaultdict(set)
        for each in raised:
            if each.kind == kind:
                places[each.code].add(each.path)
        text += f"\n## {kind}\n\n" + _table(kind, places, told, owners)
    return text


def room(path: str) -> str:
    """The folder, without what is said of every one: "connectors/netsuite", "adapters"."""
    return "/".join(Path(path).parent.parts[1:])


def _table(kind: str, places: dict[str, set[str]], told: dict[str, dict[str, str]], owners: dict[str, str]) -> str:
    opens = kind == "BusinessException"
    lines = [f"| code |{' exception |' if opens else ''} owner | means | raised in |"]
    lines.append(f"|---|{'---|' if opens else ''}---|---|---|")
    for code in sorted(places):
        row = told.get(code, {"owner": "?", "means": "?"})
        shown = f" {code if code in owners else '`unexpected_refusal`'} |" if opens else ""
        where = ", ".join(sorted({room(path) for path in places[code]}))
        lines.append(f"| `{code}` |{shown} {row['owner']} | {row['means']} | {where} |")
    return "\n".join(lines) + "\n"
