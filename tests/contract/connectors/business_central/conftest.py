"""The Business Central simulator as a program, and the connector on it, with one invoice ready to be posted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.promised import connector_of
from tests.conformance.roles import ErpWorld
from tests.conformance.vendor import Vendor
from tests.simulator import Simulator


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendor]:
    directory: Path = tmp_path_factory.mktemp("business_central")
    program = Simulator("business_central", directory)
    yield Vendor("business_central", program.told, live=False)
    program.stop()


@pytest.fixture
def world(vendor: Vendor) -> ErpWorld:
    vendor.as_new()
    found = ErpWorld(connector_of("business_central"), vendor)
    found.ready("invoice", 1, found.ports)
    return found
