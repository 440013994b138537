"""The processes: queues of events, the steps, and the state machines that order them."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.manifest import PROCESSES, SAGAS, EventQueue, Step
from infra.names import camel
from infra.parts.consumer import Consumer, consumer, deliver_events
from infra.parts.foundation import Foundation
from infra.parts.function import FabricFunction
from infra.parts.grants import grant
from infra.parts.saga import Saga


class ProcessesStack(cdk.Stack):
    """command_queues: of all connectors, by name. queues: of events, which parked deliveries are sent to again."""

    def __init__(
        self,
        scope: Construct,
        foundation: Foundation,
        command_queues: Mapping[str, sqs.IQueue],
    ) -> None:
        super().__init__(scope, foundation.plan.names("processes"), env=foundation.plan.env)
        self.foundation = foundation
        consumers = self._consumers()
        self.queues: dict[str, sqs.IQueue] = {each.queue.name: each.queue.queue for each in consumers}
        self.steps = {
            entry.stem: FabricFunction(self, foundation, entry)
            for entry in PROCESSES
            if isinstance(entry.trigger, Step)
        }
        for function in [*(each.function for each in consumers), *self.steps.values()]:
            grant(foundation, function, self.queues)
        for saga in SAGAS:
            made = Saga(self, foundation, saga, steps=self.steps, queues=command_queues)
            cdk.CfnOutput(self, f"{camel(saga)}SagaArn", value=made.machine.state_machine_arn)

    def _consumers(self) -> list[Consumer]:
        made = []
        for entry in PROCESSES:
            if isinstance(entry.trigger, EventQueue):
                each = consumer(self, self.foundation, entry)
                deliver_events(each.queue, self.foundation, entry.trigger)
                made.append(each)
        return made
