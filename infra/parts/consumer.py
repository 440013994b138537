"""A function that reads a queue: the queue, its DLQ, what fills it, and the mapping between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.manifest import (
    CommandQueue,
    EventQueue,
    FunctionEntry,
    PartnerQueue,
    Queued,
    WorkQueue,
)
from infra.names import PRODUCT
from infra.parts.foundation import Foundation
from infra.parts.function import FabricFunction, Settings, timeout_s
from infra.parts.queue import COMMAND_RECEIVES, RECEIVES, QueueWithDlq

CONSUME = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
)
SEND_ANEW = ("sqs:SendMessage",)
"""Of its own queue: what must wait for a vendor that is down is no try."""

DELIVERY_TRIES = 185
DELIVERY_AGE = cdk.Duration.hours(24)
"""EventBridge's own maxima; after that the event is in the queue's DLQ."""

WITHOUT_WAITING = 10
"""Lambda fills larger batches only within a window of at least a second."""

IN_HAND = 2
"""Commands beyond a vendor's slots: these read, mark and answer while others call, so that no slot waits for them."""


@dataclass(frozen=True)
class Consumer:
    queue: QueueWithDlq
    function: FabricFunction


def queue_of(scope: Construct, foundation: Foundation, entry: FunctionEntry) -> QueueWithDlq:
    trigger = entry.queue
    assert trigger is not None
    return QueueWithDlq(
        scope,
        foundation.plan,
        trigger.queue,
        key=foundation.stored.key(scope),
        timeout_s=timeout_s(foundation, entry),
        receives=COMMAND_RECEIVES if isinstance(trigger, CommandQueue) else RECEIVES,
    )


def consumer(
    scope: Construct,
    foundation: Foundation,
    entry: FunctionEntry,
    *,
    environment: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    slots: int = 2,
) -> Consumer:
    """slots: calls a vendor takes of us at once, for the lane that the entry leaves to them."""
    trigger = entry.queue
    assert trigger is not None
    queue = queue_of(scope, foundation, entry)
    function = FabricFunction(scope, foundation, entry, environment=environment, settings=settings)
    function.allow(
        *CONSUME, *(SEND_ANEW if isinstance(trigger, CommandQueue | WorkQueue) else ()), on=[queue.queue.queue_arn]
    )
    lambda_.EventSourceMapping(
        function,
        "Mapping",
        target=function.function,
        event_source_arn=queue.queue.queue_arn,
        batch_size=_batch(trigger),
        max_batching_window=cdk.Duration.seconds(1) if _batch(trigger) > WITHOUT_WAITING else None,
        max_concurrency=_at_once(trigger, slots, foundation),
        report_batch_item_failures=True,
    )
    return Consumer(queue, function)


def _at_once(trigger: Queued, slots: int, foundation: Foundation) -> int:
    """A vendor's own slots are kept whatever the deployment's bound: they are calls that wait, not work."""
    if trigger.concurrency is None:
        return slots + IN_HAND
    return min(trigger.concurrency, foundation.plan.deployment.most_at_once)


def _batch(trigger: Queued) -> int:
    if isinstance(trigger, CommandQueue):
        return 1
    return trigger.batch if isinstance(trigger, EventQueue | WorkQueue) else WITHOUT_WAITING


def deliver_events(queue: QueueWithDlq, foundation: Foundation, trigger: EventQueue) -> None:
    prefixes = [events.Match.prefix(prefix) for prefix in trigger.types]
    pattern = events.EventPattern(
        source=[PRODUCT],
        detail_type=prefixes[0] if len(prefixes) == 1 else events.Match.any_of(*prefixes),
    )
    _rule(queue, foundation.flowing.bus, foundation.plan.names(trigger.queue), pattern)


def deliver_partner(
    queue: QueueWithDlq,
    bus: events.IEventBus,
    foundation: Foundation,
    trigger: PartnerQueue,
) -> None:
    pattern = events.EventPattern(source=events.Match.prefix(trigger.source), detail_type=list(trigger.detail_types))
    _rule(queue, bus, foundation.plan.names(trigger.queue), pattern)


def _rule(queue: QueueWithDlq, bus: events.IEventBus, name: str, pattern: events.EventPattern) -> None:
    target = targets.SqsQueue(
        queue.queue,
        dead_letter_queue=queue.dlq,
        retry_attempts=DELIVERY_TRIES,
        max_event_age=DELIVERY_AGE,
    )
    events.Rule(
        queue,
        "Rule",
        rule_name=name,
        event_bus=bus,
        event_pattern=pattern,
        targets=[target],
    )
