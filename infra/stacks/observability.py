"""What pages and what shows: one alarm on every place where work can stop, and a dashboard of the flow.

Metrics are named, not referenced: this stack can be changed or dropped without touching another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.manifest import (
    PARKING_QUEUES,
    SAGAS,
    CommandQueue,
    FunctionEntry,
    TableStream,
)
from infra.names import PRODUCT
from infra.parts.foundation import Plan

DEAD = ("bus-dlq", "operations-dlq", "outbox-stream-dlq", "history-stream-dlq")
"""DLQs of what is no queue."""

MINUTES = cdk.Duration.minutes
COMMAND_WAITS_S = 1800
"""Half an hour without a vendor taking commands: somebody should know before the sagas' own clocks run out."""

COUNTS = (
    "duplicates_received",
    "stale_received",
    "poison_received",
    "parked",
    "vendor_down",
    "waits_for_vendor",
    "exceptions_raised",
    "edge_refused",
    "outbox_swept",
    "outbox_parked",
)

STREAM_BEHIND_MS = 60_000


class ObservabilityStack(cdk.Stack):
    def __init__(
        self,
        scope: Construct,
        plan: Plan,
        entries: Iterable[FunctionEntry],
        topic: sns.ITopic,
        api_id: str,
    ) -> None:
        super().__init__(scope, plan.names("observability"), env=plan.env)
        self.plan, self.entries, self.api_id = plan, tuple(entries), api_id
        self.action = actions.SnsAction(topic)
        self.queues = [entry.queue.queue for entry in self.entries if entry.queue]
        self.alarms: list[cloudwatch.Alarm] = [
            *self._of_dead_letters(),
            *self._of_parked(),
            *self._of_commands(),
            *self._of_vendors(),
            *self._of_functions(),
            *self._of_sagas(),
            *self._of_rules(),
            self._of_stream(),
            self._of_api(),
        ]
        self._dashboard()

    def _of_dead_letters(self) -> Iterable[cloudwatch.Alarm]:
        for name in (
            *DEAD,
            *(f"{queue}-dlq" for queue in (*self.queues, *PARKING_QUEUES)),
        ):
            yield self._alarm(
                name,
                self._depth(name),
                1,
                f"{name} holds messages: docs/runbook.md, Dead letters",
            )

    def _of_parked(self) -> Iterable[cloudwatch.Alarm]:
        for name in PARKING_QUEUES:
            yield self._alarm(
                name,
                self._depth(name),
                1,
                f"{name} holds what no code could understand or publish",
            )

    def _of_commands(self) -> Iterable[cloudwatch.Alarm]:
        for entry in self.entries:
            if isinstance(entry.trigger, CommandQueue):
                name = entry.trigger.queue
                oldest = self._metric(
                    "AWS/SQS",
                    "ApproximateAgeOfOldestMessage",
                    "Maximum",
                    QueueName=self._full(name),
                )
                yield self._alarm(
                    f"{name}-waits",
                    oldest,
                    COMMAND_WAITS_S,
                    f"{name}: the vendor takes no commands",
                )

    def _of_vendors(self) -> Iterable[cloudwatch.Alarm]:
        """Counted each minute by functions/operations/watch_vendors.py while the vendor is down."""
        deployment = self.plan.deployment
        for system, settings in deployment.connectors.items():
            if system not in deployment.systems:
                continue
            account = str(settings.get("account", system))
            metric = self._metric(PRODUCT.capitalize(), "vendor_down", "Sum", account=account)
            yield self._alarm(f"{system}-down", metric, 1, f"{system} only fails: its work waits and goes on by itself")

    def _of_functions(self) -> Iterable[cloudwatch.Alarm]:
        """Errors are bugs, crashes and timeouts: what a record did wrong is not an error of its function."""
        for entry in self.entries:
            errors = self._metric("AWS/Lambda", "Errors", "Sum", FunctionName=self._full(entry.name))
            yield self._alarm(f"{entry.name}-errors", errors, 3, f"{entry.path} crashed or timed out")

    def _of_sagas(self) -> Iterable[cloudwatch.Alarm]:
        for saga in SAGAS:
            arn = f"arn:{self.partition}:states:{self.region}:{self.account}:stateMachine:{self.plan.names.saga(saga)}"
            for ended in ("ExecutionsFailed", "ExecutionsTimedOut"):
                metric = self._metric("AWS/States", ended, "Sum", StateMachineArn=arn)
                yield self._alarm(
                    f"{saga}-{ended}",
                    metric,
                    1,
                    f"{saga}: an execution ended outside its exceptions",
                )

    def _of_rules(self) -> Iterable[cloudwatch.Alarm]:
        """A delivery given up is in a DLQ too; one that could not even be put there is only here."""
        failed = self._metric("AWS/Events", "InvocationsFailedToBeSentToDlq", "Sum")
        yield self._alarm(
            "bus-lost",
            failed,
            1,
            "EventBridge could neither deliver an event nor keep it",
        )

    def _of_stream(self) -> cloudwatch.Alarm:
        name = next(entry.name for entry in self.entries if isinstance(entry.trigger, TableStream))
        age = self._metric("AWS/Lambda", "IteratorAge", "Maximum", FunctionName=self._full(name))
        return self._alarm(
            "outbox-behind",
            age,
            STREAM_BEHIND_MS,
            "The outbox is published too late",
            periods=3,
        )

    def _of_api(self) -> cloudwatch.Alarm:
        metric = self._metric("AWS/ApiGateway", "5xx", "Sum", ApiId=self.api_id)
        return self._alarm("api-5xx", metric, 5, "The API or a webhook answers with server errors")

    def _full(self, name: str) -> str:
        return self.plan.names(name)

    def _depth(self, name: str) -> cloudwatch.Metric:
        return self._metric(
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "Maximum",
            QueueName=self._full(name),
        )

    def _metric(self, namespace: str, name: str, statistic: str, **dimensions: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=namespace,
            metric_name=name,
            statistic=statistic,
            period=MINUTES(1),
            dimensions_map=dimensions or None,
        )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.Metric,
        threshold: float,
        words: str,
        periods: int = 1,
    ) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=self._full(name.replace("_", "-")),
            alarm_description=words,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self.action)
        alarm.add_ok_action(self.action)
        return alarm

    def _dashboard(self) -> None:
        dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=self.plan.names("flow"),
            default_interval=cdk.Duration.hours(12),
        )
        dashboard.add_widgets(
            _graph("Waiting", [self._depth(queue) for queue in self.queues]),
            _graph(
                "Stopped",
                [self._depth(f"{queue}-dlq") for queue in (*self.queues, *PARKING_QUEUES)],
            ),
        )
        dashboard.add_widgets(
            _graph("Sagas", self._executions()),
            _graph("What the fabric counts", _counted()),
        )
        dashboard.add_widgets(
            cloudwatch.AlarmStatusWidget(title="Alarms", alarms=self.alarms, width=24, height=6),
        )

    def _executions(self) -> list[cloudwatch.Metric]:
        arn = f"arn:{self.partition}:states:{self.region}:{self.account}:stateMachine:"
        return [
            self._metric(
                "AWS/States",
                ended,
                "Sum",
                StateMachineArn=arn + self.plan.names.saga(saga),
            )
            for saga in SAGAS
            for ended in ("ExecutionsStarted", "ExecutionsSucceeded")
        ]


def _counted() -> list[cloudwatch.IMetric]:
    """Our own counts (shared/adapters/counts.py), whatever their dimensions; for the eye, no alarm hangs on them."""
    return [
        cloudwatch.MathExpression(
            expression=f"SUM(SEARCH('Namespace=\"{PRODUCT.capitalize()}\" MetricName=\"{name}\"', 'Sum', 300))",
            label=name.replace("_", " "),
            using_metrics={},
            period=MINUTES(5),
        )
        for name in COUNTS
    ]


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=12, height=8)
