"""Run every check and end with a plain summary: `make test`.

Static checks, templates and the tests that mostly wait go side by side with the other tests; tests use two processes. Each check's whole output
lies in build/checks/<name>.log and is shown if it fails. Exit code 1 if anything failed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build/checks"
BIN = Path(sys.executable).parent
SLOWEST_TEST_GROUP_S = 900
WAITING = ("pairs",)
"""Groups whose tests wait for simulated systems more than they compute."""


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str | Path]


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float
    last_line: str


def static_checks() -> list[Check]:
    return [
        Check("ruff", [BIN / "ruff", "check", "."]),
        Check("format", [BIN / "ruff", "format", "--check", "."]),
        Check("mypy", [BIN / "mypy"]),
        Check("imports", [BIN / "lint-imports", "--no-logo"]),
    ]


def template_checks() -> list[Check]:
    """Every deployment synthesized with cdk-nag, then cfn-lint; the state machines by asl-validator."""
    return [Check("templates", [sys.executable, "-m", "infra.lint"])]


def test_groups() -> list[Check]:
    """One per directory of tests/ that holds tests; estate last, because it is the slowest to tell."""
    groups = sorted(
        (path for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.rglob("test_*.py"))),
        key=lambda path: (path.name == "estate", path.name),
    )
    return [
        Check(
            path.name,
            [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadscope", path.relative_to(ROOT)],
        )
        for path in groups
        if path.name != "bench"
    ]


def lanes(asked: str | None) -> tuple[list[Check], list[Check]]:
    """What computes, one after the other, and what goes beside it. asked: a part, None for all."""
    groups = test_groups() if asked in (None, "tests") else []
    beside = [
        *(static_checks() if asked in (None, "static") else []),
        *(template_checks() if asked in (None, "templates") else []),
        *(group for group in groups if group.name in WAITING),
    ]
    return [group for group in groups if group.name not in WAITING], beside


def run(check: Check) -> Outcome:
    log = LOGS / f"{check.name}.log"
    began = time.monotonic()
    with log.open("w") as out:
        try:
            code = subprocess.run(
                [str(part) for part in check.command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                timeout=SLOWEST_TEST_GROUP_S,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
            out.write(f"\nstopped after {SLOWEST_TEST_GROUP_S} s\n")
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return Outcome(check.name, code == 0, time.monotonic() - began, lines[-1].strip("= ") if lines else "")


def report(outcome: Outcome) -> None:
    word = "ok" if outcome.passed else "FAILED"
    print(f"  {outcome.name:<12} {word:<7} {outcome.seconds:7.1f} s  {outcome.last_line[:90]}", flush=True)


def run_lane(checks: Sequence[Check], outcomes: list[Outcome]) -> None:
    for check in checks:
        outcome = run(check)
        outcomes.append(outcome)
        report(outcome)


def show_failures(outcomes: Sequence[Outcome]) -> None:
    for failed in (outcome for outcome in outcomes if not outcome.passed):
        said = (LOGS / f"{failed.name}.log").read_text(errors="replace").splitlines()
        print(f"\n----- {failed.name}: the last lines of build/checks/{failed.name}.log")
        print("\n".join(said[-60:]))


def main() -> int:
    parser = argparse.ArgumentParser(prog="check")
    parser.add_argument("--only", choices=["static", "templates", "tests"])
    asked = parser.parse_args().only
    LOGS.mkdir(parents=True, exist_ok=True)
    main_lane, beside = lanes(asked)
    began = time.monotonic()
    outcomes: list[Outcome] = []
    print("checks:", flush=True)
    lane = threading.Thread(target=run_lane, args=(beside, outcomes))
    lane.start()
    if asked in (None, "tests"):
        # Clients that cannot share our environment, before two tests want the same; one that cannot be had fails its test.
        subprocess.run([sys.executable, ROOT / "tools/outside_clients.py"], stdin=subprocess.DEVNULL, check=False)
    run_lane(main_lane, outcomes)
    lane.join()
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    show_failures(outcomes)
    verdict = f"failed: {', '.join(failed)}" if failed else "all passed"
    print(f"\n{len(outcomes)} checks in {time.monotonic() - began:.0f} s: {verdict}", flush=True)
    print(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
