"""One running Kantata simulator for a whole run of tests; each test gets it empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.simulators.kantata_account import Account, account_of
from tests.simulator import Simulator, running

kantata_program = running("kantata")


@pytest.fixture
def kantata(kantata_program: Simulator) -> Iterator[Account]:
    account = account_of(kantata_program)
    account.ok("POST", "/_sim/reset")
    yield account
    account.client.close()
