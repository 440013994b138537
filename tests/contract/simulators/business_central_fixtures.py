"""One running Business Central simulator for a whole run of tests; each test gets it as new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.simulators.business_central_account import Program, Tenant


@pytest.fixture(scope="session")
def business_central_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("business_central"))
    program.start()
    yield program
    program.stop()


@pytest.fixture
def tenant(business_central_program: Program) -> Iterator[Tenant]:
    tenant = Tenant(business_central_program.facts())
    assert tenant.sim("POST", "reset").status_code == 200
    yield tenant.log_in()
    tenant.client.close()
