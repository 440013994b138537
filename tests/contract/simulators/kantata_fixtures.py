"""One running Kantata simulator for a whole run of tests; each test gets it empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.simulators.kantata_account import Account, Program


@pytest.fixture(scope="session")
def kantata_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("kantata"))
    program.start()
    yield program
    program.stop()


@pytest.fixture
def kantata(kantata_program: Program) -> Iterator[Account]:
    account = kantata_program.account()
    account.ok("POST", "/_sim/reset")
    yield account
    account.client.close()
