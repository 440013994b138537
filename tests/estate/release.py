"""Another release of the fabric: the tree as it is with some words replaced, synthesized and deployed by the CDK CLI."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox.estate import cdk
from sandbox.estate.description import Estate, read_json
from sandbox.estate.processes import ROOT

ROOMS = ("events", "functions", "infra", "locks", "shared")
PROGRAM = 'import runpy\n\nrunpy.run_module("infra.app", run_name="__main__")\n'
Edits = Mapping[str, Mapping[str, str]]
"""File -> what stands there -> what stands there instead."""


def release(place: Path, edits: Edits) -> tuple[str, ...]:
    """The program that synthesizes it. Raises AssertionError when a text to be replaced is not there."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, place / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name, words in edits.items():
        text = (place / name).read_text()
        for old, new in words.items():
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new)
        (place / name).write_text(text)
    (place / "app.py").write_text(PROGRAM)
    return sys.executable, str(place / "app.py")


def deploy(app: tuple[str, ...], estate: Estate, state_dir: Path) -> None:
    """Over what is deployed, as `make deploy` does it. Raises EstateError with what the CLI said."""
    assembly, log = state_dir / f"assembly-{Path(app[1]).parent.name}", state_dir / "logs/cdk-upgrade.log"
    issuer = read_json(state_dir / "ready/issuer.json") or {}
    context = {"deployment": estate.resources["deployment"], "issuer_url": issuer["base_url"]}
    cdk.synthesize(assembly, context, log=log, app=app)
    options = ["--app", str(assembly), "--require-approval", "never"]
    cdk.cdk("deploy", "--all", *options, env=estate.emulator().environment(), log=log, directory=state_dir / "deploy")
