"""One running NetSuite simulator for a whole run of tests; each test gets it as new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.simulators.netsuite_account import Account
from tests.simulator import Simulator, running

netsuite_program = running("netsuite")


@pytest.fixture
def netsuite(netsuite_program: Simulator) -> Iterator[Account]:
    caller = Account(netsuite_program.told)
    caller.reset()
    yield caller.log_in()
    caller.client.close()
