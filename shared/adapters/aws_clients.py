"""AWS clients, each made when first asked for. Endpoint, region and credentials come from the environment AWS defines."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

CONFIG = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 4},
    tcp_keepalive=True,
)
"""Four tries of at most 13 s: past that the message's own retry is the better one."""


class AwsClients:
    @cached_property
    def dynamodb(self) -> Any:
        return boto3.client("dynamodb", config=CONFIG)

    @cached_property
    def events(self) -> Any:
        return boto3.client("events", config=CONFIG)

    @cached_property
    def s3(self) -> Any:
        return boto3.client("s3", config=CONFIG)

    @cached_property
    def secretsmanager(self) -> Any:
        return boto3.client("secretsmanager", config=CONFIG)

    @cached_property
    def sqs(self) -> Any:
        return boto3.client("sqs", config=CONFIG)

    @cached_property
    def ssm(self) -> Any:
        return boto3.client("ssm", config=CONFIG)

    @cached_property
    def stepfunctions(self) -> Any:
        return boto3.client("stepfunctions", config=CONFIG)
