"""What a registration names as mapped again, its connector maps again: the function is deployed by the registration alone."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from infra.registered import registered

CONNECTORS = Path(__file__).resolve().parents[4] / "functions/connectors"
NAMED = {
    system: {name: feed.mapper for name, feed in found.feeds.items() if feed.mapper}
    for system, found in registered().items()
}


@pytest.mark.parametrize("system", [system for system, named in NAMED.items() if named])
def test_the_function_maps_every_feed_that_the_registration_names_by_the_mapper_it_names(system: str) -> None:
    module = importlib.import_module(f"functions.connectors.{system}.map_again")
    assert {name: f"remap:{mapper.__name__}" for name, mapper in module.MAPPERS.items()} == NAMED[system]


@pytest.mark.parametrize("system", NAMED)
def test_a_connector_has_the_function_if_it_names_a_mapper(system: str) -> None:
    assert (CONNECTORS / system / "map_again.py").exists() == bool(NAMED[system])
