"""The AWS resources the adapters stand on, made by API in whatever answers: moto in process, or the embedded AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.slots import DynamoSlots
from shared.domain.policies import Policies
from shared.runtime.settings import Settings
from shared.runtime.wiring import AwsPorts
from tests.fakes.flow import FakeClock
from tests.fakes.policies import some_policies

QUEUES = ("time", "quarantine", "outbox-parked", "bus-copy")
INDEXES = {
    "by_owner": ("gsi1pk", "gsi1sk"),
    "by_external_id": ("ext", "pk"),
    "by_correlation": ("correlation", "gsi1sk"),
    "by_unpublished": ("unpublished", "gsi1sk"),
}
Client = Callable[[str], Any]
PASS = json.dumps({"StartAt": "End", "QueryLanguage": "JSONata", "States": {"End": {"Type": "Succeed"}}})


class Clients:
    """Stands where AwsClients does; a service's resources are made with its client, when a test first needs it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.bucket = f"documents-{uuid4()}"
        """Bucket names are shared by all accounts."""
        self.urls = _Urls(self)

    def _made(self, service: str, prepare: Callable[[Any], None] = lambda client: None) -> Any:
        client = self._client(service)
        prepare(client)
        return client

    @cached_property
    def dynamodb(self) -> Any:
        return self._made("dynamodb", make_table)

    @cached_property
    def s3(self) -> Any:
        return self._made("s3", lambda s3: s3.create_bucket(Bucket=self.bucket))

    @cached_property
    def sqs(self) -> Any:
        return self._made("sqs", make_queues)

    @cached_property
    def events(self) -> Any:
        return self._made("events", lambda events: make_bus(events, self.sqs))

    @cached_property
    def ssm(self) -> Any:
        text = TypeAdapter(Policies).dump_json(some_policies()).decode()
        return self._made("ssm", lambda ssm: ssm.put_parameter(Name="/policies", Value=text, Type="String"))

    @cached_property
    def stepfunctions(self) -> Any:
        machine = {"name": "invoice", "definition": PASS, "roleArn": "arn:aws:iam::000000000000:role/saga"}
        return self._made("stepfunctions", lambda sfn: sfn.create_state_machine(**machine))

    @cached_property
    def lambda_(self) -> Any:
        return self._made("lambda")

    @property
    def machine_arn(self) -> str:
        return str(self.stepfunctions.list_state_machines()["stateMachines"][0]["stateMachineArn"])


class _Urls(Mapping[str, str]):
    """The queues' urls by name, asked for when one is needed."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def __getitem__(self, name: str) -> str:
        if name not in QUEUES:
            raise KeyError(name)
        return str(self._clients.sqs.get_queue_url(QueueName=name)["QueueUrl"])

    def __iter__(self) -> Iterator[str]:
        return iter(QUEUES)

    def __len__(self) -> int:
        return len(QUEUES)


class _Machines(_Urls):
    def __getitem__(self, name: str) -> str:
        if name != "invoice":
            raise KeyError(name)
        return self._clients.machine_arn


def aws_ports(client: Client) -> AwsPorts:
    """Everything made new; only the clock is ours, and nobody sleeps."""
    clients = Clients(client)
    settings = Settings(
        deployment="promises",
        table="fabric",
        bucket=clients.bucket,
        bus="fabric",
        policies="/policies",
        queues=clients.urls,
        sagas=_Machines(clients),
    )
    ports = AwsPorts(settings)
    table = DynamoTable(clients.dynamodb, "fabric", FakeClock(), pause=lambda _: None)
    ports.__dict__ |= {
        "clients": clients,
        "clock": table.clock,
        "_table": table,
        "slots": DynamoSlots(table, 5, pause=lambda _: None),
    }
    return ports


def make_table(dynamodb: Any) -> None:
    names = ["pk", "sk", *sorted({key for keys in INDEXES.values() for key in keys if key not in ("pk", "sk")})]
    dynamodb.create_table(
        TableName="fabric",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {"IndexName": index, "KeySchema": _keys(*keys), "Projection": {"ProjectionType": "ALL"}}
            for index, keys in INDEXES.items()
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def make_queues(sqs: Any) -> None:
    for name in QUEUES:
        sqs.create_queue(QueueName=name)


def make_bus(events: Any, sqs: Any) -> None:
    """Every event of ours is copied to the queue "bus-copy", so that a test can see what went out."""
    events.create_event_bus(Name="fabric")
    pattern = json.dumps({"source": ["billweave"]})
    events.put_rule(Name="copy", EventBusName="fabric", EventPattern=pattern)
    url = sqs.get_queue_url(QueueName="bus-copy")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_targets(Rule="copy", EventBusName="fabric", Targets=[{"Id": "copy", "Arn": arn}])


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def stored_item(ports: AwsPorts, pk: str, sk: str) -> dict[str, Any] | None:
    answer = ports.clients.dynamodb.get_item(TableName="fabric", Key={"pk": {"S": pk}, "sk": {"S": sk}})
    return answer.get("Item")


def received(ports: AwsPorts, queue: str) -> list[dict[str, Any]]:
    """What lies on a queue: each message's body and attributes."""
    messages: list[dict[str, Any]] = []
    while True:
        answer = ports.clients.sqs.receive_message(
            QueueUrl=ports.settings.queues[queue], MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        if not answer.get("Messages"):
            return messages
        messages += answer["Messages"]
