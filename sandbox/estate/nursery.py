"""Where functions' workers are born: one process with the dependency layer imported, forked for each code asset's family.

A worker that starts from nothing imports boto3, pydantic and Powertools and reads botocore's service descriptions, a
third of a second of one core each time. AWS restores workers from a snapshot too (SnapStart). Nothing of the fabric is
imported here: a family reads the deployed code. See family.py.

`python -m sandbox.estate.nursery FD`: FD is one end of a Unix socket, which speaks family.serve. It ends when the other
end closes.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import json
import os
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

from sandbox.estate.family import Family, Worker, bury, serve

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


class Families:
    """In the nursery: a family for each code asset, founded when its first worker is asked for."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._known: dict[str, socket.socket] = {}

    def start(self, worker: Worker, fds: Sequence[int]) -> int:
        family = self._known.get(worker["code"]) or self._found(worker)
        try:
            socket.send_fds(family, [json.dumps(worker).encode()], fds)
            answer = family.recv(8)
        except OSError:
            answer = b""
        if not answer:
            self._known.pop(worker["code"]).close()
        return int.from_bytes(answer, "big")

    def _found(self, worker: Worker) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            for other in (self._control, ours, *self._known.values()):
                other.close()
            try:
                Family(theirs).live(worker["archive"])
            finally:
                os._exit(0)
        theirs.close()
        self._known[worker["code"]] = ours
        return ours


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
            over = select.poll()  # select itself takes no descriptor past 1024, and many workers have many
            over.register(self._life, select.POLLIN)
            if over.poll(None if within is None else within * 1000):
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

    def close(self) -> None:
        """No more workers; those that are there live on."""
        self._control.close()
        self._process.wait()

    def start(self, program: str, cwd: str, env: Mapping[str, str], module: str) -> Born:
        """module: of the handler. The emulator keeps the zip beside the program. Raises OSError when it cannot be born."""
        (in_read, in_write), (out_read, out_write), (err_read, err_write) = os.pipe(), os.pipe(), os.pipe()
        archive = Path(program).with_name("code.zip")
        code = hashlib.sha256(archive.read_bytes()).hexdigest()
        asked = {
            "program": program,
            "cwd": cwd,
            "env": dict(env),
            "code": code,
            "archive": str(archive),
            "module": module,
        }
        message = json.dumps(asked).encode()
        with self._asking:
            try:
                socket.send_fds(self._control, [message], [in_read, out_write, err_write])
                answer = self._control.recv(8)
            finally:
                for fd in (in_read, out_write, err_write):
                    os.close(fd)
        if not int.from_bytes(answer, "big"):
            for fd in (in_write, out_read, err_read):
                os.close(fd)
            raise OSError(f"no worker for {module}: the nursery or its family is gone")
        return Born(
            int.from_bytes(answer, "big"),
            open(in_write, "w", buffering=1),
            open(out_read),
            open(err_read),
        )


def main() -> None:
    prepare()
    signal.signal(signal.SIGCHLD, bury)
    control = socket.socket(fileno=int(sys.argv[1]))
    serve(control, Families(control).start)


if __name__ == "__main__":
    main()
