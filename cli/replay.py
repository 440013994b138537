"""`billweave replay`: stored events through their consumers again; dry, unless told to apply it."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import Annotated, Any

import typer

from cli.acting import acted
from cli.options import Fabric, Json, connected
from cli.show import as_json, cell, console


class Source(StrEnum):
    EVENTS = "events"
    RAW = "raw"
    HISTORY = "history"


WHAT = {Source.EVENTS: "events", Source.RAW: "records", Source.HISTORY: "rows"}


@connected
def replay(
    fabric: Fabric,
    start: Annotated[str | None, typer.Option("--from", help="Events since then, ISO 8601 with its zone.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Events until then.")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="What their type begins with: time.approved.")] = None,
    correlation: Annotated[str | None, typer.Option(help="Of one business thread or subject.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Does it; else it is only said.")] = False,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            envvar="BILLWEAVE_BY",
            help="Who applies it; without it, whom your token for the API names: at most 500 events then, none of raw.",
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log.")] = "replay",
    source: Annotated[
        Source,
        typer.Option(
            help="events: through their consumers; raw: what a vendor sent, mapped again; history: rows put back."
        ),
    ] = Source.EVENTS,
    system: Annotated[str | None, typer.Option(help="Of raw: the vendor's connector, such as kantata.")] = None,
    feed: Annotated[str | None, typer.Option(help="Of raw: which of its feeds, such as time_entries.")] = None,
    json_: Json = False,
) -> None:
    """Rebuilds state from what is stored. Without --apply it prints what would change, line by line, and changes nothing."""
    asked: dict[str, Any] = {"start": start, "to": to, "type": type_, "apply": apply, "reason": reason}
    if source is Source.RAW:
        if not system or not feed:
            raise typer.BadParameter("--source raw needs --system and --feed")
        if apply and not by:
            raise typer.BadParameter("--source raw --apply needs --by: a connector's own function does it, not the API")
        named = {"feed": feed, "subject": correlation, "by": by or getpass.getuser()}
        done = fabric().act(f"{system.replace('_', '-')}-map-again", asked | named)
    else:
        asked |= {"source": source.value, "correlation": correlation}
        signed = by or (None if apply else getpass.getuser())
        done = acted(fabric(), signed, "replay", "/operate/replays", asked)
    if json_:
        as_json(done)
        return
    for line in done["difference"]:
        console().print(line, markup=False)
    words = "changed" if apply else "would change"
    told = f"{done['events']} {WHAT[source]} ({cell(done['outcomes']) or 'none'}), {done['lines']} lines {words}"
    console().print(told, markup=False)
