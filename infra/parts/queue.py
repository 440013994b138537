"""A queue with its own DLQ, as every queue of ours is."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.parts.accepted import accept
from infra.parts.foundation import Plan

VISIBILITY_TIMES_TIMEOUT = 6
"""AWS's own advice: throttled deliveries of a batch must not show it to a second consumer."""

RECEIVES = 5
COMMAND_RECEIVES = 20
"""Commands wait for a vendor: the runtime lets their visibility grow, so twenty receives are about a day."""

KEPT_DAYS = 14
"""The longest SQS has. A DLQ counts from the first sending, so both get it."""


class QueueWithDlq(Construct):
    """`queue` and `dlq`, named <deployment's prefix><name> and <...>-dlq.

    Events that a rule could not deliver land in the same DLQ in the same form, so one redrive serves both.
    """

    def __init__(
        self,
        scope: Construct,
        plan: Plan,
        name: str,
        *,
        key: kms.IKey | None,
        timeout_s: int,
        receives: int = RECEIVES,
    ) -> None:
        super().__init__(scope, f"{name}-queue")
        self.name = name
        common = queue_settings(plan, key)
        self.dlq = sqs.Queue(self, "Dlq", queue_name=plan.names(f"{name}-dlq"), **common)
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=plan.names(name),
            visibility_timeout=cdk.Duration.seconds(VISIBILITY_TIMES_TIMEOUT * timeout_s),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dlq, max_receive_count=receives),
            **common,
        )


def dead_letters(scope: Construct, plan: Plan, name: str, *, key: kms.IKey | None, of: str) -> sqs.Queue:
    """A DLQ of something that is no queue. of: what, in words."""
    queue = sqs.Queue(scope, name, queue_name=plan.names(name), **queue_settings(plan, key))
    accept(queue, "SQS3", f"It is a DLQ itself: of {of}.")
    return queue


def queue_settings(plan: Plan, key: kms.IKey | None) -> dict[str, Any]:
    return {
        "retention_period": cdk.Duration.days(KEPT_DAYS),
        "enforce_ssl": plan.deployment.tls_only,
        "encryption": sqs.QueueEncryption.KMS if key else sqs.QueueEncryption.SQS_MANAGED,
        "encryption_master_key": key,
        "removal_policy": cdk.RemovalPolicy.DESTROY,
    }
