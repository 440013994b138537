"""An embedded AWS for any test that asks: one process per test run, an account of its own for each module.

Also: tests that synthesize find Node, which comes as a Python package, whatever the machine has on its PATH.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import settings

from sandbox.estate import emulator
from sandbox.estate.emulator import Emulator, clean_environment
from sandbox.estate.processes import Processes

_accounts = itertools.count(1)

# A machine that is busy with something else makes no property false.
settings.register_profile("busy-machine", deadline=None)
settings.load_profile("busy-machine")

# For jsii, which starts `node` by name as soon as aws_cdk is imported.
os.environ["PATH"] = clean_environment()["PATH"]


@pytest.fixture(scope="session")
def embedded_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Running, empty, on a free port; ends with the run. The default account; `aws_account` gives others."""
    state_dir = tmp_path_factory.mktemp("embedded-aws")
    processes = Processes(state_dir)
    try:
        yield emulator.start(processes, state_dir)
    finally:
        processes.stop_all()
        emulator.remove_scratch(state_dir)


@pytest.fixture(scope="module")
def aws_account(embedded_aws: Emulator) -> Emulator:
    """The same emulator seen from an account that no other module uses."""
    return replace(embedded_aws, account=f"{os.getpid() % 10**6:06d}{next(_accounts):06d}")
