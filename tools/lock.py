"""Compile the lock files from pyproject.toml: `make lock`, after a change of a dependency.

dev.txt is everything for a laptop, lambda.txt what ships, bootstrap.txt what installs the rest. Locks hold hashes
and no registry's host, so they install from whichever index the machine is configured for. lambda.txt takes its
versions from dev.txt: what was tested is what ships. outside/<name>.txt is each client of tools/outside_clients.py by
itself. One lock serves every platform and Python from 3.11 on.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools.outside_clients import LIBRARIES, OVERRIDES  # noqa: E402

FLAGS = [
    "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links",
]  # fmt: skip
LOCKS = {
    "dev.txt": ["pyproject.toml", "--group", "dev"],
    "lambda.txt": ["pyproject.toml", "--constraints", "locks/dev.txt"],
    "bootstrap.txt": ["--group", "pyproject.toml:bootstrap", "--constraints", "locks/dev.txt"],
}


def compile_lock(
    uv: str, name: str, sources: list[str], upgrade: bool, origin: str, wanted: Sequence[str] = ()
) -> None:
    """wanted: requirements for the source "-". Keeps the versions already locked unless `upgrade`.

    Raises CalledProcessError when nothing fits together.
    """
    target = ROOT / "locks" / name
    header = f"# Compiled from {origin} by `make lock`; edit that, not this.\n"
    before = target.read_text().removeprefix(header) if target.exists() else ""
    partial = target.with_suffix(".partial")
    partial.write_text("" if upgrade else before)
    try:
        command = [uv, "pip", "compile", *FLAGS, *sources, "--output-file", str(partial)]
        subprocess.run(command, cwd=ROOT, check=True, input="\n".join(wanted), text=True)
        partial.write_text(header + partial.read_text())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def lock_outside(uv: str, library: str, upgrade: bool) -> None:
    with NamedTemporaryFile("w", suffix=".txt") as instead:
        instead.write("\n".join(OVERRIDES.get(library, ())))
        instead.flush()
        sources = ["-", "--overrides", instead.name]
        compile_lock(uv, f"outside/{library}.txt", sources, upgrade, "tools/outside_clients.py", LIBRARIES[library])


def main() -> None:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        sys.exit("uv not found: run `make setup` first")
    upgrade = "--upgrade" in sys.argv
    for name, sources in LOCKS.items():
        compile_lock(uv, name, sources, upgrade, "pyproject.toml")
        print(f"locks/{name}")
    for library in LIBRARIES:
        lock_outside(uv, library, upgrade)
        print(f"locks/outside/{library}.txt")


if __name__ == "__main__":
    main()
