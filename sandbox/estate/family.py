"""Workers of one code asset: a process that has imported their handlers, forked for each of them.

The hundred and fifty workers of the demo import the same handlers over and over, a sixth of a second each time. On
AWS they are restored from a snapshot that was taken after the import (SnapStart); this is that snapshot. It holds
because importing a handler reads no environment and calls nothing, which a test sees to.

A family has its own copy of the code, as the directories of its workers come and go. A handler that cannot be imported is
left to the worker, which says why. Linux only: elsewhere a process that has imported much cannot be forked safely.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import signal
import socket
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

LONGEST = 1 << 20
"""A worker's environment and paths, in bytes."""

Worker = Mapping[str, Any]
"""program, cwd, env; code: digest of its zip, archive: path of that zip, module: of its handler."""


def serve(control: socket.socket, start: Callable[[Worker, Sequence[int]], int]) -> None:
    """Each message is a Worker with its stdin, stdout and stderr; the answer is its process id, 0 if it could not start."""
    while True:
        message, fds, _, _ = socket.recv_fds(control, LONGEST, 3)
        if not message:
            return
        born = start(json.loads(message), fds)
        for fd in fds:
            os.close(fd)
        control.sendall(born.to_bytes(8, "big"))


def bury(*_: object) -> None:
    """No dead worker may look alive."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


class Family:
    """One code asset's."""

    def __init__(self, control: socket.socket) -> None:
        self._control, self._home = control, ""

    def live(self, archive: str) -> None:
        """Until the nursery closes its end. archive: the zip that AWS would unpack."""
        signal.signal(signal.SIGCHLD, bury)
        with tempfile.TemporaryDirectory(prefix="billweave-code-") as home:
            with zipfile.ZipFile(archive) as code:
                code.extractall(home)
            sys.path.insert(0, home)
            self._home = home
            serve(self._control, self._start)

    def _start(self, worker: Worker, fds: Sequence[int]) -> int:
        if worker["module"] not in sys.modules:
            # Whatever a module raises, the worker that imports it again will tell.
            with suppress(BaseException):
                importlib.import_module(worker["module"])
                gc.freeze()
        born = os.fork()
        if born == 0:
            self._control.close()
            sys.path.remove(self._home)
            become(worker, fds)
        return born


def become(worker: Worker, fds: Sequence[int]) -> None:
    """The program, with its own streams, directory and environment, as if it had been started by itself."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()  # else all workers would draw the same numbers, and meet again after every random pause
    for stream, fd in enumerate(fds):
        os.dup2(fd, stream)
        os.close(fd)
    os.chdir(worker["cwd"])
    os.environ.clear()
    os.environ.update(worker["env"])
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)
    program = Path(worker["program"])
    sys.argv, sys.path[0] = [str(program)], str(program.parent)
    try:
        exec(compile(program.read_text(), str(program), "exec"), {"__name__": "__main__"})
    except SystemExit:
        pass
    finally:
        sys.stdout.flush()
        os._exit(0)
