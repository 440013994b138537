"""Where functions' workers are born: one process with the dependency layer imported, forked for each of them.

A worker that starts from nothing imports boto3, pydantic and Powertools and reads botocore's service descriptions, a
third of a second of one core each time, and a month of the demo starts a hundred. AWS restores them from a snapshot too
(SnapStart). Nothing of the fabric is imported here: a worker reads the deployed code, as it would otherwise.

`python -m sandbox.estate.nursery FD`: FD is one end of a Unix socket. Each message is {"program", "cwd", "env"} with the
worker's stdin, stdout and stderr; the answer is its process id. It ends when the other end closes. Linux only: elsewhere
a process that has imported much cannot be forked safely.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

LAYER = (
    "boto3",
    "botocore.handlers",
    "botocore.retryhandler",
    "pydantic",
    "httpx",
    "aws_lambda_powertools",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.metrics",
)
"""Modules of the dependency layer; which of them a function imports is its own affair."""
SERVICES = ("dynamodb", "events", "lambda", "s3", "secretsmanager", "sqs", "ssm", "stepfunctions")
LONGEST = 1 << 20
"""A worker's environment and paths, in bytes."""


def prepare() -> None:
    """Import what workers share, keep what botocore reads from its data files, and never look through it for garbage."""
    for name in LAYER:
        importlib.import_module(name)
    from botocore.loaders import JSONFileLoader
    from botocore.session import Session

    files = JSONFileLoader()
    exists, load = cache(files.exists), cache(files.load_file)
    kept: Any = JSONFileLoader
    kept.exists = lambda _, path: exists(path)
    kept.load_file = lambda _, path: load(path)
    for service in SERVICES:
        Session().create_client(service, "us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    gc.freeze()


def serve(control: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, _bury)
    while True:
        message, fds, _, _ = socket.recv_fds(control, LONGEST, 3)
        if not message:
            return
        born = os.fork()
        if born == 0:
            control.close()
            become(json.loads(message), fds)
        for fd in fds:
            os.close(fd)
        control.sendall(born.to_bytes(8, "big"))


def _bury(*_: object) -> None:
    """No dead worker may look alive."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def become(worker: Mapping[str, Any], fds: Sequence[int]) -> None:
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


class Born:
    """A worker as the emulator knows processes: what it uses of subprocess.Popen."""

    def __init__(self, pid: int, stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> None:
        self.pid, self.stdin, self.stdout, self.stderr = pid, stdin, stdout, stderr
        self.returncode: int | None = None
        self._life = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """None while it lives; how it ended is its parent's to know, so 0."""
        return self._over(0)

    def wait(self, timeout: float | None = None) -> int:
        over = self._over(timeout)
        if over is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return over

    def _over(self, within: float | None) -> int | None:
        if self.returncode is None:
            if select.select([self._life], [], [], within)[0]:
                self.returncode = 0
                os.close(self._life)
        return self.returncode

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._life, number)


class Nursery:
    """The emulator's side: one nursery process, asked by one thread at a time."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking, self._control = threading.Lock(), ours
        with theirs:
            program = [sys.executable, "-m", "sandbox.estate.nursery", str(theirs.fileno())]
            self._process = subprocess.Popen(program, pass_fds=[theirs.fileno()])

    def start(self, program: str, cwd: str, env: Mapping[str, str]) -> Born:
        """Raises OSError when the nursery is gone."""
        (in_read, in_write), (out_read, out_write), (err_read, err_write) = os.pipe(), os.pipe(), os.pipe()
        message = json.dumps({"program": program, "cwd": cwd, "env": dict(env)}).encode()
        with self._asking:
            try:
                socket.send_fds(self._control, [message], [in_read, out_write, err_write])
                answer = self._control.recv(8)
            finally:
                for fd in (in_read, out_write, err_write):
                    os.close(fd)
        if not answer:
            raise OSError("the nursery of workers is gone")
        return Born(
            int.from_bytes(answer, "big"),
            open(in_write, "w", buffering=1),
            open(out_read),
            open(err_read),
        )


def main() -> None:
    prepare()
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
