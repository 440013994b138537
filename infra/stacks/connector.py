"""One system's connector: its functions, its queues, its secret; the same shape for every system."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.manifest import FunctionEntry, Invoked, PartnerQueue, Route, of_system
from infra.names import camel, kebab
from infra.parts.accepted import accept
from infra.parts.consumer import Consumer, consumer, deliver_partner
from infra.parts.foundation import Foundation
from infra.parts.function import FabricFunction
from infra.parts.grants import grant
from infra.registered import registered


class ConnectorStack(cdk.Stack):
    """queues: what sagas and the pacer send to. webhooks: functions that get an open route of the API."""

    def __init__(self, scope: Construct, foundation: Foundation, system: str) -> None:
        super().__init__(scope, foundation.plan.names(kebab(system)), env=foundation.plan.env)
        self.foundation, self.system = foundation, system
        self.secret = self._connection()
        self.queues: dict[str, sqs.IQueue] = {}
        self.webhooks: dict[FunctionEntry, FabricFunction] = {}
        built = [self._build(entry) for entry in of_system(system)]
        for function in built:
            grant(foundation, function, self.queues)
            self.secret.grant_read(function.role)
        cdk.CfnOutput(self, f"{camel(system)}Connection", value=self.secret.secret_name)

    @property
    def settings(self) -> dict[str, Any]:
        return self.foundation.plan.deployment.connectors[self.system]

    def _connection(self) -> secretsmanager.Secret:
        """Made with a random value: the operator, or the sandbox, puts {"base_url", "credentials"} in its place."""
        secret = secretsmanager.Secret(
            self,
            "Connection",
            secret_name=self.foundation.plan.names.path(f"{self.system}/connection"),
            description=f"How to reach {self.system}",
            encryption_key=self.foundation.stored.key(self),
            removal_policy=self.foundation.plan.removal,
        )
        accept(
            secret,
            "SMG4",
            "The vendor gives these credentials and its administrator rotates them: docs/deploy.md.",
        )
        return secret

    def _build(self, entry: FunctionEntry) -> FabricFunction:
        environment = {
            "BILLWEAVE_CONNECTION": self.secret.secret_name,
            "BILLWEAVE_SYSTEM": self.system,
            "BILLWEAVE_ROLE": registered()[self.system].role,
        }
        if isinstance(entry.trigger, Route):
            function = FabricFunction(
                self,
                self.foundation,
                entry,
                environment=environment,
                settings=self.settings,
            )
            self.webhooks[entry] = function
            return function
        if isinstance(entry.trigger, Invoked):
            return FabricFunction(self, self.foundation, entry, environment=environment, settings=self.settings)
        made = consumer(
            self,
            self.foundation,
            entry,
            environment=environment,
            settings=self.settings,
            slots=max(2, int(self.settings.get("slots", 2))),
        )
        self.queues[made.queue.name] = made.queue.queue
        if isinstance(entry.trigger, PartnerQueue):
            self._partner(made, entry.trigger)
        return made.function

    def _partner(self, made: Consumer, trigger: PartnerQueue) -> None:
        """`partner_event_source`: the vendor's pending source, which this bus accepts. Without it, a bus of that kind
        that only the sandbox feeds."""
        source = self.settings.get("partner_event_source")
        name = source or self.foundation.plan.names(f"{kebab(self.system)}-partner")
        bus = events.EventBus(
            self,
            "PartnerBus",
            event_bus_name=None if source else name,
            event_source_name=source,
        )
        deliver_partner(made.queue, bus, self.foundation, trigger)
        cdk.CfnOutput(self, f"{camel(self.system)}PartnerBus", value=bus.event_bus_name)
