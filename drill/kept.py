"""Failures that were found, kept as the shortest list of their faults, so that they are tried again ever after: drill/kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from drill.run import Verdict, drilled

KEPT = Path(__file__).resolve().parent / "kept"


@dataclass(frozen=True)
class Kept:
    """faults: place -> kind and call, in words. wrong: what they did when they were found."""

    seed: int
    rate: float
    faults: Mapping[str, str]
    wrong: Sequence[str]

    @property
    def name(self) -> str:
        return f"seed-{self.seed}-{next(iter(self.faults))}"

    def replayed(self) -> Verdict:
        """With these faults and no other."""
        return drilled(self.seed, rate=self.rate, only=frozenset(self.faults))


def keep(failure: Mapping[str, Any], rate: float, directory: Path = KEPT) -> Path:
    """failure: as `drill.__main__.failure` tells it. The file's path."""
    faults = dict(zip(failure["places"], failure["faults"], strict=True))
    kept = Kept(failure["seed"], rate, faults, failure["wrong"][:3])
    directory.mkdir(exist_ok=True)
    path = directory / f"{kept.name}.json"
    path.write_text(json.dumps(asdict(kept), indent=2) + "\n")
    return path


def all_kept(directory: Path = KEPT) -> Iterator[Kept]:
    for path in sorted(directory.glob("*.json")):
        yield Kept(**json.loads(path.read_text()))
