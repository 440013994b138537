"""What keeps the fabric going: the publisher and its sweepers, the pacer of polls, and what operators set off."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.manifest import OPERATIONS, PARKING_QUEUES, Daily, Every, FunctionEntry, TableStream
from infra.names import Names
from infra.parts.foundation import Foundation
from infra.parts.function import FabricFunction
from infra.parts.grants import grant
from infra.parts.queue import dead_letters

STREAM_BATCH = 100
HISTORY_BATCH, HISTORY_WINDOW_S = 1000, 10
HISTORY_AGE_S = 79_200
"""History is tried for 22 of the 24 hours that the stream keeps a change."""
STREAM_AGE_S = 600
"""Older records are given up to the DLQ: the sweeper has published their events long before."""

SCHEDULE_RETRIES = 3
SCHEDULE_AGE_S = 60
"""Older than its interval a run is worth nothing: the next one does the work."""


DAILY_AGE_S = 3600
"""A billing run may start an hour late; after that the next day's run makes it up."""


class OperationsStack(cdk.Stack):
    """queues: all there are, by name."""

    def __init__(self, scope: Construct, foundation: Foundation, queues: Mapping[str, sqs.IQueue]) -> None:
        super().__init__(scope, foundation.plan.names("operations"), env=foundation.plan.env)
        self.foundation = foundation
        self.failed = self._dead("operations-dlq", "asynchronous calls and schedules")
        self.places = places(queues)
        for entry in entries(foundation):
            function = self._build(entry)
            grant(foundation, function, queues)
            if entry.stem == "pace_polls":
                cdk.CfnOutput(self, "Pacer", value=function.function.function_name)
            if isinstance(entry.trigger, TableStream):
                self._read_stream(function)
            elif isinstance(entry.trigger, Every):
                self._schedule(function, entry.trigger)
            elif isinstance(entry.trigger, Daily):
                self._daily(function)

    def _dead(self, name: str, of: str) -> sqs.Queue:
        return dead_letters(
            self,
            self.foundation.plan,
            name,
            key=self.foundation.stored.key(self),
            of=of,
        )

    def _build(self, entry: FunctionEntry) -> FabricFunction:
        settings: dict[str, object] | None = {"polls": polls(self.foundation)} if entry.stem == "pace_polls" else None
        if entry.drains:
            settings = {"places": self.places}
        failed = None if isinstance(entry.trigger, TableStream) else self.failed
        return FabricFunction(self, self.foundation, entry, settings=settings, failed=failed)

    def _read_stream(self, function: FabricFunction) -> None:
        stream = self.foundation.stored.table.table_stream_arn
        assert stream is not None
        function.allow(
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            on=[stream],
        )
        trigger = function.entry.trigger
        assert isinstance(trigger, TableStream)
        name = "history-stream-dlq" if trigger.whole else "outbox-stream-dlq"
        lost = self._dead(name, "the table's stream")
        function.allow("sqs:SendMessage", on=[lost.queue_arn])
        new_events = {
            "eventName": lambda_.FilterRule.is_equal("INSERT"),
            "dynamodb": {"Keys": {"pk": {"S": lambda_.FilterRule.begins_with("EVT#")}}},
        }
        lambda_.CfnEventSourceMapping(
            function,
            "Mapping",
            function_name=function.function.function_name,
            event_source_arn=stream,
            starting_position="TRIM_HORIZON",
            batch_size=HISTORY_BATCH if trigger.whole else STREAM_BATCH,
            maximum_batching_window_in_seconds=HISTORY_WINDOW_S if trigger.whole else None,
            bisect_batch_on_function_error=True,
            parallelization_factor=1 if trigger.whole else 2,
            maximum_record_age_in_seconds=HISTORY_AGE_S if trigger.whole else STREAM_AGE_S,
            destination_config={"onFailure": {"destination": lost.queue_arn}},
            filter_criteria=None if trigger.whole else {"filters": [lambda_.FilterCriteria.filter(new_events)]},
        )

    def _schedule(self, function: FabricFunction, every: Every) -> None:
        unit = "minute" if every.minutes == 1 else "minutes"
        names: Names = self.foundation.plan.names
        role = self._may_invoke(function)
        schedule = scheduler.CfnSchedule(
            function,
            "Schedule",
            name=names(function.entry.name),
            schedule_expression=f"rate({every.minutes} {unit})",
            flexible_time_window={"mode": "OFF"},
            target=self._target(function, role, "{}", SCHEDULE_AGE_S),
        )
        schedule.node.add_dependency(role)

    def _daily(self, function: FabricFunction) -> None:
        """One schedule per legal entity. A day that is missed is made up by the next: the function knows its last run."""
        runs = self.foundation.plan.deployment.billing_runs
        if runs is None:
            return
        role = self._may_invoke(function)
        for entity in self.foundation.plan.deployment.legal_entities:
            asked = json.dumps({"legal_entity_id": entity.legal_entity_id, "days_after": runs.days_after})
            schedule = scheduler.CfnSchedule(
                function,
                f"Daily{entity.legal_entity_id}",
                name=self.foundation.plan.names(f"{function.entry.name}-{entity.legal_entity_id.lower()}"),
                schedule_expression=f"cron(0 {runs.hour} * * ? *)",
                schedule_expression_timezone=entity.time_zone,
                flexible_time_window={"mode": "OFF"},
                target=self._target(function, role, asked, DAILY_AGE_S),
            )
            schedule.node.add_dependency(role)

    def _may_invoke(self, function: FabricFunction) -> iam.Role:
        role = iam.Role(
            function,
            "ScheduleRole",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"),
        )
        allow = [
            ("lambda:InvokeFunction", function.function.function_arn),
            ("sqs:SendMessage", self.failed.queue_arn),
        ]
        for action, resource in allow:
            role.add_to_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
        return role

    def _target(self, function: FabricFunction, role: iam.Role, asked: str, age_s: int) -> dict[str, object]:
        return {
            "arn": function.function.function_arn,
            "roleArn": role.role_arn,
            "input": asked,
            "deadLetterConfig": {"arn": self.failed.queue_arn},
            "retryPolicy": {"maximumRetryAttempts": SCHEDULE_RETRIES, "maximumEventAgeInSeconds": age_s},
        }


NO_QUEUES = ("bus-dlq", "operations-dlq", "outbox-stream-dlq", "history-stream-dlq")
"""DLQs of what is no queue."""


def places(queues: Mapping[str, object]) -> list[str]:
    """Every queue that holds what was given up, by name."""
    return sorted([f"{name}-dlq" for name in queues] + [*PARKING_QUEUES, *NO_QUEUES])


def entries(foundation: Foundation) -> Iterator[FunctionEntry]:
    """As in the manifest; the pacer sends to the polls of the systems that are deployed."""
    for entry in OPERATIONS:
        yield replace(entry, sends=tuple(polls(foundation))) if entry.stem == "pace_polls" else entry


def polls(foundation: Foundation) -> dict[str, dict[str, int]]:
    """{"kantata-poll": {"time_entries": 3, ...}, ...}: poll queue -> feed -> seconds."""
    deployment = foundation.plan.deployment
    return {f"{system}-poll": deployment.polls_of(system) for system in deployment.systems}
