"""`billweave replay`: stored events through their consumers again; dry, unless told to apply it."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import Annotated, Any

import typer

from cli import options
from cli.options import HERE, Deployment, Json, Profile, Region, StateDir
from cli.show import as_json, cell, console


class Source(StrEnum):
    EVENTS = "events"
    HISTORY = "history"


def replay(
    start: Annotated[str | None, typer.Option("--from", help="Events since then, ISO 8601 with its zone.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Events until then.")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="What their type begins with: time.approved.")] = None,
    correlation: Annotated[str | None, typer.Option(help="Of one business thread or subject.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Does it; else it is only said.")] = False,
    by: Annotated[str | None, typer.Option("--by", envvar="BILLWEAVE_BY", help="Who; else your login.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log.")] = "replay",
    source: Annotated[
        Source, typer.Option(help="events: through their consumers; history: rows as they last were.")
    ] = Source.EVENTS,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Rebuilds state from what is stored. Without --apply it prints what would change, line by line, and changes nothing."""
    asked: dict[str, Any] = {
        "source": source.value,
        "start": start,
        "to": to,
        "type": type_,
        "correlation": correlation,
    }
    asked |= {"apply": apply, "by": by or getpass.getuser(), "reason": reason}
    done = options.connect(state_dir, deployment, profile, region).act("replay", asked)
    if json_:
        as_json(done)
        return
    for line in done["difference"]:
        console().print(line, markup=False)
    words = "changed" if apply else "would change"
    told = f"{done['events']} {'rows' if source is Source.HISTORY else 'events'} ({cell(done['outcomes']) or 'none'}), {done['lines']} lines {words}"
    console().print(told, markup=False)
