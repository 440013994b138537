"""Waiting until a condition of the world holds, with a limit; and knowing that the fabric has nothing left to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3

STEP_S = 0.7
QUIET_S = 2.5
"""Longer than any poll's interval but the slow ones: what was approved has been seen, and has left the queues."""


class NotSettled(Exception):
    """What was waited for did not come: it says what, and how long."""


def wait_until(what: str, holds: Callable[[], bool], limit_s: float, step_s: float = STEP_S) -> float:
    """Seconds it took. step_s: between two looks; a look at everything costs. Raises NotSettled."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > limit_s:
            raise NotSettled(f"{what}: not within {limit_s:.0f} s")
        time.sleep(step_s)
    return time.monotonic() - began


@dataclass(frozen=True)
class Quiet:
    """Looks at the estate's queues, all of them but dead-letter and parking queues and the polls, which never end; and
    at its billing runs, which draft from the table alone."""

    sqs: Any
    urls: tuple[str, ...]
    sagas: Any
    runs: tuple[str, ...]

    @classmethod
    def of(cls, aws: dict[str, str]) -> Quiet:
        sqs, sagas = _client(aws, "sqs"), _client(aws, "stepfunctions")
        urls = sqs.list_queues(MaxResults=1000).get("QueueUrls", [])
        ignored = ("-dlq", "-poll", "quarantine", "outbox-parked")
        machines = [machine["stateMachineArn"] for machine in sagas.list_state_machines()["stateMachines"]]
        return cls(
            sqs,
            tuple(url for url in urls if not url.endswith(ignored)),
            sagas,
            tuple(arn for arn in machines if arn.endswith("-time-to-bill")),
        )

    def busy(self) -> int:
        """Messages waiting or in hand, and billing runs that go on."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        total = 0
        for url in self.urls:
            told = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            total += sum(int(told[name]) for name in names)
        for arn in self.runs:
            total += len(self.sagas.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"])
        return total

    def wait(self, what: str, limit_s: float, quiet_s: float = QUIET_S) -> float:
        """Until nothing moved for `quiet_s`. Raises NotSettled."""
        since = time.monotonic()

        def settled() -> bool:
            nonlocal since
            if self.busy():
                since = time.monotonic()
            return time.monotonic() - since >= quiet_s

        return wait_until(what, settled, limit_s)


def _client(aws: dict[str, str], service: str) -> Any:
    session: Any = boto3  # the service is only a name here
    return session.client(
        service,
        endpoint_url=aws["endpoint_url"],
        region_name=aws["region"],
        aws_access_key_id=aws["account"],
        aws_secret_access_key="local",
    )
