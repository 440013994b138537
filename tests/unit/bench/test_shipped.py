"""Imports are timed among what a function finds on Lambda."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import imports, shipped


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shipped.link(tmp_path_factory.mktemp("packages"))


def test_the_layer_and_the_runtime_are_there(packages: Path) -> None:
    tops = {each.name for each in packages.iterdir()}
    assert {"pydantic", "aws_lambda_powertools", "httpx", "jwt", "boto3", "dateutil"} <= tops


def test_what_does_not_ship_cannot_be_imported(packages: Path) -> None:
    missing = "import importlib.util as u; assert u.find_spec('rich') is None and u.find_spec('moto') is None"
    assert imports.seconds(missing, packages) > 0


@pytest.mark.parametrize("code", [imports.BASE, "import functions.connectors.certinia.commands"])
def test_what_ships_is_enough(code: str, packages: Path) -> None:
    assert imports.seconds(code, packages) > 0
