"""Options that most commands have, and the deployment they name."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from cli.connection import Connection, of_deployment, of_estate

Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
StateDir = Annotated[Path, typer.Option("--state-dir", envvar="BILLWEAVE_STATE_DIR", help="Of the local estate.")]
Deployment = Annotated[
    str | None, typer.Option("--deployment", envvar="BILLWEAVE_DEPLOYMENT_NAME", help="On AWS instead of local.")
]
Profile = Annotated[str | None, typer.Option("--profile", envvar="AWS_PROFILE", help="AWS profile, with --deployment.")]
Region = Annotated[str | None, typer.Option("--region", envvar="AWS_REGION", help="AWS region, with --deployment.")]
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


Fabric = Callable[[], Connection]
"""Connects when it is first needed: a command says what is wrong with its own input before."""
_WHERE = (
    ("state_dir", StateDir, HERE),
    ("deployment", Deployment, None),
    ("profile", Profile, None),
    ("region", Region, None),
)


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """The command's first parameter is the fabric it works on; who calls it names that by four options instead."""
    words = list(signature(command).parameters.values())[1:]
    hints = get_type_hints(command, include_extras=True)
    where = [Parameter(name, Parameter.KEYWORD_ONLY, default=default) for name, _, default in _WHERE]

    def run(**given: Any) -> None:
        named = [given.pop(name) for name, _, _ in _WHERE]
        command(lambda: connect(*named), **given)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {each.name: hints[each.name] for each in words} | {name: hint for name, hint, _ in _WHERE}
    parameters = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in words] + where
    run.__signature__ = Signature(  # type: ignore[attr-defined]
        [each.replace(annotation=run.__annotations__[each.name]) for each in parameters]
    )
    return run
