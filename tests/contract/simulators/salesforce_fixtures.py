"""Fixtures of the tests of the simulated Salesforce org; a test module names this one in `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.simulators.salesforce_org import Org, Process


@pytest.fixture(scope="module")
def org_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    running = Process(tmp_path_factory.mktemp("salesforce"))
    yield running
    running.stop()


@pytest.fixture
def org(org_process: Process) -> Iterator[Org]:
    """A fresh org, seen by a seller."""
    with httpx.Client(base_url=org_process.ready["base_url"], timeout=20, trust_env=False) as client:
        fresh = Org(org_process.ready, client)
        fresh.sim("POST", "reset")
        yield fresh.login()
