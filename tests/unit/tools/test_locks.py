"""The lock files: whole, hashed, without a registry's host, and in step with each other and with what is declared."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from sandbox.estate.launcher import TRIED_WITH
from tools.outside_clients import LIBRARIES

ROOT = Path(__file__).resolve().parents[3]
LOCKS = ("dev", "lambda", "bootstrap", *(f"outside/{library}" for library in LIBRARIES))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


def text(lock: str) -> str:
    return (ROOT / f"locks/{lock}.txt").read_text()


def pins(lock: str) -> set[tuple[str, str]]:
    return set(PIN.findall(text(lock)))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_its_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", text(lock).partition("\n")[2].strip())
    assert [entry for entry in entries if not (PIN.match(entry) and "--hash=sha256:" in entry)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_python_lock_names_a_host(lock: str) -> None:
    assert re.findall(r"https?://|index-url|find-links|file:", text(lock)) == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_client_of_others_is_locked_as_it_is_asked_for(library: str) -> None:
    asked = {tuple(each.split("==")) for each in LIBRARIES[library] if "==" in each}
    assert asked <= pins(f"outside/{library}")


def test_the_node_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_what_ships_was_tested_in_the_same_versions() -> None:
    assert pins("lambda") <= pins("dev")
    assert pins("bootstrap") <= pins("dev")


def test_what_ships_brings_no_aws_sdk_and_nothing_of_the_laptop() -> None:
    names = {name for name, _ in pins("lambda")}
    assert names.isdisjoint({"boto3", "botocore", "ministack", "aws-cdk-lib", "pytest", "typer", "starlette"})
    assert {"aws-lambda-powertools", "pydantic", "httpx", "pyjwt", "cryptography", "defusedxml"} <= names


def test_versions_that_belong_together_are_together() -> None:
    known = dict(pins("dev"))
    assert known["ministack"] == TRIED_WITH
    assert known["boto3"] == known["botocore"]


def test_everything_declared_is_locked() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [entry for group in told["dependency-groups"].values() for entry in group if isinstance(entry, str)]
    declared = {re.split(r"[\[<>=~!]", entry)[0].lower() for entry in told["project"]["dependencies"] + groups}
    assert declared - {name for name, _ in pins("dev")} == set()


def test_the_cdk_command_line_is_pinned_exactly() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
