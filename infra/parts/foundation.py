"""What every stack is handed: the deployment, its names, and the few shared things functions stand on."""

from __future__ import annotations

from dataclasses import dataclass, field

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import assets
from infra.deployment import Deployment
from infra.names import Names

TABLE_INDEXES = ("by_owner", "by_external_id", "by_correlation", "by_unpublished")


@dataclass(frozen=True)
class Plan:
    """What is deployed and how it is called; knows nothing of AWS."""

    deployment: Deployment

    @property
    def names(self) -> Names:
        return Names(self.deployment.name)

    @property
    def removal(self) -> cdk.RemovalPolicy:
        """Of what holds business records."""
        return cdk.RemovalPolicy.RETAIN if self.deployment.retain else cdk.RemovalPolicy.DESTROY

    @property
    def env(self) -> cdk.Environment | None:
        """None: the stacks go to whatever account and region the deployer is in."""
        region = self.deployment.region
        return cdk.Environment(account=self.deployment.account, region=region) if region else None

    def log_group(self, scope: Construct, name: str, key: kms.IKey | None) -> logs.LogGroup:
        return logs.LogGroup(
            scope,
            "Logs",
            log_group_name=name,
            retention=retention(self.deployment.log_retention_days),
            encryption_key=key,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )


def bucket_name(plan: Plan, stack: cdk.Stack) -> str:
    """At most 62 of S3's 63 characters. Known by name, so that a policy in another stack names it in full."""
    return f"{plan.names('')}{stack.account}-{stack.region}"


def retention(days: int) -> logs.RetentionDays:
    """Raises StopIteration for a number that the deployment file would have refused."""
    return next(each for each in logs.RetentionDays if RETENTION_DAYS.get(each.name) == days)


RETENTION_DAYS = {
    "ONE_DAY": 1,
    "THREE_DAYS": 3,
    "FIVE_DAYS": 5,
    "ONE_WEEK": 7,
    "TWO_WEEKS": 14,
    "ONE_MONTH": 30,
    "TWO_MONTHS": 60,
    "THREE_MONTHS": 90,
    "FOUR_MONTHS": 120,
    "FIVE_MONTHS": 150,
    "SIX_MONTHS": 180,
    "ONE_YEAR": 365,
    "THIRTEEN_MONTHS": 400,
    "EIGHTEEN_MONTHS": 545,
    "TWO_YEARS": 731,
    "THREE_YEARS": 1096,
    "FIVE_YEARS": 1827,
    "TEN_YEARS": 3653,
}


@dataclass(frozen=True)
class Stored:
    """Of the data stack. key: None where the cloud's own keys do; else to be imported by arn where it is used."""

    table: dynamodb.ITableV2
    idempotency: dynamodb.ITableV2
    bucket: s3.IBucket
    policies_parameter: str
    key_arn: str | None

    def key(self, scope: Construct) -> kms.IKey | None:
        """Imported once per stack, so that no other stack writes into the key's policy: data/key_policy says it all."""
        if self.key_arn is None:
            return None
        stack = cdk.Stack.of(scope)
        known = stack.node.try_find_child("DataKey")
        return known or kms.Key.from_key_arn(stack, "DataKey", self.key_arn)  # type: ignore[return-value]


@dataclass(frozen=True)
class Flowing:
    """Of the messaging stack."""

    bus: events.IEventBus
    quarantine: sqs.IQueue
    outbox_parked: sqs.IQueue
    layer: lambda_.ILayerVersion


@dataclass(frozen=True)
class Foundation:
    plan: Plan
    stored: Stored
    flowing: Flowing
    _codes: dict[str, lambda_.Code] = field(default_factory=dict)

    def code(self, scope: Construct) -> lambda_.Code:
        """The one code asset; CDK wants its own object of it in each stack."""
        stack = cdk.Stack.of(scope).stack_name
        if stack not in self._codes:
            self._codes[stack] = lambda_.Code.from_asset(str(assets.code_directory()))
        return self._codes[stack]
