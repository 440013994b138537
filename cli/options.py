"""Options that most commands have, and the deployment they name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.connection import Connection, of_deployment, of_estate

Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
StateDir = Annotated[Path, typer.Option("--state-dir", envvar="BILLWEAVE_STATE_DIR", help="Of the local estate.")]
Deployment = Annotated[
    str | None, typer.Option("--deployment", envvar="BILLWEAVE_DEPLOYMENT_NAME", help="On AWS instead of local.")
]
Profile = Annotated[str | None, typer.Option("--profile", envvar="AWS_PROFILE", help="AWS profile, with --deployment.")]
Region = Annotated[str | None, typer.Option("--region", envvar="AWS_REGION", help="AWS region, with --deployment.")]
By = Annotated[str, typer.Option("--by", envvar="BILLWEAVE_BY", help="Who decides; kept with the record.")]
Crm = Annotated[str | None, typer.Option("--crm", help="Where deals are sold.")]
Psa = Annotated[str | None, typer.Option("--psa", help="Where projects are run.")]
Erp = Annotated[str | None, typer.Option("--erp", help="Where invoices are posted.")]
OptionalBy = Annotated[
    str | None,
    typer.Option("--by", envvar="BILLWEAVE_BY", help="Who decides; without it, whom your token for the API names."),
]
HERE = Path(".billweave")


def connect(state_dir: Path, deployment: str | None, profile: str | None, region: str | None) -> Connection:
    return of_deployment(deployment, profile, region) if deployment else of_estate(state_dir)
