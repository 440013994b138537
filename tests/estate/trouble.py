"""What goes wrong on a running estate, on purpose: dead workers, dead vendors, lost answers, a queue's patience cut short."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.estate import emulator
from sandbox.estate.emulator import clean_environment
from sandbox.estate.processes import Processes

from .small_firm import SmallFirm, wait

INVOICE = {"method": "PUT", "path": "/record/v1/invoice/eid"}


def name_of(firm: SmallFirm, what: str) -> str:
    return f"billweave-{firm.estate.resources['deployment']}-{what}"


def workers(firm_dir: Path, function: str) -> list[int]:
    """Process ids of a function's workers: below this estate's own emulator, told apart by where their code lies."""
    running = Processes(firm_dir).find(emulator.NAME)
    assert running is not None
    return [pid for pid in below(running.pid) if f"/ministack-lambda-{function}-" in _directory(pid)]


def below(pid: int) -> list[int]:
    """The process's children, theirs, and so on: workers are born of families, which are born of the nursery."""
    told = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, timeout=10)
    return [each for child in told.stdout.split() for each in (int(child), *below(int(child)))]


def _directory(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


@contextmanager
def killing_workers(firm_dir: Path, firm: SmallFirm, function: str) -> Iterator[list[int]]:
    """SIGKILL for the function's workers whenever NetSuite has begun one more call that a planted fault makes slow."""
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        struck = 0
        while not over.wait(0.1):
            hits = strikes(firm)
            if hits == struck:
                continue
            struck = hits
            for pid in workers(firm_dir, name_of(firm, function)):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()


def strikes(firm: SmallFirm) -> int:
    """How often NetSuite's planted faults have struck."""
    return sum(fault["hits"] for fault in firm.finance.control.get("/faults")["faults"])


def deaths(firm: SmallFirm, function: str) -> int:
    """Calls of the function that ended with their worker."""
    group, logs = f"/aws/lambda/{name_of(firm, function)}", firm.estate.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    return sum("Worker process died" in event["message"] for page in pages for event in page["events"])


def kill_vendor(firm_dir: Path, system: str) -> None:
    running = Processes(firm_dir).find(system)
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    wait(f"{system} to be dead", lambda: Processes(firm_dir).find(system) is None, 10)


def revive_vendor(firm_dir: Path, system: str) -> dict[str, Any]:
    """On its records and its port."""
    ready = firm_dir / "ready" / f"{system}.json"
    ready.unlink(missing_ok=True)
    state = firm_dir / "simulators" / system
    program = [sys.executable, "-m", f"sandbox.{system}", "--state-dir", str(state)]
    processes = Processes(firm_dir)
    running = processes.start(system, [*program, "--port", "0", "--ready-file", str(ready)], clean_environment())
    processes.wait_ready(running, ready.exists, 30)
    told: dict[str, Any] = json.loads(ready.read_text())
    return told


@contextmanager
def queue_settings(firm: SmallFirm, queue: str, *, receives: int, visibility_s: int) -> Iterator[str]:
    """A lane's patience for a while, its URL meanwhile: what takes minutes or a night as deployed takes seconds."""
    sqs = firm.estate.client("sqs")
    url = sqs.get_queue_url(QueueName=name_of(firm, queue))["QueueUrl"]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    policy = json.loads(before["RedrivePolicy"]) | {"maxReceiveCount": receives}
    changed = {"VisibilityTimeout": str(visibility_s), "RedrivePolicy": json.dumps(policy)}
    sqs.set_queue_attributes(QueueUrl=url, Attributes=changed)
    try:
        yield url
    finally:
        kept = {name: before[name] for name in changed}
        sqs.set_queue_attributes(QueueUrl=url, Attributes=kept)


def depth(firm: SmallFirm, queue: str) -> int:
    """Messages that wait on a queue, and those in hand."""
    sqs = firm.estate.client("sqs")
    url = sqs.get_queue_url(QueueName=name_of(firm, queue))["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(told[name]) for name in names)
