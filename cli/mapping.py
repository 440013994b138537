"""`billweave mapping diff`: last month's records by the mapping of this tree, in a process of its own, because the command
line imports no connector."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.connection import ConnectionFailed
from cli.options import HERE, Deployment, Json, Profile, Region, StateDir

TOP = Path(__file__).resolve().parent.parent
app = typer.Typer(no_args_is_help=True, help="How records of a system become events.")


@app.callback()
def group() -> None:
    """Keeps `diff` a command of its own."""


@app.command()
def diff(
    system: Annotated[str, typer.Argument(help="Such as kantata.")],
    start: Annotated[str | None, typer.Option("--from", help="First day heard; last month's first.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day heard; last month's last.")] = None,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Maps what a system told with the mapping of this tree and shows what would differ from what was recorded. Writes nothing."""
    first, last = month_before(datetime.now(UTC).date())
    named, environment = reached(state_dir, deployment, profile, region)
    asked = [system, "--function", f"billweave-{named}-{system.replace('_', '-')}-poll"]
    asked += ["--start", start or first.isoformat(), "--end", end or last.isoformat()]
    asked += ["--json"] if json_ else []
    done = subprocess.run(
        [sys.executable, "-m", "tools.mapping_diff", *asked], cwd=TOP, env={**os.environ, **environment}, check=False
    )
    raise typer.Exit(done.returncode)


def month_before(day: date) -> tuple[date, date]:
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def reached(
    state_dir: Path, deployment: str | None, profile: str | None, region: str | None
) -> tuple[str, dict[str, str]]:
    """(the deployment's name, AWS's variables to reach it by). Raises ConnectionFailed."""
    if deployment:
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,23}", deployment):
            raise ConnectionFailed(f"no deployment is named {deployment!r}")
        told = {"AWS_PROFILE": profile, "AWS_REGION": region, "AWS_DEFAULT_REGION": region}
        return deployment, {name: value for name, value in told.items() if value}
    try:
        estate = json.loads((state_dir / "estate.json").read_text())
    except FileNotFoundError as exc:
        raise ConnectionFailed(f"no estate is up in {state_dir}: `billweave up` starts one") from exc
    aws = estate["aws"]
    return estate["resources"]["deployment"], {
        "AWS_ENDPOINT_URL": aws["endpoint_url"],
        "AWS_DEFAULT_REGION": aws["region"],
        "AWS_REGION": aws["region"],
        "AWS_ACCESS_KEY_ID": aws["account"],
        "AWS_SECRET_ACCESS_KEY": "local",
    }
