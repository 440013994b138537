"""An amendment as a JSON file: read here, so that a slip of the pen is told with its place before anything is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from events.contract_amended.v1 import AmendmentPaper
from events.paper import faults_of


class AmendmentUnreadable(Exception):
    """faults: one line each, with its place in the file."""

    def __init__(self, file: Path, faults: Sequence[object]) -> None:
        super().__init__(f"{file} is no amendment")
        self.file, self.faults = file, tuple(map(str, faults))


def read_amendment(file: Path) -> dict[str, Any]:
    """As it was written. Raises AmendmentUnreadable."""
    try:
        raw = json.loads(file.read_text())
    except OSError as exc:
        raise AmendmentUnreadable(file, [exc.strerror or "cannot be read"]) from exc
    except ValueError as exc:
        raise AmendmentUnreadable(file, [f"no JSON: {exc}"]) from exc
    if wrong := faults_of(AmendmentPaper, raw):
        raise AmendmentUnreadable(file, wrong)
    found: dict[str, Any] = raw
    return found
