"""Findings of cdk-nag we accept, each with its reason; they land in the validation report as evidence.

A bracketed finding such as IAM5[Resource::*] is accepted by its exact name only, on the smallest construct it is of.
"""

from __future__ import annotations

import aws_cdk as cdk
from constructs import IConstruct


def accept(construct: IConstruct, finding: str, reason: str) -> None:
    """finding: as in "IAM5[Resource::*]", without the pack's name."""
    cdk.Validations.of(construct).acknowledge(cdk.Acknowledgment(id=f"AwsSolutions-{finding}", reason=reason))


PLAIN_HTTP = "The endpoint is an embedded AWS on loopback that speaks plain HTTP; `tls_only` is on wherever AWS is."


def accept_plain_http(app: cdk.App) -> None:
    """For deployments without tls_only, which the deployment file allows off AWS only."""
    for finding in ("SQS4", "S10", "SNS3"):
        accept(app, finding, PLAIN_HTTP)
