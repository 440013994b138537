"""One running NetSuite simulator for a whole run of tests; each test gets it as new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.simulators.netsuite_account import Account, Program


@pytest.fixture(scope="session")
def netsuite_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("netsuite"))
    program.start()
    yield program
    program.stop()


@pytest.fixture
def netsuite(netsuite_program: Program) -> Iterator[Account]:
    account = Account(netsuite_program.facts())
    assert account.sim("POST", "reset").status_code == 200
    yield account.log_in()
    account.client.close()
