"""`billweave drill`: a firm's days with any boundary failing, in a process of its own, because the command line imports no handler."""

from __future__ import annotations

import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.options import Json

TOP = Path(__file__).resolve().parent.parent


class Level(StrEnum):
    CORE = "core"
    ESTATE = "estate"


def drill(
    level: Annotated[
        Level,
        typer.Option(
            help="core: in process, on ports that keep the adapters' promises. estate: deployed, processes killed."
        ),
    ] = Level.CORE,
    faults: Annotated[int, typer.Option(min=1, help="Estate level: goes on until so many have struck.")] = 300,
    seeds: Annotated[int, typer.Option(min=1, help="Core level: how many runs, one per seed.")] = 200,
    seed: Annotated[int, typer.Option(help="The first one; the same seed is the same run.")] = 1,
    rate: Annotated[
        float | None, typer.Option(min=0, max=0.3, help="Of the calls of a first attempt that fail.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="Inject these faults alone, as a failure was printed.")] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Write what failed to drill/kept, where the tests replay it.")
    ] = False,
    json_: Json = False,
) -> None:
    """Fails any boundary of a firm's work and compares the end with that of the same work undisturbed."""
    asked = ["--level", level.value, "--faults", str(faults), "--seeds", str(seeds), "--seed", str(seed)]
    asked += ["--rate", str(rate)] if rate is not None else []
    asked += ["--only", only] if only else []
    asked += ["--keep"] if keep else []
    asked += ["--json"] if json_ else []
    done = subprocess.run([sys.executable, "-m", "drill", *asked], cwd=TOP, check=False)
    raise typer.Exit(done.returncode)
