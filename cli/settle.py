"""Waiting until a condition of the world holds, with a limit; and knowing that the fabric has nothing left to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

STEP_S = 0.5
QUIET_S = 1.0
"""Between the places that `Quiet` looks at nothing stays longer: the stream's and the queues' own polls."""


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


DRAFTING, FEEDBACK = "time-to-bill", "billing-status-feedback"
RUNS = (DRAFTING, FEEDBACK)
"""Sagas that wait for nobody: while one runs, the fabric is at work. Others may wait for a person."""


@dataclass(frozen=True)
class Quiet:
    """Looks at the estate's queues, all but dead-letter and parking queues and the polls, which never end, at sagas, and at
    events that are written and not yet published."""

    sqs: Any
    urls: list[str]
    sagas: Any
    machines: tuple[str, ...]
    table: Any

    @classmethod
    def of(cls, aws: dict[str, str], table: str) -> Quiet:
        """aws, table: as estate.json has them."""
        import boto3

        session = boto3.Session(aws["account"], "local", region_name=aws["region"])
        at = aws["endpoint_url"]
        sqs, sagas = session.client("sqs", endpoint_url=at), session.client("stepfunctions", endpoint_url=at)
        urls = sqs.list_queues(MaxResults=1000).get("QueueUrls", [])
        ignored = ("-dlq", "-poll", "quarantine", "outbox-parked")
        machines = [each["stateMachineArn"] for each in sagas.list_state_machines()["stateMachines"]]
        return cls(
            sqs,
            [url for url in urls if not url.endswith(ignored)],
            sagas,
            tuple(arn for arn in machines if arn.endswith(RUNS)),
            session.resource("dynamodb", endpoint_url=at).Table(table),
        )

    def busy(self) -> bool:
        """Messages waiting or in hand, sagas at work, events on their way to the bus: what is likely first, no more than needed."""
        return self._messages() or self.running(*RUNS) > 0 or self._unpublished()

    def _messages(self) -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        for place, url in enumerate(self.urls):
            told = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            if any(int(told[name]) for name in names):
                self.urls.insert(0, self.urls.pop(place))  # it is likely to be busy at the next look, too
                return True
        return False

    def running(self, *sagas: str) -> int:
        """Executions at work, of some of `RUNS`."""
        asked = [arn for arn in self.machines if arn.endswith(sagas)]
        answers = (self.sagas.list_executions(stateMachineArn=arn, statusFilter="RUNNING") for arn in asked)
        return sum(len(answer["executions"]) for answer in answers)

    def _unpublished(self) -> bool:
        from boto3.dynamodb.conditions import Key

        from shared.adapters.event_rows import SHARDS

        marked = {"IndexName": "by_unpublished", "Select": "COUNT"}
        of_shards = (Key("unpublished").eq(str(shard)) for shard in range(SHARDS))
        return any(self.table.query(KeyConditionExpression=each, **marked)["Count"] for each in of_shards)

    def wait(self, what: str, limit_s: float, quiet_s: float = QUIET_S) -> float:
        """Until nothing moved for `quiet_s`. Raises NotSettled."""
        since = time.monotonic()

        def settled() -> bool:
            nonlocal since
            if self.busy():
                since = time.monotonic()
            return time.monotonic() - since >= quiet_s

        return wait_until(what, settled, limit_s)
