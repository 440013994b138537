"""Import time of each handler against an empty one that imports boto3, Powertools' Logger and pydantic's BaseModel
(pydantic's own `import` loads nothing before a name of it is asked for).

Processor time of fresh interpreters, the kinds interleaved in every round, medians: importing is work of one core, and
its time on the clock is that of whoever else uses the core. Only what ships can be imported. `ratio` is the handler's own import. `ratio_with_base` is
the empty handler's imports and then the handler's: what a cold start pays once a call needs AWS, since our handlers leave
boto3 to the first call.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench import shipped
from infra.manifest import ALL
from sandbox.estate.processes import ROOT

BASE = "import boto3; from pydantic import BaseModel; from aws_lambda_powertools import Logger"
BAR = 1.25
PROGRAM = "import time; b = time.process_time(); {code}; print(time.process_time() - b)"


def modules() -> list[str]:
    return sorted({".".join(Path(entry.path).with_suffix("").parts) for entry in ALL})


def seconds(code: str, packages: Path) -> float:
    """packages: what can be imported beside our own rooms; -S: nothing of this environment's."""
    ran = [sys.executable, "-S", "-c", PROGRAM.format(code=code)]
    env = os.environ | {"PYTHONPATH": str(packages)}
    done = subprocess.run(ran, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return float(done.stdout)


def measure(rounds: int) -> dict[str, Any]:
    names = modules()
    base: list[float] = []
    alone: dict[str, list[float]] = {name: [] for name in names}
    after: dict[str, list[float]] = {name: [] for name in names}
    with TemporaryDirectory() as made:
        packages = shipped.link(Path(made))
        for _ in range(rounds):
            for name in names:  # the base beside every handler: both see the same neighbours
                base.append(seconds(BASE, packages))
                alone[name].append(seconds(f"import {name}", packages))
                after[name].append(seconds(f"{BASE}; import {name}", packages))
    return _result(base, alone, after, rounds)


def _result(
    base: Sequence[float], alone: Mapping[str, list[float]], after: Mapping[str, list[float]], rounds: int
) -> dict[str, Any]:
    empty = median(base)
    rows = [
        {
            "handler": name,
            "import_ms": round(median(alone[name]) * 1000, 1),
            "ratio": round(median(alone[name]) / empty, 2),
            "ratio_with_base": round(median(after[name]) / empty, 2),
        }
        for name in alone
    ]
    worst = max(rows, key=lambda row: row["ratio"])
    worst_with = max(rows, key=lambda row: row["ratio_with_base"])
    return {
        "rounds": rounds,
        "empty_handler_ms": round(empty * 1000, 1),
        "worst_ratio": worst["ratio"],
        "worst_handler": worst["handler"],
        "worst_ratio_with_base": worst_with["ratio_with_base"],
        "worst_handler_with_base": worst_with["handler"],
        "bar": BAR,
        "met": worst["ratio"] <= BAR,
        "handlers": sorted(rows, key=lambda row: -row["ratio"]),
    }
