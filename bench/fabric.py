"""The fabric under measurement: asked by its operations, looked at from the side so that looking costs it nothing.

Records are counted in the table by the bench's own client, whose requests the meter leaves out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from bench import usage
from bench.counting_launcher import NOT_OURS
from bench.firm import LAST, BenchFirm
from cli.connection import of_estate
from cli.settle import Quiet
from sandbox.estate import estate
from sandbox.firm.offices import OFFICES

LAUNCHER = "bench.counting_launcher"
WORK_DIR = Path(".billweave-bench")
CONCURRENT_CALLS = 64
"""Of an account's 1,000 on AWS. At the sandbox's 32 a busy machine refuses commands, which come back minutes later."""


class Fabric:
    def __init__(self, up: estate.Estate, state_dir: Path) -> None:
        self.aws, self._table = up.aws, up.resources["table"]
        self._connection, self.quiet = of_estate(state_dir), Quiet.of(up.aws, up.resources["table"])
        self._dynamodb, self._sqs, self._lambda = (self._client(name) for name in ("dynamodb", "sqs", "lambda"))
        self._posting = self._sqs.get_queue_url(QueueName=f"billweave-{up.resources['deployment']}-netsuite-posting")

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.aws["endpoint_url"],
            region_name=self.aws["region"],
            aws_access_key_id=self.aws["account"],
            aws_secret_access_key="bench",
            config=Config(connect_timeout=5, read_timeout=60, user_agent_extra=NOT_OURS, proxies={}),
        )

    def known(self) -> int:
        """Approved time the fabric has valued: its sources are written with their WIP in one transaction."""
        return sum(self._count(f"LESRC#{entity}") for entity in OFFICES)

    def invoices(self) -> int:
        return sum(self._count(f"LEINV#{entity}") for entity in OFFICES)

    def _count(self, owner: str) -> int:
        asked: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "by_owner",
            "KeyConditionExpression": "gsi1pk = :owner",
            "ExpressionAttributeValues": {":owner": {"S": owner}},
            "Select": "COUNT",
        }
        total = 0
        while True:
            page = self._dynamodb.query(**asked)
            total += page["Count"]
            if "LastEvaluatedKey" not in page:
                return total
            asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def waiting_to_post(self) -> int:
        """Invoices on their way to NetSuite: in the queue or in hand."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self._sqs.get_queue_attributes(QueueUrl=self._posting["QueueUrl"], AttributeNames=names)
        return sum(int(told["Attributes"][name]) for name in names)

    def bill(self, run: str, through: Any = LAST, entities: Any = tuple(OFFICES)) -> None:
        for entity in entities:
            asked = {"legal_entity_id": entity, "through": through.isoformat(), "run": run, "requested_by": "bench"}
            asked["interim"] = through != LAST  # contracts are monthly, the ceiling is measured day by day
            self._connection.act("start-billing", asked)

    def usage(self) -> usage.Reading:
        return usage.read(self.aws["endpoint_url"])

    def mappings(self) -> int:
        """Event source mappings of queues."""
        found = self._lambda.list_event_source_mappings(MaxItems=1000)["EventSourceMappings"]
        return sum(1 for each in found if ":sqs:" in each["EventSourceArn"])

    def rest(self, seconds: float) -> usage.Stretch:
        """What it costs to have nothing to do."""
        before = self.usage()
        time.sleep(seconds)
        return usage.Stretch.between(before, self.usage())


@contextmanager
def running(state_dir: Path, say: Any) -> Iterator[tuple[Fabric, BenchFirm]]:
    """An estate of the bench's own, with the counting emulator; ended and removed afterwards."""
    state_dir = state_dir.resolve()
    try:
        with estate.raised(
            estate.Plan(
                state_dir, fresh=True, launcher=LAUNCHER, settings={"LAMBDA_ACCOUNT_CONCURRENCY": str(CONCURRENT_CALLS)}
            ),
            say,
        ) as up:
            yield Fabric(up, state_dir), BenchFirm(up.systems, up.roles)
    finally:
        estate.down(state_dir)
