"""Fixtures of the tests of the simulated Salesforce org; a test module names this one in `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.simulators.salesforce_org import Org
from tests.simulator import Simulator, running

org_process = running("salesforce")


@pytest.fixture
def org(org_process: Simulator) -> Iterator[Org]:
    """A fresh org, seen by a seller."""
    with httpx.Client(base_url=org_process.told["base_url"], timeout=20, trust_env=False) as client:
        fresh = Org(org_process.told, client)
        fresh.sim("POST", "reset")
        yield fresh.login()
