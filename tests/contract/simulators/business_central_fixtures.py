"""One running Business Central simulator for a whole run of tests; each test gets it as new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.simulators.business_central_account import Tenant
from tests.simulator import Simulator, running

business_central_program = running("business_central")


@pytest.fixture
def tenant(business_central_program: Simulator) -> Iterator[Tenant]:
    caller = Tenant(business_central_program.told)
    caller.reset()
    yield caller.log_in()
    caller.client.close()
