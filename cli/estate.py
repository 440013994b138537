"""The local estate's commands, with progress for people and plain lines for logs.

The estate is imported when first used: it brings AWS clients and servers that other commands start without.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.show import console


def up(state_dir: Path, *, fresh: bool, asked: Mapping[str, str | None]) -> None:
    """asked: systems by role, None for the deployment's own."""
    from sandbox.estate import estate, roles

    chosen, out = roles.chosen("sandbox", asked), console()
    with out.status("starting the estate ..."):
        found = estate.bring_up(estate.Plan(state_dir.resolve(), fresh=fresh, roles=chosen), out.print)
    out.print(f"embedded AWS  {found.aws['endpoint_url']}")
    out.print(f"API           {found.api['base_url']}")
    for name, told in found.systems.items():
        out.print(f"{name:<13} {told['base_url']}")
    out.print(f"all of it     {state_dir / 'estate.json'}")


def down(state_dir: Path) -> None:
    from sandbox.estate import estate

    estate.down(state_dir, progress=console().print)


def status(state_dir: Path) -> dict[str, Any]:
    from sandbox.estate import estate

    return estate.status(state_dir)


def trouble() -> type[Exception]:
    """What these raise, with words for a person."""
    from sandbox.estate.processes import EstateError

    return EstateError
