"""One function of the manifest: its own role, its log group, its settings, and what its entry lets it touch."""

from __future__ import annotations

import json
from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.manifest import FunctionEntry
from infra.names import PRODUCT
from infra.parts.accepted import accept
from infra.parts.foundation import Foundation

RUNTIME = lambda_.Runtime.PYTHON_3_14
SAME_ON_AWS = {"sqs:SendMessage": "sqs:SendMessageBatch"}
Settings = Mapping[str, object]


class FabricFunction(Construct):
    """system, settings, connection: of a connector's functions. failed: where an asynchronous call ends at last."""

    def __init__(
        self,
        scope: Construct,
        foundation: Foundation,
        entry: FunctionEntry,
        *,
        environment: Mapping[str, str] | None = None,
        settings: Settings | None = None,
        failed: sqs.IQueue | None = None,
    ) -> None:
        super().__init__(scope, entry.name)
        self.entry, self.embedded = entry, foundation.plan.deployment.target == "embedded"
        plan, stored = foundation.plan, foundation.stored
        name = plan.names(entry.name)
        key = stored.key(self)
        log_group = plan.log_group(self, f"/aws/lambda/{name}", key)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=name,
        )
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            description=entry.path,
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            code=foundation.code(self),
            layers=[foundation.flowing.layer],
            handler=entry.handler,
            role=self.role,
            timeout=cdk.Duration.seconds(timeout_s(foundation, entry)),
            memory_size=entry.memory_mb,
            tracing=lambda_.Tracing.ACTIVE,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            environment=_environment(foundation, entry, environment, settings),
            environment_encryption=key,
            dead_letter_queue=failed,
            retry_attempts=2 if failed else None,
        )
        log_group.grant_write(self.role)
        accept(
            self.role,
            "IAM5[Resource::*]",
            "X-Ray's PutTraceSegments and PutTelemetryRecords know no resources.",
        )

    def allow(self, *actions: str, on: list[str]) -> None:
        """On the embedded AWS also by the call's own name, where that is weighed and AWS weighs another."""
        also = [SAME_ON_AWS[action] for action in actions if self.embedded and action in SAME_ON_AWS]
        self.role.add_to_principal_policy(iam.PolicyStatement(actions=[*actions, *also], resources=on))

    def set(self, variable: str, value: str) -> None:
        self.function.add_environment(variable, value)


def timeout_s(foundation: Foundation, entry: FunctionEntry) -> int:
    return int(getattr(foundation.plan.deployment.timeouts, entry.trigger.kind))


def _environment(
    foundation: Foundation,
    entry: FunctionEntry,
    more: Mapping[str, str] | None,
    settings: Settings | None,
) -> dict[str, str]:
    """See shared/runtime/settings.py, which reads it."""
    plan, stored, flowing = foundation.plan, foundation.stored, foundation.flowing
    return {
        "BILLWEAVE_DEPLOYMENT": plan.deployment.name,
        "BILLWEAVE_TABLE": stored.table.table_name,
        "BILLWEAVE_BUCKET": stored.bucket.bucket_name,
        "BILLWEAVE_BUS": flowing.bus.event_bus_name,
        "BILLWEAVE_POLICIES": stored.policies_parameter,
        "BILLWEAVE_QUARANTINE": flowing.quarantine.queue_url,
        "BILLWEAVE_SETTINGS": json.dumps(dict(settings or {}), sort_keys=True, separators=(",", ":")),
        "POWERTOOLS_SERVICE_NAME": entry.name,
        "POWERTOOLS_LOG_LEVEL": "INFO",  # said, or a LOG_LEVEL around the function decides: the sandbox's has one
        "POWERTOOLS_METRICS_NAMESPACE": PRODUCT.capitalize(),
        **(more or {}),
    }
