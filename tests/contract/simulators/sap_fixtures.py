"""One running S/4HANA simulator for a whole run of tests; each test gets it as new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.simulators.sap_tenant import Tenant
from tests.simulator import Simulator, running

sap_program = running("sap_s4hana")


@pytest.fixture
def sap(sap_program: Simulator) -> Iterator[Tenant]:
    caller = Tenant(sap_program.told)
    caller.reset()
    yield caller.log_in()
    caller.client.close()
