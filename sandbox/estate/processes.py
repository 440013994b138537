"""Named child processes of one state directory: started, watched, stopped by id, found again after a crash.

D/processes/<name>.json  {"pid", "started", "program"}, written by the child before it becomes the program
D/logs/<name>.log        what it said
D/lock                   held by the run that is changing this estate
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.estate.identity import is_same

ROOT = Path(__file__).resolve().parent.parent.parent
POLL_S = 0.02
KILL_WAIT_S = 5.0


class EstateError(Exception):
    """What is wrong with the local estate and where to look, for a person."""


@dataclass(frozen=True)
class Running:
    name: str
    pid: int
    started: str

    @property
    def alive(self) -> bool:
        return is_same(self.pid, self.started)


class Processes:
    """All processes started under one state directory. Every method may be called from another run than `start` was."""

    def __init__(self, state_dir: Path) -> None:
        self._records, self._logs = state_dir / "processes", state_dir / "logs"
        self._records.mkdir(parents=True, exist_ok=True)
        self._logs.mkdir(parents=True, exist_ok=True)
        self._lock = state_dir / "lock"

    @contextlib.contextmanager
    def claimed(self, wait_s: float = 0) -> Iterator[None]:
        """Only one run changes an estate at a time; the claim of a killed run ends with it.

        Raises EstateError, naming the other run's process, if it is still at work after `wait_s`.
        """
        with self._lock.open("a+") as lock:
            deadline = time.monotonic() + wait_s
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        other = self._lock.read_text().strip()
                        raise EstateError(f"another run (process {other}) is at work in {self._lock.parent}") from None
                    time.sleep(0.1)
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def start(self, name: str, program: Sequence[str], env: Mapping[str, str]) -> Running:
        """In a session of its own, so that neither ctrl-C nor the end of this run reaches it. Stops an older `name`."""
        self.stop(name)
        record = self._record(name)
        with self.log(name).open("wb") as out:
            child = subprocess.Popen(
                [sys.executable, "-m", "sandbox.estate.child", str(record), *program],
                cwd=ROOT,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._until(name, record.exists, 15, lambda: child.poll() is None)
        running = self.find(name)
        if running is None:
            raise self._failed(name, "ended")
        return running

    def wait_ready(self, running: Running, ready: Callable[[], bool], timeout_s: float) -> None:
        """Raises EstateError with the end of its log if it dies or is not ready in time."""
        self._until(running.name, ready, timeout_s, lambda: running.alive)

    def find(self, name: str) -> Running | None:
        """The recorded process, if it is still that very process."""
        try:
            told = json.loads(self._record(name).read_text())
            running = Running(name, int(told["pid"]), str(told["started"]))
        except (OSError, ValueError, KeyError):
            return None
        return running if running.alive else None

    def all(self) -> list[Running]:
        found = (self.find(path.stem) for path in sorted(self._records.glob("*.json")))
        return [running for running in found if running]

    def stop(self, name: str, grace_s: float = 0) -> None:
        """SIGTERM and `grace_s`, then SIGKILL to all of its session. Never touches an id that is now somebody else's."""
        running = self.find(name)
        if running:
            self._end([running], {name: grace_s}, 0)
        self._record(name).unlink(missing_ok=True)

    def stop_all(self, grace_s: Mapping[str, float] | None = None, others_s: float = 0) -> list[str]:
        """Everything at once; the names of those that ran, started by this run or by one that was killed.

        grace_s: seconds between SIGTERM and SIGKILL by name, `others_s` for all other names.
        """
        found = self.all()
        self._end(found, grace_s or {}, others_s)
        for record in self._records.glob("*.json"):
            record.unlink(missing_ok=True)
        return [running.name for running in found]

    def _end(self, found: Sequence[Running], grace_s: Mapping[str, float], others_s: float) -> None:
        asked = [running for running in found if grace_s.get(running.name, others_s)]
        for running in found:
            _signal(running, signal.SIGTERM if running in asked else signal.SIGKILL)
        _wait(lambda: not any(running.alive for running in asked), max(others_s, *grace_s.values(), 0))
        for running in asked:
            if running.alive:
                _signal(running, signal.SIGKILL)
        if not _wait(lambda: not any(running.alive for running in found), KILL_WAIT_S):
            raise EstateError(f"cannot end {', '.join(f'{r.name} ({r.pid})' for r in found if r.alive)}")

    def log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _record(self, name: str) -> Path:
        return self._records / f"{name}.json"

    def _until(self, name: str, done: Callable[[], bool], timeout_s: float, alive: Callable[[], bool]) -> None:
        deadline = time.monotonic() + timeout_s
        while not done():
            ended, late = not alive(), time.monotonic() > deadline
            if (ended or late) and not done():
                raise self._failed(name, "ended" if ended else "is not ready")
            time.sleep(POLL_S)

    def _failed(self, name: str, how: str) -> EstateError:
        said = self.log(name).read_text(errors="replace").splitlines()[-15:]
        return EstateError("\n".join([f"{name} {how}; it said:", *said]))


def _signal(running: Running, number: signal.Signals) -> None:
    """To the process group it leads: its own children end with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, number)


def _wait(done: Callable[[], bool], timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True
