"""Processes are found again by whoever comes next, and nobody else's process is ever touched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.estate.emulator import clean_environment
from sandbox.estate.identity import is_same, start_time
from sandbox.estate.processes import EstateError, Processes

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]
WITH_CHILD = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "open(sys.argv[1] + '.new', 'w').write(str(p.pid)); import os; os.replace(sys.argv[1] + '.new', sys.argv[1]);"
    "time.sleep(600)",
]


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    found = Processes(tmp_path)
    yield found
    found.stop_all()


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEPER) as child:
        yield child
        child.kill()


def test_a_started_process_is_found_by_another_run(processes: Processes, tmp_path: Path) -> None:
    running = processes.start("one", SLEEPER, clean_environment())
    assert Processes(tmp_path).all() == [running]


def test_a_stopped_process_is_gone_and_forgotten(processes: Processes, tmp_path: Path) -> None:
    running = processes.start("one", SLEEPER, clean_environment())
    Processes(tmp_path).stop("one", grace_s=5)
    assert not running.alive
    assert list((tmp_path / "processes").iterdir()) == []


def test_one_that_ignores_the_term_signal_is_killed(processes: Processes) -> None:
    running = processes.start("stubborn", STUBBORN, clean_environment())
    processes.stop("stubborn", grace_s=0.3)
    assert not running.alive


def test_what_a_process_started_ends_with_it(processes: Processes, tmp_path: Path) -> None:
    told = tmp_path / "grandchild"
    running = processes.start("parent", [*WITH_CHILD, str(told)], clean_environment())
    processes.wait_ready(running, told.exists, 10)
    grandchild = int(told.read_text())
    started = start_time(grandchild)
    processes.stop("parent")
    deadline = time.monotonic() + 5  # the signal has been sent; the system takes its time
    while is_same(grandchild, started) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_same(grandchild, started)


def test_starting_a_name_again_ends_the_older_one(processes: Processes) -> None:
    older = processes.start("one", SLEEPER, clean_environment())
    newer = processes.start("one", SLEEPER, clean_environment())
    assert (older.alive, newer.alive) == (False, True)


def test_an_id_used_again_by_a_stranger_is_left_alone(
    processes: Processes, tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    record = {"pid": stranger.pid, "started": "another boot:1", "program": SLEEPER}
    (tmp_path / "processes/old.json").write_text(json.dumps(record))
    assert processes.stop_all() == []
    assert stranger.poll() is None


def test_a_half_written_record_is_no_process(processes: Processes, tmp_path: Path) -> None:
    (tmp_path / "processes/broken.json").write_text('{"pid": 1')
    assert processes.stop_all() == []


def test_one_that_dies_before_it_is_ready_is_reported_with_its_last_words(processes: Processes) -> None:
    program = [sys.executable, "-c", "raise SystemExit('no such vendor')"]
    with pytest.raises(EstateError, match="no such vendor"):
        running = processes.start("dying", program, clean_environment())
        processes.wait_ready(running, lambda: False, 10)


def test_a_program_that_does_not_exist_is_reported(processes: Processes) -> None:
    with pytest.raises(EstateError, match="missing ended"):
        running = processes.start("missing", ["/no/such/program"], clean_environment())
        processes.wait_ready(running, lambda: False, 10)


def test_two_runs_do_not_change_one_estate_at_a_time(processes: Processes, tmp_path: Path) -> None:
    with processes.claimed(), pytest.raises(EstateError, match=f"process {os.getpid()}"), Processes(tmp_path).claimed():
        pass


def test_the_claim_of_a_killed_run_ends_with_it(processes: Processes, tmp_path: Path) -> None:
    claim = (
        "import sys, time; from pathlib import Path; from sandbox.estate.processes import Processes\n"
        "with Processes(Path(sys.argv[1])).claimed(): print('claimed', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", claim, str(tmp_path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"claimed\n"
        other.send_signal(signal.SIGKILL)
    with processes.claimed():
        pass


def test_a_process_that_ended_but_was_not_asked_about_is_not_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = start_time(child.pid)
    assert is_same(child.pid, started)
    child.kill()
    child.wait()
    assert not is_same(child.pid, started)


def test_start_time_of_no_process_is_none() -> None:
    assert start_time(2**22 + 1) is None
