"""One stage per module, in an account of its own; waits between retries take no time.

Every story is played a second time, on the walker of the fault drill, with the same answers: both must go the same way.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from sandbox.estate.emulator import Emulator
from tests.workflow.both_ways import differences
from tests.workflow.history import Definition
from tests.workflow.stage import Stage


def wait_scale(aws: Emulator, scale: int) -> None:
    asked = {"stepfunctions._SFN_WAIT_SCALE": scale}
    httpx.post(f"{aws.endpoint_url}/_ministack/config", json=asked, timeout=10, trust_env=False).raise_for_status()


@pytest.fixture(scope="module")
def module_stage(request: pytest.FixtureRequest, aws_account: Emulator) -> Iterator[Stage]:
    """The module says which SAGA it is about and what its parts usually say: LINES."""
    wait_scale(aws_account, 0)
    stage = Stage(aws_account, request.module.SAGA, request.module.LINES)
    yield stage
    stage.close()
    wait_scale(aws_account, 1)


@pytest.fixture
def stage(module_stage: Stage) -> Iterator[Stage]:
    module_stage.fresh()
    yield module_stage
    apart = [each for run in module_stage.runs for each in differences(module_stage.saga, run, module_stage.journal)]
    apart += [
        f"{each.part} was asked on the embedded AWS alone" for each in module_stage.journal.asked if not each.taken
    ]
    for run in module_stage.runs:
        run.stop()
        module_stage.edges |= set(run.ways())
    module_stage.runs.clear()
    assert not apart, apart


@pytest.fixture(scope="module")
def definition(request: pytest.FixtureRequest) -> Definition:
    return Definition(request.module.SAGA)


@pytest.fixture
def whole(request: pytest.FixtureRequest) -> None:
    """A claim about all stories of a module holds only when all of them were played."""
    if request.config.option.keyword or any("::" in argument for argument in request.config.args):
        pytest.skip("only some of the module's stories were asked for")
