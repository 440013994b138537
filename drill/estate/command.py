"""`billweave drill --level estate`: an estate of its own is raised for it, in a directory that is gone afterwards."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from drill.estate.run import Verdict, drilled
from sandbox.estate.estate import Plan, bring_up, down
from tests.estate.small_firm import SmallFirm


def run_estate(*, faults: int, seed: int, json_: bool) -> int:
    """0 if all held."""
    started = time.monotonic()
    with TemporaryDirectory(prefix="billweave-drill-") as directory:
        verdict = on_new_estate(Path(directory), faults=faults, seed=seed)
    report = verdict.as_json() | {"seconds": round(time.monotonic() - started, 1)}
    print(json.dumps(report, indent=2) if json_ else as_text(report))
    return 0 if verdict.held else 1


def on_new_estate(state_dir: Path, *, faults: int, seed: int) -> Verdict:
    try:
        firm = SmallFirm(bring_up(Plan(state_dir, fast=True)))
        firm.open()
        return drilled(firm, state_dir, faults=faults, seed=seed, say=lambda said: print(said, file=sys.stderr))
    finally:
        down(state_dir)


def as_text(report: dict[str, Any]) -> str:
    kinds = ", ".join(f"{name} {times}" for name, times in report["kinds"].items())
    answered = ", ".join(f"{name} {times}" for name, times in report["answered"].items()) or "none"
    lines = [
        f"{'held' if report['held'] else 'FAILED'}: {report['faults']} faults in {report['rounds']} rounds, "
        f"{report['invoices']} invoices, {report['seconds']} s",
        f"faults: {kinds}",
        f"dead letters given back: {report['given_back']}; exceptions answered: {answered}",
    ]
    if report["wrong"]:
        lines += ["", "wrong:", *(f"  {each}" for each in report["wrong"])]
        lines += ["struck, beside the vendors' faults:", *(f"  {each}" for each in report["struck"])]
    return "\n".join(lines)
