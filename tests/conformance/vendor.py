"""The vendor that a connector is held to its promises against: its simulator as a program, or an account of one's own.

`BILLWEAVE_LIVE_<SYSTEM>` names a JSON file: {"base_url", "credentials", "settings"}, as in the connection secret and in the
deployment file. With it the kit runs what needs no people and no planted throttling; it writes records that it does not
remove, so the account must be a sandbox.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from infra.deployment import load
from infra.registered import registered
from sandbox.firm.vendor_calls import Control

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Vendor:
    """told: a simulator's ready file, or the live file. run: tells the records of one run from those of another."""

    system: str
    told: Mapping[str, Any]
    live: bool
    run: str = field(default_factory=lambda: uuid4().hex[:8])

    @property
    def base_url(self) -> str:
        return str(self.told["base_url"])

    @property
    def credentials(self) -> dict[str, Any]:
        return dict(self.told["credentials"])

    @property
    def settings(self) -> dict[str, Any]:
        """The connector's own, of the sandbox's deployment file for a simulator."""
        return dict(self.told["settings"] if self.live else load("sandbox").connectors.get(self.system, {}))

    @cached_property
    def control(self) -> Control:
        """Of a simulator only."""
        return Control(self.told["control_url"])

    @cached_property
    def desk(self) -> Any:
        """What people do there: sandbox/<system>/desk.py."""
        return importlib.import_module(f"sandbox.{self.system}.desk").open_desk(self.told)

    def as_new(self) -> None:
        """No record but what the vendor comes with, nothing planted, set up by its administrator."""
        self.control.post("/reset", {})
        if (ROOT / "sandbox" / self.system / "administer.py").exists():
            importlib.import_module(f"sandbox.{self.system}.administer").set_up(self.told)


def live_file(system: str) -> str | None:
    return os.environ.get(registered()[system].live)


def live_vendor(system: str, path: str) -> Vendor:
    return Vendor(system, json.loads(Path(path).read_text()), live=True)
