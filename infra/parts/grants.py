"""From the words of a manifest entry to IAM statements: only the actions the adapters use, on named resources."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs

from infra.manifest import SAGAS, Access, Route
from infra.names import variable
from infra.parts.accepted import accept
from infra.parts.foundation import TABLE_INDEXES, Foundation, bucket_name
from infra.parts.function import FabricFunction

READ_ROWS = (
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
)
WRITE_ROWS = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
)
USE_KEY = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
"""What DynamoDB, S3 and SQS ask of a caller whose data lies under a customer's key."""

IDEMPOTENCY = ("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
ANSWER = (
    "states:SendTaskFailure",
    "states:SendTaskHeartbeat",
    "states:SendTaskSuccess",
)
DRAIN = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
)


def grant(foundation: Foundation, function: FabricFunction, queues: Mapping[str, sqs.IQueue]) -> None:
    """queues: by name; those the entry sends to must be among them."""
    entry, stored, flowing = function.entry, foundation.stored, foundation.flowing
    _grant_data(foundation, function)
    function.allow(
        "ssm:GetParameter",
        on=[arn(function, "ssm", f"parameter{stored.policies_parameter}")],
    )
    if entry.quarantines:
        function.allow("sqs:SendMessage", on=[flowing.quarantine.queue_arn])
    for name in entry.sends:
        function.allow("sqs:SendMessage", on=[queues[name].queue_arn])
        function.set(variable("QUEUE", name), queues[name].queue_url)
    for saga in entry.starts:
        _grant_saga(foundation, function, saga)
    if entry.publishes:
        function.allow("events:PutEvents", on=[flowing.bus.event_bus_arn])
    if entry.answers:
        _grant_answers(foundation, function)
    if isinstance(entry.trigger, Route) and entry.trigger.open:
        function.allow(*IDEMPOTENCY, on=[stored.idempotency.table_arn])
        function.set("BILLWEAVE_IDEMPOTENCY", stored.idempotency.table_name)
    if entry.drains:
        _grant_draining(foundation, function)


def _grant_data(foundation: Foundation, function: FabricFunction) -> None:
    entry, stored = function.entry, foundation.stored
    actions = {
        Access.NONE: (),
        Access.READ: READ_ROWS,
        Access.WRITE: READ_ROWS + WRITE_ROWS,
    }[entry.table]
    if entry.scans:
        function.allow("dynamodb:Scan", on=[stored.table.table_arn])
    if entry.lists:
        stack = cdk.Stack.of(function)
        function.allow("s3:ListBucket", on=[f"arn:{stack.partition}:s3:::{bucket_name(foundation.plan, stack)}"])
    if actions:
        indexes = [f"{stored.table.table_arn}/index/{index}" for index in TABLE_INDEXES]
        function.allow(*actions, on=[stored.table.table_arn, *indexes])
    objects = {
        Access.NONE: (),
        Access.READ: ("s3:GetObject",),
        Access.WRITE: ("s3:GetObject", "s3:PutObject"),
    }
    if bucket_actions := objects[entry.bucket]:
        stack = cdk.Stack.of(function)
        objects_of_ours = f"arn:{stack.partition}:s3:::{bucket_name(foundation.plan, stack)}/*"
        function.allow(*bucket_actions, on=[objects_of_ours])
        accept(
            function.role,
            f"IAM5[Resource::{_shown(objects_of_ours, function)}]",
            "Keys of documents and raw payloads hold ids that are known only when they are written.",
        )
    if stored.key_arn:
        function.allow(*USE_KEY, on=[stored.key_arn])


def _shown(text: str, function: FabricFunction) -> str:
    """`text`, with tokens of this stack only, as cdk-nag writes it in the name of a finding."""
    resolved = cdk.Stack.of(function).resolve(text)
    parts = resolved["Fn::Join"][1] if isinstance(resolved, dict) else [resolved]
    return "".join(part if isinstance(part, str) else f"<{part['Ref']}>" for part in parts)


def _grant_saga(foundation: Foundation, function: FabricFunction, saga: str) -> None:
    machine = saga_arn(foundation, function, saga)
    execution = arn(function, "states", f"execution:{foundation.plan.names.saga(saga)}:*")
    function.allow("states:StartExecution", on=[machine])
    function.allow("states:DescribeExecution", on=[execution])
    function.set(variable("SAGA", saga), machine)
    accept(
        function.role,
        f"IAM5[Resource::{_shown(execution, function)}]",
        "An execution's name is the business id; it is looked at to tell a repeat from a conflict.",
    )


def _grant_answers(foundation: Foundation, function: FabricFunction) -> None:
    """The embedded AWS weighs task answers only against "*"."""
    if foundation.plan.deployment.target == "embedded":
        function.allow(*ANSWER, on=["*"])
    else:
        function.allow(*ANSWER, on=[saga_arn(foundation, function, saga) for saga in SAGAS])


def _grant_draining(foundation: Foundation, function: FabricFunction) -> None:
    ours = arn(function, "sqs", foundation.plan.names("*"))
    function.allow(*DRAIN, on=[ours])
    accept(
        function.role,
        f"IAM5[Resource::{_shown(ours, function)}]",
        "Redrive moves messages between any DLQ of this deployment and its queue: the prefix is the deployment's own.",
    )


def saga_arn(foundation: Foundation, function: FabricFunction, saga: str) -> str:
    return arn(function, "states", f"stateMachine:{foundation.plan.names.saga(saga)}")


def arn(function: FabricFunction, service: str, resource: str) -> str:
    stack = cdk.Stack.of(function)
    return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"
