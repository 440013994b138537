"""The stacks of one deployment and who stands on whom."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from cdk_nag import AwsSolutionsChecks

from infra.deployment import Deployment
from infra.manifest import EXPERIENCE, OPERATIONS, PROCESSES, FunctionEntry, of_system
from infra.names import PRODUCT
from infra.parts.accepted import accept_plain_http
from infra.parts.foundation import Foundation, Plan
from infra.stacks.cloud_only import CloudOnlyStack
from infra.stacks.connector import ConnectorStack
from infra.stacks.data import DataStack
from infra.stacks.experience import ExperienceStack
from infra.stacks.messaging import MessagingStack
from infra.stacks.observability import ObservabilityStack
from infra.stacks.operations import OperationsStack
from infra.stacks.processes import ProcessesStack


class Fabric:
    """Adds every stack of `deployment` to `app`, each after what it stands on, and cdk-nag over all."""

    def __init__(
        self,
        app: cdk.App,
        deployment: Deployment,
        *,
        issuer: str,
        layer: Path,
        nag: bool = True,
    ) -> None:
        plan = Plan(deployment)
        self.data = DataStack(app, plan)
        self.messaging = MessagingStack(app, plan, self.data.stored, layer)
        foundation = Foundation(plan, self.data.stored, self.messaging.flowing)
        systems = deployment.systems
        self.connectors = [ConnectorStack(app, foundation, system) for system in systems]
        lanes = {name: queue for stack in self.connectors for name, queue in stack.queues.items()}
        self.processes = ProcessesStack(app, foundation, lanes)
        queues = lanes | self.processes.queues | self._parking
        self.operations = OperationsStack(app, foundation, queues)
        webhooks = {entry: function for stack in self.connectors for entry, function in stack.webhooks.items()}
        self.experience = ExperienceStack(app, foundation, webhooks, issuer, queues)
        self.observability = ObservabilityStack(
            app, plan, self._entries(systems), self.messaging.topic, self.experience.api.api_id
        )
        self.cloud_only = self._cloud_only(app, plan) if deployment.target == "aws" else None
        self._order()
        cdk.Tags.of(app).add("product", PRODUCT)
        cdk.Tags.of(app).add("deployment", deployment.name)
        cdk.Tags.of(app).add("stage", deployment.stage)
        if not deployment.tls_only:
            accept_plain_http(app)
        if nag:
            cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))

    @staticmethod
    def _entries(systems: list[str]) -> list[FunctionEntry]:
        connectors = [entry for system in systems for entry in of_system(system)]
        return [*connectors, *PROCESSES, *OPERATIONS, *EXPERIENCE]

    def _cloud_only(self, app: cdk.App, plan: Plan) -> CloudOnlyStack:
        log_groups = [f"/aws/lambda/{plan.names(entry.name)}" for entry in self.observability.entries]
        return CloudOnlyStack(
            app,
            plan,
            self.messaging.bus,
            self.messaging.topic,
            self.observability.alarms,
            log_groups,
            self.data.stored.key_arn,
        )

    @property
    def _parking(self) -> dict[str, sqs.IQueue]:
        return dict(self.messaging.parking)

    @property
    def stacks(self) -> list[cdk.Stack]:
        """In the order they are deployed."""
        core = [
            self.data,
            self.messaging,
            *self.connectors,
            self.processes,
            self.operations,
            self.experience,
            self.observability,
        ]
        return [*core, self.cloud_only] if self.cloud_only else core

    def _order(self) -> None:
        """Said, not left to references: some stacks know another's things by name only."""
        self.messaging.add_stack_dependency(self.data)
        for connector in self.connectors:
            connector.add_stack_dependency(self.messaging)
            self.processes.add_stack_dependency(connector)
        self.operations.add_stack_dependency(self.processes)
        self.experience.add_stack_dependency(self.operations)
        self.observability.add_stack_dependency(self.experience)
        if self.cloud_only:
            self.cloud_only.add_stack_dependency(self.observability)
