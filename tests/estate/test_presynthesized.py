"""The fast path: an assembly in an account of its own, without the CLI."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.estate import emulator
from sandbox.estate.cdk import synthesize
from sandbox.estate.emulator import Emulator
from sandbox.estate.identity import is_same, start_time
from sandbox.estate.presynthesized import delete_stacks, deploy_presynthesized
from sandbox.estate.processes import EstateError, Processes

from .conftest import TRIVIAL
from .trouble import below

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


def test_functions_workers_end_with_the_embedded_aws(assembly: Path, tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    aws = emulator.start(processes, tmp_path)
    try:
        deploy_presynthesized(assembly, aws, "200000000003")
        functions = replace(aws, account="200000000003").client("lambda")
        name = next(f["FunctionName"] for f in functions.list_functions()["Functions"] if "Hello" in f["FunctionName"])
        event = json.dumps({"rawPath": "/", "requestContext": {}})
        assert functions.invoke(FunctionName=name, Payload=event)["StatusCode"] == 200
        [running] = processes.all()
        workers = {pid: start_time(pid) for pid in below(running.pid)}
        assert len(workers) >= 3, "the nursery, the code's family and the function's worker"
    finally:
        processes.stop_all()
    deadline = time.monotonic() + 5
    while any(is_same(*worker) for worker in workers.items()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid, started in workers.items() if is_same(pid, started)] == []
