"""What README and docs/ promise is there: files, links, commands, targets, a section for every way to stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from functions.connectors.kantata.settings import KantataSettings
from functions.connectors.netsuite.settings import NetSuiteSettings
from functions.connectors.salesforce.settings import SalesforceSettings
from infra.deployment import DIRECTORY, Api, Deployment, Timeouts
from tools import cli_page, fault_codes, pages

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)?(#[^)\s]+)?\)")
NAMED = re.compile(r"\b((?:bench|cli|docs|events|functions|infra|sandbox|shared|tests|tools)/[\w./-]*\w)")
COMMAND = re.compile(r"\bbillweave ((?:(?:exceptions|invoice|hold|write-off|fx|period|project) )?[a-z][a-z-]*)\b")
WROTE = re.compile(r"`([^`\n]+)`|^(?:\$ )?((?:make|billweave|python|aws|\.venv)\b.*)$", re.MULTILINE)
ROOMS = ("cli", "events", "functions", "infra", "sandbox", "shared", "tools")
POINTED = re.compile(r'(docs/[\w/.-]+\.md)(?:, "([^"]+)")?')
"""Source: docs/billing.md, "Tax"."""
TARGET = re.compile(r"\bmake ([a-z]+)\b")


def of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def written(page: Path) -> Iterator[str]:
    """What stands as code: between backticks, or a line of a block that begins with a program."""
    for quoted, line in WROTE.findall(page.read_text()):
        yield quoted or line


def headings(page: Path) -> set[str]:
    """Anchors as a repository's web pages make them."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for path, anchor in LINK.findall(page.read_text()):
        if "://" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            broken.append(path)
        elif anchor and target.suffix == ".md" and anchor[1:] not in headings(target):
            broken.append(path + anchor)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_every_file_named_exists(page: Path) -> None:
    named = {path for path in NAMED.findall(" ".join(written(page))) if not re.search(r"[<*{]|v2|\.\.\.", path)}
    assert sorted(path for path in named if not exists(path)) == []


def exists(path: str) -> bool:
    """Also without its ending: shared/adapters/policies is named for the module."""
    return (ROOT / path).exists() or (ROOT / f"{path}.py").exists() or path in INVENTED


INVENTED = {
    "bench/results",
    "docs/connectors/ledgerly.md",
    "functions/connectors/ledgerly",
    "functions/connectors/ledgerly/connector.yaml",
    "functions/processes/invoice/check_credit.py",
    "sandbox/ledgerly",
    "tests/conformance/ledgerly.py",
}
"""Made by a run, or the example of a guide."""


def test_every_page_and_heading_that_code_points_to_exists() -> None:
    missing = set()
    for file in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for path, heading in POINTED.findall(" ".join(file.read_text().split())):
            page = ROOT / path
            if not page.exists() or (
                heading and heading not in re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
            ):
                missing.add(f"{file.relative_to(ROOT)}: {path} {heading}")
    assert sorted(missing) == []


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_every_billweave_command_named_exists(page: Path) -> None:
    known = {*cli_page.commands(), *(words.split()[0] for words in cli_page.commands())}
    named = {words for text in written(page) for words in COMMAND.findall(text)}
    assert sorted(words for words in named if words not in known) == []


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_every_make_target_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for text in written(page) for target in TARGET.findall(text)}
    assert sorted(named - targets) == []


def test_every_page_is_in_an_index() -> None:
    """Of its own folder, or in docs/README.md."""
    indexes = {
        (index.parent / path).resolve()
        for index in [page for page in PAGES if page.name == "README.md"]
        for path, _ in LINK.findall(index.read_text())
    }
    made = ROOT / "docs/benchmarks.md"  # by `make bench`, named in the index whether it is there or not
    assert [of(page) for page in PAGES if page not in {*indexes, made} and page.name != "README.md"] == []


def test_every_exception_type_has_a_section_in_the_runbook() -> None:
    policies = [yaml.safe_load(path.read_text()) for path in (DIRECTORY.parent / "policies").glob("*.yaml")]
    types = {row["type"] for policy in policies for row in policy["exceptions"]}
    sections = set(re.findall(r"^### `([a-z_]+)`$", (ROOT / "docs/runbook.md").read_text(), re.MULTILINE))
    assert types <= sections
    assert {each for each in sections if "_" in each} <= types


def test_the_runbook_names_owner_and_hours_as_the_policies_do() -> None:
    rows = yaml.safe_load(fault_codes.POLICIES.read_text())["exceptions"]
    text = (ROOT / "docs/runbook.md").read_text()
    sections = dict(re.findall(r"^### `([a-z_]+)`\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL))
    wrong = [
        row["type"]
        for row in rows
        if f"{row['owner']}, {row['hours']} h" not in " ".join(sections[row["type"]].split())
    ]
    assert wrong == []


def test_every_fault_code_has_an_owner_and_a_meaning() -> None:
    assert fault_codes.problems(fault_codes.scan(), fault_codes.words()) == []


@pytest.mark.parametrize("model", [Api, Deployment, Timeouts, KantataSettings, NetSuiteSettings, SalesforceSettings])
def test_every_number_that_a_deployment_may_set_is_in_the_page_of_limits(model: type[BaseModel]) -> None:
    text = (ROOT / "docs/limits.md").read_text()
    numbers = [name for name, field in model.model_fields.items() if type(field.default) in (int, bool)]
    assert [name for name in numbers if name not in text and name not in SWITCHES] == []


SWITCHES = {"multi_currency"}
"""No limit: what the vendor's account is like."""


def test_no_code_is_told_twice() -> None:
    assert fault_codes.told_twice(fault_codes.WORDS.read_text()) == []
    assert fault_codes.told_twice("a: {}\nb: {}\na: {}\n") == ["a"]


def test_a_code_that_is_a_variable_must_be_declared() -> None:
    (found,) = fault_codes.of_source("raise Poison(told)", "shared/somewhere.py")
    assert found.unresolved
    assert "told is a variable" in fault_codes.problems([found], {})[0]


def test_codes_are_found_in_calls_in_tables_and_where_a_reader_is_told() -> None:
    source = 'raise Transient("a")\nROWS = {"X": (Throttled, "b")}\nread_object(body, "c")\nwith aws_faults(missing="d"): ...'
    found = {(each.code, each.kind) for each in fault_codes.of_source(source, "shared/x.py")}
    assert found == {("a", "Transient"), ("b", "Throttled"), ("c", "Poison"), ("d", "BusinessException")}


def test_every_generated_page_is_current() -> None:
    assert pages.out_of_date() == []
