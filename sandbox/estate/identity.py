"""Is the process with this id still the one we started? An id alone is used again by the system sooner or later."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PROC = Path("/proc")


def _from_proc(pid: int) -> str | None:
    """Boot id and clock ticks since boot (field 22 of stat); None for no process or one that only waits to be reaped."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    state, *rest = stat.rpartition(")")[2].split()  # the name in brackets may hold spaces and brackets
    boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    return None if state in "ZX" else f"{boot}:{rest[18]}"


def _from_ps(pid: int) -> str | None:
    """For systems without /proc: the start as text, exact to a second."""
    shown = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, timeout=10)
    state, _, started = shown.stdout.strip().partition(" ")
    return None if not started or state.startswith("Z") else started.strip()


def start_time(pid: int) -> str | None:
    """Equal for the same process, different for another one with the same id; None if there is none."""
    return _from_proc(pid) if (PROC / "self/stat").exists() else _from_ps(pid)


def is_same(pid: int, started: str | None) -> bool:
    _reap(pid)
    return started is not None and start_time(pid) == started


def _reap(pid: int) -> None:
    """A child of this very process stays visible until somebody asks how it ended."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
