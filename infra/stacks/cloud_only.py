"""What the embedded AWS lacks, for deployments to AWS. Nothing in the flows depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.names import PRODUCT
from infra.parts.foundation import Plan

ARCHIVE_DAYS = 400
"""Everything that was on the bus, for replay; the table keeps the business log itself for ever."""

CHILDREN = 100
"""Of one composite alarm, at most."""

QUERIES: Mapping[str, tuple[str, ...]] = {
    "by-correlation": (
        "fields @timestamp, service, message, outcome, correlation_id",
        "filter correlation_id = 'PUT THE CONTRACT ID HERE'",
        "sort @timestamp asc",
    ),
    "faults": (
        "filter ispresent(fault)",
        "stats count(*) as times, max(@timestamp) as last by service, fault, code",
        "sort times desc",
    ),
    "slowest": (
        "filter @type = 'REPORT' or type = 'platform.report'",
        "stats max(record.metrics.durationMs) as slowest_ms, count(*) as calls by @log",
        "sort slowest_ms desc",
    ),
}


class CloudOnlyStack(cdk.Stack):
    def __init__(
        self,
        scope: Construct,
        plan: Plan,
        bus: events.IEventBus,
        topic: sns.ITopic,
        alarms: Sequence[cloudwatch.Alarm],
        log_group_names: Sequence[str],
        key_arn: str | None,
    ) -> None:
        super().__init__(scope, plan.names("cloud-only"), env=plan.env)
        self.plan = plan
        key = kms.Key.from_key_arn(self, "DataKey", key_arn) if key_arn else None
        events.Archive(
            self,
            "Archive",
            archive_name=plan.names("fabric")[:48],
            source_event_bus=bus,
            kms_key=key,
            event_pattern=events.EventPattern(source=[PRODUCT]),
            retention=cdk.Duration.days(ARCHIVE_DAYS),
        )
        self._composite(alarms, topic)
        for name, lines in QUERIES.items():
            logs.CfnQueryDefinition(
                self,
                name,
                name=f"{PRODUCT}/{plan.names.deployment}/{name}",
                query_string="\n| ".join(lines),
                log_group_names=list(log_group_names),
            )

    def _composite(self, alarms: Sequence[cloudwatch.Alarm], topic: sns.ITopic) -> None:
        """One light for the whole fabric, in layers because a composite alarm has at most 100 children."""
        groups = [alarms[start : start + CHILDREN] for start in range(0, len(alarms), CHILDREN)]
        parts = [
            cloudwatch.CompositeAlarm(
                self,
                f"Part{number}",
                composite_alarm_name=self.plan.names(f"part-{number}"),
                alarm_rule=cloudwatch.AlarmRule.any_of(*(self._named(alarm) for alarm in group)),
            )
            for number, group in enumerate(groups, start=1)
        ]
        whole = cloudwatch.CompositeAlarm(
            self,
            "Fabric",
            composite_alarm_name=self.plan.names("fabric"),
            alarm_description="Something in the fabric has stopped: the parts tell what",
            alarm_rule=cloudwatch.AlarmRule.any_of(*parts),
        )
        whole.add_alarm_action(actions.SnsAction(topic))

    def _named(self, alarm: cloudwatch.Alarm) -> cloudwatch.IAlarmRule:
        """By name, so that no alarm is tied to this stack by an export."""
        return cloudwatch.AlarmRule.from_string(f'ALARM("{self.resolve(alarm.node.default_child.alarm_name)}")')  # type: ignore[union-attr]
