"""docs/adding-a-connector.md, walked in a copy of the tree: every command of its console blocks, in order; each must succeed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.connector import Role, skeleton

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/adding-a-connector.md"
COPIED = ("bench", "cli", "docs", "drill", "events", "functions", "infra", "sandbox", "shared", "tools")
TESTS = ("conformance", "fakes", "conftest.py", "examples", "build.py", "simulator.py")
PROGRAMS = {
    "billweave": [sys.executable, "-c", "from cli.main import run; run()"],
    "pytest": [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
    "python": [sys.executable],
}
pytestmark = pytest.mark.estate


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose own modules are imported: the working tree stays as it is."""
    top = tmp_path_factory.mktemp("tree")
    without = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        shutil.copytree(ROOT / name, top / name, ignore=without)
    for name in ("pyproject.toml", "cdk.json", "README.md", "Makefile"):
        shutil.copy(ROOT / name, top / name)
    for name in TESTS:
        source = ROOT / "tests" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (top / "tests").mkdir(exist_ok=True)
        copy(source, top / "tests" / name)
    return top


def commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def run(command: str, tree: Path) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(command)
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    return subprocess.run(
        [*PROGRAMS[program], *arguments], cwd=tree, env=environment, capture_output=True, text=True, timeout=240
    )


def test_every_command_of_the_walk_through_succeeds(tree: Path) -> None:
    walked = commands()
    assert walked[0].startswith("billweave connector new ledgerly")
    for command in walked:
        done = run(command, tree)
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-1500:]}"
    assert (tree / "docs/connectors.md").read_text().count("## ledgerly\n") == 1


@pytest.mark.parametrize("role", ["psa", "crm"])
def test_the_skeleton_of_another_role_holds_what_needs_no_vendor(tree: Path, role: str) -> None:
    assert run(f"billweave connector new second_{role} --role {role}", tree).returncode == 0
    done = run(f"pytest tests/conformance/test_without_vendor.py -k second_{role}", tree)
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_skeleton_of_a_name_that_is_taken_changes_nothing(tree: Path) -> None:
    before = (tree / "functions/connectors/netsuite/client.py").read_text()
    refused = run("billweave connector new netsuite --role erp", tree)
    assert refused.returncode == 2 and "already there" in refused.stderr
    assert (tree / "functions/connectors/netsuite/client.py").read_text() == before


@pytest.mark.parametrize("name", ["Ledgerly", "2ledger", "ledger-ly", "ledger__ly", "../ledger"])
def test_a_name_that_no_folder_should_have_is_refused(tree: Path, name: str) -> None:
    assert run(f"billweave connector new {name} --role erp", tree).returncode == 2


@pytest.mark.parametrize("role", list(Role))
def test_what_is_written_is_in_house_style(tmp_path: Path, role: Role) -> None:
    for path, text in skeleton("ledgerly", role):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    ruff, options = Path(sys.executable).parent / "ruff", ["--config", str(ROOT / "pyproject.toml"), str(tmp_path)]
    for check in (["check"], ["format", "--check"]):
        done = subprocess.run([ruff, *check, *options], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout
