"""What must not be lost: the table, the bucket, their key; and the policies finance decides."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.parts.accepted import accept
from infra.parts.foundation import Plan, Stored, bucket_name
from infra.policies import policies_parameter

PITR_DAYS = 35
"""The longest DynamoDB has."""

RAW_KEPT_DAYS = 400
"""Raw payloads: longer than a year-end audit reaches back. Documents of invoices stay."""

SERVICES_WITH_KEY = (
    "cloudwatch.amazonaws.com",
    "events.amazonaws.com",
    "scheduler.amazonaws.com",
    "sns.amazonaws.com",
)


class DataStack(cdk.Stack):
    def __init__(self, scope: Construct, plan: Plan) -> None:
        super().__init__(
            scope,
            plan.names("data"),
            env=plan.env,
            termination_protection=plan.deployment.retain,
        )
        self.plan = plan
        self.key = self._key() if plan.deployment.kms else None
        self.table = self._table()
        self.idempotency = self._idempotency()
        self.bucket = self._bucket()
        self.parameter = self._policies()
        for output, value in {
            "Table": self.table.table_name,
            "IdempotencyTable": self.idempotency.table_name,
            "Bucket": self.bucket.bucket_name,
            "PoliciesParameter": self.parameter.parameter_name,
        }.items():
            cdk.CfnOutput(self, output, value=value)

    @property
    def stored(self) -> Stored:
        return Stored(
            table=self.table,
            idempotency=self.idempotency,
            bucket=self.bucket,
            policies_parameter=self.plan.names.path("policies"),
            key_arn=self.key.key_arn if self.key else None,
        )

    def _key(self) -> kms.Key:
        """One key for all that is kept or on its way; services may use it for this account only."""
        key = kms.Key(
            self,
            "Key",
            alias=f"alias/{self.plan.names('data')}",
            description=f"Business records of {self.plan.names.deployment}",
            enable_key_rotation=True,
            removal_policy=self.plan.removal,
        )
        ours = {"StringEquals": {"aws:SourceAccount": self.account}}
        services = [iam.ServicePrincipal(service) for service in SERVICES_WITH_KEY]
        use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Services",
                principals=services,
                actions=use,
                resources=["*"],
                conditions=ours,
            )
        )
        groups = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:{self.partition}:logs:*:{self.account}:*"}}
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Logs",
                principals=[iam.ServicePrincipal(f"logs.{self.region}.amazonaws.com")],
                actions=[
                    "kms:Encrypt",
                    "kms:Decrypt",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:Describe*",
                ],
                resources=["*"],
                conditions=groups,
            )
        )
        return key

    def _encryption(self) -> dynamodb.TableEncryptionV2:
        if self.key:
            return dynamodb.TableEncryptionV2.customer_managed_key(self.key)
        return dynamodb.TableEncryptionV2.dynamo_owned_key()

    def _table(self) -> dynamodb.TableV2:
        """Keys and indexes as shared/adapters use them; rows and their keys are told in docs/architecture.md."""
        return dynamodb.TableV2(
            self,
            "Fabric",
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            global_secondary_indexes=[
                _index("by_owner", _text("gsi1pk"), _text("gsi1sk")),
                _index("by_external_id", _text("ext"), _text("pk")),
                _index("by_correlation", _text("correlation"), _text("gsi1sk")),
                _index("by_unpublished", _text("unpublished"), _text("gsi1sk")),
            ],
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            time_to_live_attribute="expires_at",
            encryption=self._encryption(),
            deletion_protection=self.plan.deployment.retain,
            removal_policy=self.plan.removal,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True, recovery_period_in_days=PITR_DAYS
            ),
        )

    def _idempotency(self) -> dynamodb.TableV2:
        """Of HTTP edges: what was answered to which request. Forgotten after its TTL, so not backed up for long."""
        return dynamodb.TableV2(
            self,
            "Idempotency",
            partition_key=_text("id"),
            time_to_live_attribute="expiration",
            encryption=self._encryption(),
            removal_policy=cdk.RemovalPolicy.DESTROY,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True, recovery_period_in_days=1
            ),
        )

    def _bucket(self) -> s3.Bucket:
        common: dict[str, Any] = {
            "block_public_access": s3.BlockPublicAccess.BLOCK_ALL,
            "enforce_ssl": self.plan.deployment.tls_only,
            "object_ownership": s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            "removal_policy": self.plan.removal,
        }
        access_logs = s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(RAW_KEPT_DAYS))],
            **common,
        )
        accept(
            access_logs,
            "S1",
            "The access logs' own bucket: its log would be about itself.",
        )
        return s3.Bucket(
            self,
            "Documents",
            bucket_name=bucket_name(self.plan, self),
            versioned=True,
            encryption=s3.BucketEncryption.KMS if self.key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=self.key,
            bucket_key_enabled=bool(self.key) or None,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix="documents/",
            lifecycle_rules=[s3.LifecycleRule(prefix="raw/", expiration=cdk.Duration.days(RAW_KEPT_DAYS))],
            **common,
        )

    def _policies(self) -> ssm.StringParameter:
        """Advanced tier: 8 KB instead of 4."""
        return ssm.StringParameter(
            self,
            "Policies",
            parameter_name=self.plan.names.path("policies"),
            description="Tax table, thresholds, exception owners: shared.domain.policies.Policies as JSON",
            string_value=policies_parameter(self.plan.deployment),
            tier=ssm.ParameterTier.ADVANCED,
        )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _index(name: str, partition: dynamodb.Attribute, sort: dynamodb.Attribute) -> dynamodb.GlobalSecondaryIndexPropsV2:
    return dynamodb.GlobalSecondaryIndexPropsV2(index_name=name, partition_key=partition, sort_key=sort)
