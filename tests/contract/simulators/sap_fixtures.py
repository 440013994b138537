"""One running S/4HANA simulator for a whole run of tests; each test gets it as new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.simulators.sap_tenant import Program, Tenant


@pytest.fixture(scope="session")
def sap_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("sap_s4hana"))
    program.start()
    yield program
    program.stop()


@pytest.fixture
def sap(sap_program: Program) -> Iterator[Tenant]:
    tenant = Tenant(sap_program.facts())
    assert tenant.sim("POST", "reset").status_code == 200
    yield tenant.log_in()
    tenant.client.close()
