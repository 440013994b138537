"""The estate comes up whatever an earlier run left behind: killed half-way, ports taken, still running."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.estate import emulator
from sandbox.estate.description import Estate
from sandbox.estate.estate import Plan, bring_up, down, raised, status
from sandbox.estate.identity import start_time
from sandbox.estate.processes import EstateError, Processes

from .conftest import TRIVIAL

pytestmark = [pytest.mark.estate, pytest.mark.cdk]

BRING_UP = """
import sys
from pathlib import Path
from sandbox.estate.estate import Plan, bring_up
bring_up(Plan(Path(sys.argv[1]), app=(sys.executable, "-m", "tests.estate.trivial_app"), roles={}), print)
"""


def plan_in(directory: Path) -> Plan:
    return Plan(directory, app=TRIVIAL, roles={}, fast=True)


def run_and_kill(state_dir: Path, sign: Path) -> list[int]:
    """Starts an `up`, kills it with SIGKILL as soon as `sign` exists; the processes it left."""
    with subprocess.Popen([sys.executable, "-c", BRING_UP, str(state_dir)], stdout=subprocess.DEVNULL) as run:
        deadline = time.monotonic() + 60
        while not sign.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
    return [running.pid for running in Processes(state_dir).all()]


@pytest.mark.parametrize("sign", ["processes/aws.json", "assembly/manifest.json"])
def test_a_run_killed_half_way_is_followed_by_a_whole_one(tmp_path: Path, sign: str) -> None:
    left = run_and_kill(tmp_path, tmp_path / sign)
    assert left
    try:
        estate = bring_up(plan_in(tmp_path))
        assert [start_time(pid) for pid in left] == [None] * len(left)
        assert estate.client("lambda").list_functions()["Functions"]
    finally:
        down(tmp_path)


def test_two_runs_one_after_the_other_and_down_leaves_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    bring_up(plan_in(tmp_path), said.append)
    with socket.socket() as taken:
        # Whatever port the embedded AWS had is somebody else's by the time of the second run.
        port = int(Estate.load(tmp_path).aws["endpoint_url"].rpartition(":")[2])
        Processes(tmp_path).stop(emulator.NAME)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # another program was quicker: just as taken
            taken.bind(("127.0.0.1", port))
            taken.listen()
        bring_up(plan_in(tmp_path), said.append)
        told = status(tmp_path)
        assert told["up"]
        assert f":{port}" not in told["estate"]["aws"]["endpoint_url"]
    assert any("earlier run" in line for line in said)
    assert sorted(down(tmp_path)) == ["aws", "issuer", "metrics"]
    assert status(tmp_path) == {"up": False, "processes": [], "estate": None}
    assert not (tmp_path / "aws-tmp").exists()


def test_the_issuer_goes_elsewhere_when_its_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        (tmp_path / "issuer").mkdir()
        (tmp_path / "issuer/port").write_text(str(port))
        try:
            estate = bring_up(plan_in(tmp_path))
        finally:
            down(tmp_path)
    assert f":{port}/" not in estate.api["issuer"]["token_url"]


def test_a_failed_deployment_leaves_no_process_and_says_why(tmp_path: Path) -> None:
    broken = Plan(tmp_path, app=(sys.executable, "-c", "raise SystemExit('no such deployment file')"), roles={})
    with pytest.raises(EstateError, match="no such deployment file"):
        bring_up(broken)
    assert status(tmp_path)["processes"] == []


def test_nobody_takes_an_estate_down_while_it_is_held(tmp_path: Path) -> None:
    try:
        with raised(plan_in(tmp_path)) as estate, pytest.raises(EstateError, match=f"process {os.getpid()}"):
            down(tmp_path)
        assert json.loads((tmp_path / "estate.json").read_text()) == estate.as_json()
        assert (tmp_path / "estate.json").stat().st_mode & 0o777 == 0o600
    finally:
        down(tmp_path)
