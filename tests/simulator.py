"""A vendor's simulator as a program of its own, for a test: started, killed, started again; and its control API."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest

ROOT = Path(__file__).parents[1]
READY_S = 30
STOP_S = 20


class Simulator:
    """`python -m sandbox.<system>` on a state directory, running from the start. told: its ready file as a dictionary."""

    def __init__(self, system: str, state_dir: Path) -> None:
        self.system, self.state_dir = system, state_dir
        self.start()

    def start(self) -> None:
        ready = self.state_dir / "ready.json"
        ready.unlink(missing_ok=True)
        options = ["--state-dir", str(self.state_dir), "--port", "0", "--ready-file", str(ready)]
        self._process = subprocess.Popen([sys.executable, "-m", f"sandbox.{self.system}", *options], cwd=ROOT)
        deadline = time.monotonic() + READY_S
        while not ready.exists():
            assert self._process.poll() is None and time.monotonic() < deadline, f"{self.system} did not start"
            time.sleep(0.02)
        self.told: dict[str, Any] = json.loads(ready.read_text())

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait(STOP_S)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(STOP_S)


def running(system: str, scope: Literal["session", "function"] = "session") -> Callable[..., Iterator[Simulator]]:
    """The fixture of a simulator, under the name it is assigned to: one for the whole run of tests, or one for a test."""

    @pytest.fixture(scope=scope)
    def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
        found = Simulator(system, tmp_path_factory.mktemp(system))
        yield found
        found.stop()

    return simulator


class Controlled:
    """A caller of a simulator. client: speaks to its base URL, plain HTTP."""

    def __init__(self, told: dict[str, Any], **options: Any) -> None:
        self.base_url: str = told["base_url"]
        self.credentials: dict[str, Any] = told["credentials"]
        self.client = httpx.Client(base_url=self.base_url, timeout=20, verify=False, **options)  # no CA list to load

    def sim(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.client.request(method, f"/_sim/{path}", json=body)

    def reset(self) -> None:
        assert self.sim("POST", "reset").status_code == 200

    def plant(self, action: str, **fault: Any) -> None:
        answer = self.sim("POST", "faults", {"action": action, **fault})
        assert answer.status_code == 201, answer.text

    def choose(self, **settings: Any) -> None:
        """What the account or tenant is set to."""
        answer = self.sim("POST", "settings", settings)
        assert answer.status_code == 200, answer.text
