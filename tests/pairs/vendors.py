"""The vendors' simulators as programs of their own, set up by their administrators."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sandbox.estate.description import read_json
from sandbox.estate.emulator import clean_environment
from sandbox.estate.processes import Processes

READY_S = 60


@contextmanager
def simulators(systems: Iterable[str], directory: Path) -> Iterator[dict[str, dict[str, Any]]]:
    """By system, what estate.json tells of it."""
    processes, names = Processes(directory), sorted(set(systems))
    try:
        started = {name: processes.start(name, program(name, directory), clean_environment()) for name in names}
        told = {}
        for name, running in started.items():
            ready = directory / f"{name}.json"
            processes.wait_ready(running, ready.exists, READY_S)
            told[name] = read_json(ready) or {}
            if find_spec(f"sandbox.{name}.administer"):
                import_module(f"sandbox.{name}.administer").set_up(told[name])
        yield told
    finally:
        processes.stop_all()


def program(name: str, directory: Path) -> list[str]:
    options = {"--state-dir": directory / name, "--port": 0, "--ready-file": directory / f"{name}.json"}
    return [sys.executable, "-m", f"sandbox.{name}", *(str(part) for option in options.items() for part in option)]
