"""`billweave hold`: what is not to be invoiced, and letting go of it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.acting import acted
from cli.connection import Connection
from cli.options import Fabric, Json, OptionalBy, connected
from cli.show import as_json, console, table

app = typer.Typer(no_args_is_help=True, help="Billing holds on projects, contracts and customers.")
Reason = Annotated[str, typer.Option("--reason", help="Why; the person who is asked reads it.")]
Project = Annotated[str | None, typer.Option("--project", help="Our id, or the PSA's.")]
Contract = Annotated[str | None, typer.Option("--contract", help="Our id, or the deal's.")]
Customer = Annotated[str | None, typer.Option("--customer", help="Our id, or the CRM's.")]


@app.command("place")
@connected
def place(
    fabric: Fabric,
    reason: Reason,
    by: OptionalBy = None,
    project: Project = None,
    contract: Contract = None,
    customer: Customer = None,
    json_: Json = False,
) -> None:
    """Nothing of it is drafted from now on; its work goes on being valued."""
    payload = _asked(True, reason, project, contract, customer)
    _say(_told(fabric(), payload, by), json_)


@app.command("release")
@connected
def release(
    fabric: Fabric,
    reason: Reason,
    by: OptionalBy = None,
    project: Project = None,
    contract: Contract = None,
    customer: Customer = None,
    json_: Json = False,
) -> None:
    """The next billing run takes what waited."""
    payload = _asked(False, reason, project, contract, customer)
    _say(_told(fabric(), payload, by), json_)


@app.command("list")
@connected
def show(
    fabric: Fabric,
    json_: Json = False,
) -> None:
    """Every hold that stands, ours and delivery's."""
    found = fabric().read("/holds")
    columns = ["level", "subject", "subject_id", "legal_entity", "reason", "by", "since"]
    as_json(found) if json_ else table("Billing holds", found["holds"], columns)


def _asked(
    held: bool, reason: str, project: str | None, contract: str | None, customer: str | None
) -> dict[str, object]:
    named = {"project": project, "contract": contract, "customer": customer}
    told = [(level, subject) for level, subject in named.items() if subject]
    if len(told) != 1:
        raise typer.BadParameter("name one of --project, --contract, --customer")
    ((level, subject),) = told
    return {"level": level, "subject_id": subject, "held": held, "reason": reason}


def _told(connection: Connection, payload: dict[str, object], by: str | None) -> dict[str, object]:
    return acted(connection, by, "hold-billing", "/operate/holds", payload)


def _say(done: dict[str, object], json_: bool) -> None:
    if json_:
        as_json(done)
        return
    words = "held" if done["held"] else "released"
    again = "" if done["changed"] else " already"
    console().print(f"{done['level']} {done['subject_id']} is{again} {words}", markup=False)
