"""Command groups `fx`, `period` and `project`: what finance and delivery settle apart from any invoice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import fx, reading
from cli.acting import acted
from cli.connection import Connection
from cli.options import Fabric, Json, OptionalBy, connected
from cli.show import as_json, console

fx_app = typer.Typer(no_args_is_help=True, help="Exchange rates, as published by their source.")
period_app = typer.Typer(
    no_args_is_help=True, help="Accounting periods of a legal entity: no invoice is dated into a closed one."
)
project_app = typer.Typer(no_args_is_help=True, help="What delivery decides about a project.")


@fx_app.command("load")
@connected
def fx_load(
    fabric: Fabric,
    file: Annotated[Path, typer.Argument(help="Of the ECB: eurofxref csv, xml, or its zip.")],
    json_: Json = False,
) -> None:
    """Loads published rates. A day that is there stays; one whose rate differs is refused."""
    fx.load(fabric(), file, json_)


@fx_app.command("rate")
@connected
def fx_rate(
    fabric: Fabric,
    currency: Annotated[str, typer.Option("--from", help="Currency, three letters.")],
    to: Annotated[str, typer.Option("--to", help="Currency, three letters.")],
    on: Annotated[str, typer.Option("--on", help="The day, YYYY-MM-DD.")],
    amount: Annotated[str, typer.Option(help="How much to convert.")] = "1",
    use: Annotated[str, typer.Option(help="Whose rule: book or rate_card.")] = "book",
    json_: Json = False,
) -> None:
    """The rate that finance's rule gives for a day, and what an amount is by it."""
    asked = {"from_currency": currency, "to_currency": to, "on": on, "use": use, "amount": amount}
    fx.rate(fabric(), asked, json_)


LegalEntity = Annotated[str, typer.Option("--legal-entity", help="Whose books.")]
Month = Annotated[str, typer.Argument(help="The calendar month, YYYY-MM.")]


@period_app.command("close")
@connected
def period_close(
    fabric: Fabric, month: Month, legal_entity: LegalEntity, by: OptionalBy = None, json_: Json = False
) -> None:
    """Closes a month that is over: what comes late is billed in the next open one."""
    _set(fabric(), by, json_, action="close", legal_entity_id=legal_entity, month=month)


@period_app.command("open")
@connected
def period_open(
    fabric: Fabric, month: Month, legal_entity: LegalEntity, by: OptionalBy = None, json_: Json = False
) -> None:
    """Opens a closed month again."""
    _set(fabric(), by, json_, action="open", legal_entity_id=legal_entity, month=month)


@period_app.command("list")
@connected
def period_list(fabric: Fabric, legal_entity: LegalEntity, json_: Json = False) -> None:
    """Closed months, who closed them, and every change before."""
    reading.periods(fabric().act("accounting-period", {"action": "list", "legal_entity_id": legal_entity}), json_)


def _set(connection: Connection, by: str | None, json_: bool, **asked: str) -> None:
    reading.periods(acted(connection, by, "accounting-period", "/operate/periods", asked), json_)


@project_app.command("close")
@connected
def project_close(
    fabric: Fabric,
    project: Annotated[str, typer.Argument(help="Our id of it.")],
    by: OptionalBy = None,
    json_: Json = False,
) -> None:
    """Delivery is done: what is billed on completion is due once all projects of the contract are closed."""
    done = acted(fabric(), by, "close-project", f"/operate/projects/{project}/close", {}, project_id=project)
    as_json(done) if json_ else console().print(f"{done['project_id']}: {done['status']} by {done['by']}")
