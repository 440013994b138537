"""`python -m drill --seeds N`: how many faults were injected, of which kinds, and whether all held."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from drill.kept import keep
from drill.run import RATE, Verdict, drilled
from drill.shrink import shortest


@dataclass(frozen=True)
class Asked:
    seed: int
    rate: float
    only: frozenset[str] | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    if asked.level == "estate":
        from drill.estate.command import run_estate  # the laptop's AWS, which the core level does without

        return run_estate(faults=asked.faults, seed=asked.seed, json_=asked.json)
    only = frozenset(asked.only.split(",")) if asked.only else None
    seeds = [asked.seed + number for number in range(1 if only else asked.seeds)]
    started = time.monotonic()
    verdicts = list(_verdicts([Asked(seed, asked.rate, only) for seed in seeds], asked.processes))
    report = reported(verdicts, time.monotonic() - started)
    report["failures"] = [failure(each, asked.rate) for each in verdicts if not each.held]
    for each in report["failures"] if asked.keep else []:
        each["kept"] = keep(each, asked.rate).name
    print(json.dumps(report, indent=2) if asked.json else as_text(report))
    return 1 if report["failures"] else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="billweave drill", description=__doc__)
    parser.add_argument("--level", choices=("core", "estate"), default="core")
    parser.add_argument("--faults", type=int, default=300, help="estate: until so many have struck")
    parser.add_argument("--seeds", type=int, default=20, help="core: how many runs, from --seed on")
    parser.add_argument("--seed", type=int, default=1, help="the first; the same seed is the same run")
    parser.add_argument("--rate", type=float, default=RATE, help="of the calls of a first attempt that fail")
    parser.add_argument("--only", help="inject at these places alone, as a failure was printed; one seed")
    parser.add_argument("--keep", action="store_true", help="core: write what failed to drill/kept, for the tests")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def run(asked: Asked) -> Verdict:
    return drilled(asked.seed, rate=asked.rate, only=asked.only)


def _verdicts(asked: list[Asked], processes: int) -> Iterator[Verdict]:
    if processes <= 1 or len(asked) == 1:
        yield from map(run, asked)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(run, asked, chunksize=4)


def reported(verdicts: Sequence[Verdict], seconds: float) -> dict[str, Any]:
    kinds: Counter[str] = sum((each.kinds for each in verdicts), Counter())
    return {
        "runs": len(verdicts),
        "faults": sum(kinds.values()),
        "kinds": dict(sorted(kinds.items(), key=lambda each: -each[1])),
        "pieces_of_work": sum(each.steps for each in verdicts),
        "held": sum(each.held for each in verdicts),
        "seconds": round(seconds, 1),
    }


def failure(verdict: Verdict, rate: float) -> dict[str, Any]:
    """With the shortest list of its faults that still fails, and the command that plays it again."""

    def fails(hits: Sequence[Any]) -> bool:
        return not drilled(verdict.seed, rate=rate, only=frozenset(hit.place for hit in hits)).held

    least = shortest(verdict.hits, fails)
    only = ",".join(hit.place for hit in least)
    again = drilled(verdict.seed, rate=rate, only=frozenset(hit.place for hit in least))
    return {
        "seed": verdict.seed,
        "wrong": list(again.wrong or verdict.wrong)[:10],
        "faults": [f"{hit.kind} at {hit.where}" for hit in least],
        "places": [hit.place for hit in least],
        "replay": f"billweave drill --seed {verdict.seed}{_of(rate)} --only {only}",
    }


def _of(rate: float) -> str:
    return "" if rate == RATE else f" --rate {rate}"


def as_text(report: dict[str, Any]) -> str:
    kinds = ", ".join(f"{name} {times}" for name, times in report["kinds"].items())
    lines = [
        f"{report['held']} of {report['runs']} runs held: {report['faults']} faults, "
        f"{report['pieces_of_work']} pieces of work, {report['seconds']} s",
        f"faults: {kinds}",
    ]
    for each in report["failures"]:
        lines += ["", f"seed {each['seed']} failed. The shortest list of faults that does it:"]
        lines += [f"  {fault}" for fault in each["faults"]]
        lines += [f"  -> {wrong}" for wrong in each["wrong"]]
        lines += [f"  {each['replay']}"]
        lines += [f"  kept as drill/kept/{each['kept']}: the tests replay it"] if "kept" in each else []
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
