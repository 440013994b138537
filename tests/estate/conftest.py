"""A whole estate around the trivial app, brought up by the real CDK CLI, once per module that asks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.estate.description import Estate
from sandbox.estate.estate import Plan, bring_up, down

from .small_firm import SmallFirm

TRIVIAL = (sys.executable, "-m", "tests.estate.trivial_app")


@pytest.fixture(scope="module")
def trivial_plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return Plan(tmp_path_factory.mktemp("estate"), app=TRIVIAL, roles={})


@pytest.fixture(scope="module")
def trivial_estate(trivial_plan: Plan) -> Iterator[Estate]:
    yield bring_up(trivial_plan)
    down(trivial_plan.state_dir)


@pytest.fixture(scope="module")
def trivial_issuer(trivial_plan: Plan) -> Path:
    """Where the issuer of the estate told its clients."""
    return trivial_plan.state_dir / "ready/issuer.json"


@pytest.fixture(scope="session")
def firm_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("firm")


@pytest.fixture(scope="session")
def firm(firm_dir: Path) -> Iterator[SmallFirm]:
    """The whole fabric and all vendors, once per worker; every story sells deals of its own."""
    try:
        small = SmallFirm(bring_up(Plan(firm_dir, fast=True)))
        small.open()
        yield small
    finally:
        down(firm_dir)
