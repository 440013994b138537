"""How the emulator's worker pool starts Python workers here: forked, on a code asset that is unpacked once.

The pool uses the modules subprocess and zipfile; it is given these instead.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sandbox.estate.nursery import Nursery

WORKER, CODE = "_worker.py", "code.zip"
"""What the emulator calls the program of a Python worker, and its code."""
Execute = Callable[..., Any]


class Subprocesses:
    """The module subprocess as the emulator's worker pool uses it, with Python workers from the nursery."""

    def __init__(self, start: Execute) -> None:
        self._start = start
        self._spawning = threading.local()

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)

    def Popen(self, program: list[str], **asked: Any) -> Any:
        if program[0] == sys.executable and program[-1].endswith(WORKER):
            home = os.path.dirname(program[-1])  # its own: the code's is everybody's, and tests tell workers by it
            return self._start(program[-1], home, asked["env"], self._spawning.module)
        return subprocess.Popen(program, **asked)

    def knowing(self, spawn: Execute) -> Execute:
        """`spawn` starts the process of a worker, whose `config` names its handler."""

        def named(worker: Any) -> None:
            self._spawning.module = worker.config.get("Handler", "").rpartition(".")[0].replace("/", ".")
            spawn(worker)

        return named


class Zipfiles:
    """The module zipfile as the emulator's worker pool uses it: a code asset is unpacked once, for all of its workers.

    Each had six hundred files of its own, written at its start and removed at its end. Nobody writes there, as on AWS.
    """

    def __init__(self, home: Path) -> None:
        self._home, self._unpacking = home, threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(zipfile, name)

    @contextmanager
    def ZipFile(self, path: str) -> Iterator[Any]:
        with zipfile.ZipFile(path) as archive:
            yield SimpleNamespace(extractall=partial(self._link, Path(path))) if Path(path).name == CODE else archive

    def _link(self, path: Path, place: str) -> None:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        with self._unpacking:
            if not (whole := self._home / digest).exists():
                unpacked = self._home / f"{digest}.partial"
                with zipfile.ZipFile(path) as archive:
                    archive.extractall(unpacked)
                unpacked.rename(whole)
        os.rmdir(place)
        os.symlink(whole, place)


def raise_workers() -> None:
    """From the nursery, where a process can be forked and watched."""
    if sys.platform == "linux":
        from ministack.core import lambda_runtime

        workers = Subprocesses(Nursery().start)
        lambda_runtime.subprocess = workers
        lambda_runtime.zipfile = Zipfiles(Path(tempfile.mkdtemp(prefix="billweave-unpacked-")))
        lambda_runtime.Worker._spawn = workers.knowing(lambda_runtime.Worker._spawn)
