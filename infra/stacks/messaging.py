"""How things move between stacks: the bus, the places where things wait for a person, the alarm topic, the code."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.manifest import PARKING_QUEUES
from infra.parts.foundation import Flowing, Plan, Stored
from infra.parts.function import RUNTIME
from infra.parts.queue import QueueWithDlq, dead_letters

PARKED_TIMEOUT_S = 30


class MessagingStack(cdk.Stack):
    def __init__(self, scope: Construct, plan: Plan, stored: Stored, layer: Path) -> None:
        super().__init__(scope, plan.names("messaging"), env=plan.env)
        self.plan, self.stored = plan, stored
        key = stored.key(self)
        self.undelivered = dead_letters(self, plan, "bus-dlq", key=key, of="events the bus could not decrypt")
        self.bus = events.EventBus(
            self,
            "FabricBus",
            event_bus_name=plan.names("fabric"),
            kms_key=key,
            dead_letter_queue=self.undelivered,
        )
        self._let_bus_keep_undelivered()
        self.parking = {
            name: QueueWithDlq(self, plan, name, key=key, timeout_s=PARKED_TIMEOUT_S).queue for name in PARKING_QUEUES
        }
        self.topic = self._topic()
        self.layer = self._layer(layer)
        for output, value in {
            "Bus": self.bus.event_bus_name,
            "Quarantine": self.parking["quarantine"].queue_url,
            "OutboxParked": self.parking["outbox-parked"].queue_url,
            "AlarmTopic": self.topic.topic_arn,
        }.items():
            cdk.CfnOutput(self, output, value=value)

    @property
    def flowing(self) -> Flowing:
        return Flowing(
            bus=self.bus,
            quarantine=self.parking["quarantine"],
            outbox_parked=self.parking["outbox-parked"],
            layer=self.layer,
        )

    def _let_bus_keep_undelivered(self) -> None:
        self.undelivered.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Bus",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.undelivered.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": self.bus.event_bus_arn}},
            )
        )

    def _topic(self) -> sns.Topic:
        topic = sns.Topic(
            self,
            "Alarms",
            topic_name=self.plan.names("alarms"),
            enforce_ssl=self.plan.deployment.tls_only,
            master_key=self.stored.key(self),
        )
        # A topic with a policy of its own loses the default one, by which alarms of this account may publish.
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Alarms",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        if email := self.plan.deployment.alarms.email:
            topic.add_subscription(subscriptions.EmailSubscription(email))
        return topic

    def _layer(self, directory: Path) -> lambda_.LayerVersion:
        """Its id carries the content's name: functions in other stacks must see that it changed, and a roll-back must
        still find the former one, which therefore outlives its replacement where records do."""
        return lambda_.LayerVersion(
            self,
            f"Dependencies{directory.name.replace('-', '')}",
            layer_version_name=self.plan.names("dependencies"),
            description="locks/lambda.txt",
            code=lambda_.Code.from_asset(str(directory)),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[lambda_.Architecture.ARM_64],
            removal_policy=self.plan.removal,
        )
