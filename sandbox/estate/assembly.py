"""The synthesized stacks of a state directory, made anew when anything they are made of has changed.

A synthesis takes some five seconds, more than deploying. What it read is known: the rooms that describe or become the
stacks, the context, the locks and the Python that ran it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from sandbox.estate import cdk
from sandbox.estate.processes import ROOT

ROOMS = ("infra", "functions", "shared", "events", "locks")
FILES = ("cdk.json", "package-lock.json")
MADE_OF = "made-of"
"""In the assembly: the digest of what it was made of, written last."""


def current(assembly: Path, context: Mapping[str, object], log: Path) -> bool:
    """Synthesizes unless `assembly` stands for the tree as it is now; True if it did. Raises EstateError."""
    wanted, mark = digest(context), assembly / MADE_OF
    if mark.exists() and mark.read_text() == wanted:
        return False
    shutil.rmtree(assembly, ignore_errors=True)
    cdk.synthesize(assembly, context, log=log)
    mark.write_text(wanted)
    return True


def digest(context: Mapping[str, object]) -> str:
    sha = hashlib.sha256(json.dumps([sys.version, dict(context)], sort_keys=True).encode())
    for path in _read_by_the_app():
        content = path.read_bytes()
        sha.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return sha.hexdigest()


def _read_by_the_app() -> Iterator[Path]:
    yield from (ROOT / name for name in FILES if (ROOT / name).exists())
    for room in ROOMS:
        yield from sorted(p for p in (ROOT / room).rglob("*") if p.is_file() and "__pycache__" not in p.parts)
