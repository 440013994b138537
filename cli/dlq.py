"""`billweave dlq`: what was given up; looking at it, putting it right, giving it back, throwing it away."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.acting import acted
from cli.connection import Connection
from cli.options import Fabric, Json, OptionalBy, connected
from cli.show import as_json, console, table

app = typer.Typer(no_args_is_help=True, help="Dead letters: what every queue gave up, and repairing it.")
Letter = Annotated[str, typer.Argument(help="A letter's id, as `dlq list` shows it.")]
Queue = Annotated[str | None, typer.Option("--queue", help="Where to look; else everywhere.")]
Why = Annotated[str, typer.Option("--reason", help="Why; kept in the audit log.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Says what would happen, changes nothing.")]
COLUMNS = ["letter_id", "place", "kind", "name", "subject", "sent_at", "receives", "problem"]


@app.command("list")
@connected
def show_all(
    fabric: Fabric,
    queue: Queue = None,
    most: Annotated[int, typer.Option(help="Letters of each place that are read.")] = 100,
    json_: Json = False,
) -> None:
    """Every place where something lies, how many and how old, and the letters."""
    asked: dict[str, Any] = {"queue": queue, "most": most}
    found = fabric().act("dead-letters", asked)
    if json_:
        as_json(found)
        return
    table("Dead letters", found["places"], ["place", "waiting", "oldest_at", "age_hours"])
    if found["letters"]:
        table("Letters", found["letters"], COLUMNS)


@app.command("show")
@connected
def show(
    fabric: Fabric,
    letter: Letter,
    queue: Queue = None,
    raw: Annotated[bool, typer.Option("--raw", help="Only its text, to save and edit.")] = False,
    json_: Json = False,
) -> None:
    """One letter whole: raw, what was tried, what it would do if given back, what it was edited from."""
    asked = {"letter_id": letter, "queue": queue, "by": getpass.getuser()}
    found = fabric().act("dead-letters", asked)
    if raw:
        typer.echo(found["raw"])
    elif json_:
        as_json(found)
    else:
        _whole(found)


def _whole(found: dict[str, Any]) -> None:
    out = console()
    for name in [*COLUMNS, "correlation_id", "legal_entity", "effect"]:
        out.print(f"{name.replace('_', ' '):<14} {found[name]}", markup=False)
    for name, value in found["tried"].items():
        out.print(f"tried          {name.replace('_', ' ')}: {value}", markup=False)
    for edit in found["lineage"]:
        out.print(f"edited         from {edit['old_id']} by {edit['by']} at {edit['at']}: {edit['why']}", markup=False)
    out.print(f"\n{_pretty(found['raw'])}", markup=False)


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    except ValueError:
        return text


def told(connection: Connection, what: str, letter: str, by: str | None, asked: dict[str, Any]) -> dict[str, Any]:
    route = f"/operate/dead-letters/{letter}/{what}"
    return acted(connection, by, f"{what}-dead-letter", route, asked, letter_id=letter)


@app.command("edit")
@connected
def edit(
    fabric: Fabric,
    letter: Letter,
    file: Annotated[Path, typer.Argument(help="The whole new text; `show --raw` gives the old one.", exists=True)],
    reason: Why,
    by: OptionalBy = None,
    queue: Queue = None,
    dry_run: DryRun = False,
    json_: Json = False,
) -> None:
    """Puts a letter right, checked against its schema; old and new are kept and linked. Another person gives it back."""
    asked = {"queue": queue, "reason": reason, "dry_run": dry_run, "text": file.read_text().strip()}
    done = told(fabric(), "edit", letter, by, asked)
    if json_:
        as_json(done)
        return
    for line in done["difference"]:
        console().print(line, markup=False)
    words = "would become" if dry_run else "is now"
    console().print(f"{done['old_id']} {words} {done['letter_id']} in {done['place']}", markup=False)


@app.command("redrive")
@connected
def redrive(
    fabric: Fabric,
    queue: Annotated[str, typer.Argument(help="Whose dead letters, such as netsuite-posting or quarantine.")],
    letter: Annotated[str | None, typer.Option("--letter", help="This one alone; else all.")] = None,
    by: OptionalBy = None,
    reason: Why = "repaired",
    most: Annotated[int, typer.Option(help="At most so many now.")] = 500,
    dry_run: DryRun = False,
    json_: Json = False,
) -> None:
    """Gives a queue its dead letters back, once what stopped them is repaired."""
    asked = {"queue": queue, "letter_id": letter, "most": most, "dry_run": dry_run, "reason": reason}
    done = acted(fabric(), by, "redrive", "/operate/dead-letters", asked)
    if json_:
        as_json(done)
        return
    for each in done["letters"]:
        if dry_run or each["to"] is None:
            console().print(f"{each['letter_id']}: {each['effect']}", markup=False)
    console().print(f"{done['redriven']} given back to {queue}, {done['waiting']} wait")


@app.command("discard")
@connected
def discard(
    fabric: Fabric,
    letter: Letter,
    reason: Why,
    by: OptionalBy = None,
    queue: Queue = None,
    dry_run: DryRun = False,
    json_: Json = False,
) -> None:
    """Throws a letter away. Its bytes are kept, and a saga that waits for it is told."""
    asked = {"queue": queue, "reason": reason, "dry_run": dry_run}
    done = told(fabric(), "discard", letter, by, asked)
    words = "would be discarded" if dry_run else "discarded"
    as_json(done) if json_ else console().print(f"{done['letter_id']} {words}: {done['effect']}", markup=False)
