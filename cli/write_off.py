"""`billweave write-off`: giving up open work, taking that back, and what was given up."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import typer

from cli.acting import acted
from cli.options import Fabric, Json, OptionalBy, connected
from cli.show import as_json, console, table

app = typer.Typer(no_args_is_help=True, help="Open work given up, whole or in part.")
COLUMNS = ["write_off_id", "status", "currency", "rate_card_value", "written_off", "realization_ratio", "reason"]


@app.command("record")
@connected
def record(
    fabric: Fabric,
    reason: Annotated[str, typer.Option("--reason", help="One of the policies' write_off_reasons.")],
    by: OptionalBy = None,
    note: Annotated[str, typer.Option("--note", help="In your own words.")] = "",
    project: Annotated[str | None, typer.Option("--project", help="All open work of it.")] = None,
    contract: Annotated[str | None, typer.Option("--contract", help="All open work under it.")] = None,
    item: Annotated[list[str] | None, typer.Option("--item", help="A WIP item; may be repeated.")] = None,
    through: Annotated[str | None, typer.Option("--through", help="Only work on or before it, YYYY-MM-DD.")] = None,
    percent: Annotated[str | None, typer.Option("--percent", help="Of each item; without it all.")] = None,
    amount: Annotated[str | None, typer.Option("--amount", help="In all, in the contract's currency.")] = None,
    request: Annotated[str | None, typer.Option("--request", help="Its name; repeated, it is the same one.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Shows what it would do, writes nothing.")] = False,
    json_: Json = False,
) -> None:
    """Writes off or down; above the policy's threshold it waits for another person (`exceptions act ID approve`)."""
    payload: dict[str, Any] = {"request_id": request or uuid.uuid4().hex[:12], "reason": reason, "note": note}
    payload |= {"project_id": project, "contract_id": contract, "items": item or [], "through": through}
    payload |= {"percent": percent, "amount": amount, "dry_run": dry_run}
    done = acted(fabric(), by, "write-off", "/operate/write-offs", payload)
    if json_:
        as_json(done)
        return
    for each in done["write_offs"]:
        table(_words(each, dry_run), each["lines"], ["wip_id", "description", "rate_card_value", "written_off"])


def _words(write_off: dict[str, Any], dry_run: bool) -> str:
    total = f"{write_off['written_off']} {write_off['currency']} of {write_off['rate_card_value']}"
    if write_off["status"] == "requested":
        return f"{'Would wait' if dry_run else 'Waits'} for an approver: {total} ({write_off['write_off_id']})"
    return f"{'Would be written off' if dry_run else 'Written off'}: {total} ({write_off['write_off_id']})"


@app.command("reverse")
@connected
def reverse(
    fabric: Fabric,
    write_off: str,
    reason: Annotated[str, typer.Option("--reason", help="Why it is taken back.")],
    by: OptionalBy = None,
    json_: Json = False,
) -> None:
    """The work is open again; the record stays, with who took it back."""
    route = f"/operate/write-offs/{write_off}/reverse"
    done = acted(fabric(), by, "reverse-write-off", route, {"reason": reason}, write_off_id=write_off)
    as_json(done) if json_ else console().print(f"{done['write_off_id']} is {done['status']}: its work is open again")


@app.command("list")
@connected
def show(
    fabric: Fabric,
    legal_entity: Annotated[str | None, typer.Option("--legal-entity")] = None,
    json_: Json = False,
) -> None:
    """Every write-off with who asked, who approved and what realization it leaves."""
    found = fabric().read("/write-offs", legal_entity=legal_entity)
    columns = [*COLUMNS, "submitter", "approver"]
    as_json(found) if json_ else table("Write-offs", found["write_offs"], columns)
