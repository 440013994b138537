"""The running estate as who breaks it sees it: its processes, its queues, its vendors' planted faults."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from cli.connection import Connection, ConnectionFailed
from events.envelope import BUS_SOURCE
from sandbox.estate import emulator
from sandbox.estate.processes import Processes
from sandbox.firm.vendor_calls import Control
from tests.estate.small_firm import SmallFirm

LANES = ("posting", "reference", "status")
EAR = "drill-hears"
PLACES = ("quarantine", "outbox-parked")
"""Where what cannot be read or published waits for a person."""
TIMES = 6
"""Of its function's timeout is a queue's visibility, as deployed (infra/parts/queue.py)."""
MARK = "/ministack-lambda-"
"""In the working directory of every worker, before its function's name."""
TIRED_S = 60.0
UNANSWERED = (ConnectionFailed, httpx.HTTPError, BotoCoreError, ClientError)


class Patient:
    """The fabric's API for somebody who asks again: the worker that would have answered may have been killed."""

    def __init__(self, fabric: Connection) -> None:
        self._fabric = fabric

    def read(self, path: str, **query: str | None) -> dict[str, Any]:
        return again(lambda: self._fabric.read(path, **query))

    def act(self, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Every operation answers a repeat as it answered the first time."""
        return again(lambda: self._fabric.act(operation, payload))

    def try_(self, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Once; {} if it was refused or died. Whoever looks after the estate comes back anyway."""
        try:
            return self._fabric.act(operation, payload)
        except UNANSWERED:
            return {}


def again(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Raises what the last try raised, after a minute."""
    deadline = time.monotonic() + TIRED_S
    while True:
        try:
            return ask()
        except UNANSWERED:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


@dataclass
class Ground:
    """firm_dir: the estate's state directory. struck: how often planted faults of each vendor have struck, up to the last
    count. events: what was heard on the bus, oldest first.
    """

    firm: SmallFirm
    firm_dir: Path
    fabric: Patient
    struck: Counter[str] = field(default_factory=Counter)
    events: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def processes(self) -> Processes:
        return Processes(self.firm_dir)

    @cached_property
    def sqs(self) -> Any:
        return self.firm.estate.client("sqs")

    @cached_property
    def controls(self) -> dict[str, Control]:
        return {name: Control(told["control_url"]) for name, told in self.firm.estate.systems.items()}

    def name_of(self, what: str) -> str:
        return f"billweave-{self.firm.estate.resources['deployment']}-{what}"

    def workers(self) -> list[tuple[int, str]]:
        """Process ids of the functions' workers with their function's name, below this estate's own emulator."""
        top = self.emulator()
        told = [(pid, directory_of(pid)) for pid in below(top)]
        return [(pid, where.partition(MARK)[2]) for pid, where in told if MARK in where]

    def emulator(self) -> int:
        running = self.processes.find(emulator.NAME)
        assert running is not None, "the embedded AWS is gone"
        return running.pid

    @cached_property
    def queues(self) -> dict[str, str]:
        """URLs by the queues' names in the deployment."""
        prefix = self.name_of("")
        urls = self.sqs.list_queues(QueueNamePrefix=prefix, MaxResults=1000)["QueueUrls"]
        return {url.rpartition("/")[2].removeprefix(prefix): url for url in urls}

    @cached_property
    def lanes(self) -> tuple[tuple[str, str], ...]:
        """Of each vendor: (system, lane), as its command queues are called."""
        found = ((system, lane) for system in self.controls for lane in LANES if f"{system}-{lane}" in self.queues)
        return tuple(sorted(found))

    @property
    def systems(self) -> tuple[str, ...]:
        return tuple(sorted(self.controls))

    @cached_property
    def publisher(self) -> str:
        """The mapping of the table's stream to its reader."""
        mappings = self.firm.estate.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        [found] = [each["UUID"] for each in mappings if each["FunctionArn"].endswith("publish-outbox")]
        return str(found)

    @property
    def bus(self) -> str:
        return self.firm.estate.resources["bus"]

    def listen(self) -> None:
        """A queue of the drill's own hears every event of the fabric, so that one can come again."""
        url = self.sqs.create_queue(QueueName=EAR)["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        bus = self.firm.estate.client("events")
        pattern = json.dumps({"source": [BUS_SOURCE]})
        bus.put_rule(Name=EAR, EventBusName=self.bus, EventPattern=pattern)
        bus.put_targets(Rule=EAR, EventBusName=self.bus, Targets=[{"Id": EAR, "Arn": arn}])

    def hear(self) -> list[dict[str, Any]]:
        """All events heard so far, as the bus delivers them."""
        url = self.sqs.get_queue_url(QueueName=EAR)["QueueUrl"]
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            self.events += [json.loads(each["Body"]) for each in messages]
            gone = [{"Id": str(place), "ReceiptHandle": each["ReceiptHandle"]} for place, each in enumerate(messages)]
            self.sqs.delete_message_batch(QueueUrl=url, Entries=gone)
        return self.events

    def url(self, queue: str) -> str:
        return self.queues[queue]

    def depth(self, queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.sqs.get_queue_attributes(QueueUrl=self.url(queue), AttributeNames=names)["Attributes"]
        return sum(int(told[name]) for name in names)

    def filled(self) -> list[str]:
        """Dead-letter queues and places of what could not be read that hold something."""
        places = [name for name in self.queues if name.endswith("-dlq") or name in PLACES]
        return [name for name in sorted(places) if self.depth(name)]

    def busy(self) -> int:
        """Messages on their way, sagas at work, events that are not published."""
        return self.firm.quiet.busy()

    @contextmanager
    def quick_redelivery(self) -> Iterator[None]:
        """What a killed worker had in hand is shown again when its invocation would have ended: six times sooner than as
        deployed, the least that Lambda takes, so that minutes of waiting are seconds."""
        before = {}
        for name, url in self.queues.items():
            told = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
            if name not in PLACES and not name.endswith("-dlq"):
                before[url] = int(told["VisibilityTimeout"])
        for url, seconds in before.items():
            self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds // TIMES)})
        try:
            yield
        finally:
            for url, seconds in before.items():
                self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})

    @contextmanager
    def patience(self, queue: str, *, receives: int | None = None, visibility_s: int | None = None) -> Iterator[None]:
        """Of a queue, for a while."""
        url = self.url(queue)
        before = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        changed = {} if visibility_s is None else {"VisibilityTimeout": str(visibility_s)}
        if receives is not None:
            policy = json.loads(before["RedrivePolicy"]) | {"maxReceiveCount": receives}
            changed["RedrivePolicy"] = json.dumps(policy)
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes=changed)
        try:
            yield
        finally:
            self.sqs.set_queue_attributes(QueueUrl=url, Attributes={name: before[name] for name in changed})

    def plant(self, system: str, fault: dict[str, Any]) -> int | None:
        """Its id; None while the simulator is down."""
        try:
            planted: int = self.controls[system].post("/faults", fault)["faults"][-1]["fault_id"]
            return planted
        except httpx.HTTPError:
            return None

    def hits(self, system: str, fault_id: int | None) -> int:
        try:
            told = self.controls[system].get("/faults")["faults"]
        except httpx.HTTPError:
            return 0
        return sum(each["hits"] for each in told if each["fault_id"] == fault_id)

    def write_methods(self, system: str) -> list[str]:
        """Of HTTP, as this vendor was asked by them so far; POST where nothing is known."""
        try:
            calls = self.controls[system].get("/traffic")["calls"]
        except httpx.HTTPError:
            return ["POST"]
        return sorted({call.partition(" ")[0] for call in calls} - {"GET", "HEAD"}) or ["POST"]

    def count_hits(self) -> None:
        """And forgets them there: each is counted once. Those of a simulator that is down are counted when it is up."""
        for system, control in self.controls.items():
            with suppress(httpx.HTTPError):
                told = control.get("/faults")["faults"]
                control.delete("/faults")
                self.struck[system] += sum(each["hits"] for each in told if not each.get("part"))


def below(pid: int) -> list[int]:
    """The process's children, theirs, and so on: workers are born of families, which are born of the nursery."""
    told = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, timeout=10, check=False)
    return [each for child in told.stdout.split() for each in (int(child), *below(int(child)))]


def directory_of(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""
