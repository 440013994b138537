"""The small month played on one pair: cli/demo.py's own steps and report, on the fabric in this process.

`python -m tests.pairs PSA ERP` shows it step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cli import demo, demo_report
from functions.experience import routes
from infra.deployment import load
from sandbox.firm import truth
from sandbox.firm.month import FirmMonth
from tests.pairs.connection import AtWork, QuietTurns
from tests.pairs.fabric import Fabric
from tests.pairs.small_month import month
from tests.pairs.vendors import simulators

CRM = "salesforce"


@contextmanager
def played(psa: str, erp: str, directory: Path, say: Callable[[str], None]) -> Iterator[tuple[FirmMonth, Any]]:
    """The firm and its report, as long as the simulators still run. Raises NotSettled with what stood in the way."""
    roles = {"crm": CRM, "psa": psa, "erp": erp}
    with simulators(roles.values(), directory) as systems:
        firm = FirmMonth(systems, roles, 1, month())
        world = Fabric(load("sandbox", roles=roles), roles, systems)
        with AtWork(world) as fabric, patch.object(routes, "ports", lambda: world.ports):
            with patch.object(demo, "wait_until", fabric.until):
                demo.Play(firm, fabric, QuietTurns(fabric), say).run()  # type: ignore[arg-type]
            report = demo_report.build(fabric, firm, truth.find(firm))  # type: ignore[arg-type]
        yield firm, report
