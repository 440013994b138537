"""Which systems there are, from the connectors' registrations read as plain data: docs/adding-a-connector.md.

Nothing of a connector is imported here, and no simulator reads this: what a vendor does stands in its own notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sandbox.estate.processes import ROOT

CONNECTORS = ROOT / "functions/connectors"


@dataclass(frozen=True, slots=True)
class System:
    """called: its title, or what people say for short. calls_us: it has a webhook, whose address ends in a secret of the
    estate."""

    name: str
    role: str
    called: str
    calls_us: bool


@cache
def systems() -> dict[str, System]:
    """Every registered system that has a simulator, by name."""
    read = (_system(path) for path in sorted(CONNECTORS.glob("*/connector.yaml")))
    return {each.name: each for each in read if (ROOT / "sandbox" / each.name / "__main__.py").exists()}


def _system(path: Path) -> System:
    told: dict[str, Any] = yaml.safe_load(path.read_text())
    return System(
        path.parent.name, str(told["role"]), str(told.get("called") or told["title"]), bool(told.get("webhooks"))
    )


def of_role(role: str) -> list[str]:
    return [name for name, system in systems().items() if system.role == role]


def pushing() -> frozenset[str]:
    """Vendors that call us by themselves."""
    return frozenset(name for name, system in systems().items() if system.calls_us)
