"""`billweave exceptions`: what stopped, whose it is, what each action would do, and deciding about it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli import reading
from cli.acting import acted
from cli.options import Fabric, Json, OptionalBy, connected
from cli.show import as_json, cell, console, table

app = typer.Typer(no_args_is_help=True, help="What stopped, whose it is, and deciding about it.")


@app.command("list")
@connected
def show_all(
    fabric: Fabric,
    everything: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
    json_: Json = False,
) -> None:
    """Open exceptions, oldest first."""
    wanted = None if everything else "open"
    found = fabric().read("/exceptions", status=wanted)
    reading.exceptions(found, json_)


@app.command("show")
@connected
def show(
    fabric: Fabric,
    exception_id: str,
    json_: Json = False,
) -> None:
    """One exception whole: what was tried, its history, and what each allowed action would do."""
    connection = fabric()
    found = reading.exception_of(connection, exception_id)
    found |= connection.act("show-exception", {"exception_id": exception_id})
    if json_:
        as_json(found)
        return
    apart = ("actions", "history", "amended")
    for name, value in found.items():
        if name not in apart:
            console().print(f"{name.replace('_', ' '):<14} {cell(value)}", markup=False)
    effects = [{"action": name, "would": words} for name, words in found["actions"].items()]
    table("What each action would do", effects, ["action", "would"])
    table("History", found["history"], ["at", "what", "by", "words"])
    if found["amended"]:
        table("Amended", found["amended"], ["new_id", "by", "why", "at", "old_key", "new_key"])


@app.command("act")
@connected
def act(
    fabric: Fabric,
    exception_id: str,
    action: Annotated[str, typer.Argument(help="One of its allowed actions, such as retry.")],
    by: OptionalBy = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log. Some actions need it.")] = "",
    until: Annotated[str | None, typer.Option(help="Of snooze: a day or an instant, ISO 8601.")] = None,
    group: Annotated[str | None, typer.Option(help="Of reassign: an owner group.")] = None,
    person: Annotated[str | None, typer.Option(help="Of reassign: a login.")] = None,
    project: Annotated[str | None, typer.Option(help="Of supply: our id of the project that is meant.")] = None,
    event: Annotated[str | None, typer.Option(help="Of amend: which parked delivery.")] = None,
    file: Annotated[Path | None, typer.Option(help="Of amend: its whole new text.", exists=True)] = None,
    code: Annotated[str | None, typer.Option(help="Of write_off: one of write_off_reasons.")] = None,
    json_: Json = False,
) -> None:
    """Decides; the saga that waits goes on with the decision."""
    given = {"until": until, "group": group, "person": person, "project_id": project, "event_id": event, "reason": code}
    asked: dict[str, Any] = {}
    given |= {"text": file.read_text().strip() if file else None}
    if told := {name: value for name, value in given.items() if value is not None}:
        asked["given"] = told
    if reason:
        asked["reason"] = reason
    route = f"/operate/exceptions/{exception_id}/{action}"
    done = acted(fabric(), by, "act-on-exception", route, asked, exception_id=exception_id, action=action)
    as_json(done) if json_ else console().print(f"{done['status']}: {done['resolution']}")
