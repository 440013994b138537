"""Fixtures of the tests of the simulated PSA; a test module names this one in `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.simulators.certinia_org import Psa
from tests.contract.simulators.salesforce_org import Org
from tests.simulator import Simulator, running

psa_process = running("certinia")


@pytest.fixture
def empty(psa_process: Simulator) -> Iterator[Psa]:
    """A fresh org with the package, seen by the planner; nothing is sold yet."""
    with httpx.Client(base_url=psa_process.told["base_url"], timeout=20, trust_env=False) as client:
        org = Org(psa_process.told, client)
        org.sim("POST", "reset")
        yield Psa(org.login(), org.login(org.credentials))


@pytest.fixture
def psa(empty: Psa) -> Psa:
    return empty.open()
