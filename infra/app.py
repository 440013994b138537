"""All stacks of one deployment: `python -m infra.app`, context `deployment` (a file of infra/deployments/).

Context `issuer_url` stands in for the deployment's api.issuer, `crm`, `psa` and `erp` for its roles. Needs no credentials and imports no handler.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import aws_cdk as cdk

from infra import assets
from infra.deployment import Deployment, load
from infra.fabric import Fabric
from infra.registration import Role

DEFAULT_DEPLOYMENT = "sandbox"


class NoIssuer(Exception):
    """The deployment names no issuer and none was given."""


def issuer_of(app: cdk.App, deployment: Deployment) -> str:
    issuer = app.node.try_get_context("issuer_url") or deployment.api.issuer
    if not issuer:
        raise NoIssuer(f"deployment {deployment.name} has no api.issuer: give -c issuer_url=<url>")
    return str(issuer)


def layer_of(deployment: Deployment) -> Path:
    return assets.layer_directory() if deployment.dependencies == "layer" else assets.marker_directory()


def roles_asked(app: cdk.App) -> dict[str, str]:
    """-c psa=certinia: another system than the file's, whose settings the file must hold."""
    asked = {role: app.node.try_get_context(role) for role in get_args(Role)}
    return {role: str(system) for role, system in asked.items() if system}


def main() -> None:
    app = cdk.App()
    deployment = load(app.node.try_get_context("deployment") or DEFAULT_DEPLOYMENT, roles=roles_asked(app))
    Fabric(app, deployment, issuer=issuer_of(app, deployment), layer=layer_of(deployment))
    app.synth()


if __name__ == "__main__":
    main()
