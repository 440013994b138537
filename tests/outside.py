"""A client library written by others, run unchanged in a process of its own, apart from our environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tools.outside_clients import LIBRARIES, brought

LONGEST_S = 60


def run_outside(library: str, script: str, environment: Mapping[str, str], *arguments: str) -> str:
    """What it prints. library: brought if it is not there, or one that our own environment has."""
    place = {"PYTHONPATH": str(brought(library))} if library in LIBRARIES else {}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(
        command, env=kept | place | dict(environment), capture_output=True, text=True, timeout=LONGEST_S
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def run_client(library: str, script: str, environment: Mapping[str, str], *arguments: Any) -> Any:
    """What the script prints last, as JSON. Arguments come as JSON in argv."""
    printed = run_outside(library, script, environment, *(json.dumps(each) for each in arguments))
    return json.loads(printed.splitlines()[-1])
