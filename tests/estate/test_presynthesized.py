"""The fast path: an assembly in an account of its own, without the CLI."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.estate.cdk import synthesize
from sandbox.estate.emulator import Emulator
from sandbox.estate.presynthesized import delete_stacks, deploy_presynthesized
from sandbox.estate.processes import EstateError

from .conftest import TRIVIAL

pytestmark = pytest.mark.estate


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("assembly")
    context = {"deployment": "sandbox", "issuer_url": "http://127.0.0.1:1"}
    return synthesize(where / "cdk.out", context, log=where / "synth.log", app=TRIVIAL)


def functions(aws: Emulator, account: str) -> int:
    return len(replace(aws, account=account).client("lambda").list_functions()["Functions"])


def test_accounts_do_not_see_each_other_and_a_deployment_can_be_repeated(
    assembly: Path, embedded_aws: Emulator
) -> None:
    outputs = deploy_presynthesized(assembly, embedded_aws, "200000000001")
    assert list(outputs) == ["Trivial-sandbox"]
    assert (functions(embedded_aws, "200000000001"), functions(embedded_aws, "200000000002")) == (2, 0)
    again = deploy_presynthesized(assembly, embedded_aws, "200000000001")
    assert again["Trivial-sandbox"]["MachineArn"] == outputs["Trivial-sandbox"]["MachineArn"]
    delete_stacks(outputs, embedded_aws, "200000000001")
    assert functions(embedded_aws, "200000000001") == 0


def test_an_account_is_twelve_digits(assembly: Path, embedded_aws: Emulator) -> None:
    with pytest.raises(EstateError, match="12 digits"):
        deploy_presynthesized(assembly, embedded_aws, "test")


def test_an_app_that_fails_says_why(tmp_path: Path) -> None:
    program = (sys.executable, "-c", "raise SystemExit('AwsSolutions-SQS3: no DLQ')")
    with pytest.raises(EstateError, match="AwsSolutions-SQS3"):
        synthesize(tmp_path / "cdk.out", {}, log=tmp_path / "synth.log", app=program)
