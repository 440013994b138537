"""What ships to Lambda: one code asset for all functions, one layer of dependencies. Made under build/, named by content.

Both are plain directories that CDK zips: nothing is bundled during synthesis but what the lock file asks for, and that
only once per lock file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LOCK = ROOT / "locks/lambda.txt"
ROOMS = ("functions", "shared", "events")
STRIPPED = (
    "__pycache__",
    "tests",
    "test",
    "bin",
    "RECORD",
    "direct_url.json",
    "INSTALLER",
    "REQUESTED",
)
LONGEST_S = 300


@dataclass(frozen=True, slots=True)
class Platform:
    """Whose wheels go into the layer. The default is Lambda's Python 3.14 on arm64."""

    python: str = "3.14"
    uv: str = "aarch64-manylinux2014"
    pip: str = "manylinux2014_aarch64"


LAMBDA = Platform()


class LayerError(Exception):
    """The dependencies could not be installed; the message is what the installer said."""


def _digest(parts: Iterable[bytes]) -> str:
    sha = hashlib.sha256()
    for part in parts:
        sha.update(len(part).to_bytes(8, "big") + part)
    return sha.hexdigest()[:16]


def _publish(made: Path, place: Path) -> Path:
    """Whole or not at all; if another process was faster, its copy is the same."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        made.rename(place)
    except OSError:
        shutil.rmtree(made)
        if not place.is_dir():
            raise
    return place


def _scratch(kind: str) -> Path:
    made = BUILD / kind / f".{os.getpid()}-{uuid4().hex}"
    made.mkdir(parents=True)
    return made


def code_directory(root: Path = ROOT) -> Path:
    """The Python files of functions/, shared/ and events/, nothing else; the same content has the same directory."""
    files = sorted(path for room in ROOMS for path in (root / room).rglob("*.py"))
    bodies = {path.relative_to(root): path.read_bytes() for path in files}
    digest = _digest(part for name, body in bodies.items() for part in (name.as_posix().encode(), body))
    place = BUILD / "code" / digest
    if place.is_dir():
        return place
    made = _scratch("code")
    for name, body in bodies.items():
        target = made / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    return _publish(made, place)


def marker_directory(lock: Path = LOCK) -> Path:
    """A layer without packages, for an AWS that runs functions where they are installed already: only names the lock."""
    place = BUILD / "layer" / f"preinstalled-{_digest([lock.read_bytes()])}"
    if place.is_dir():
        return place
    made = _scratch("layer")
    (made / "python").mkdir()
    shutil.copyfile(lock, made / "python/preinstalled.txt")
    return _publish(made, place)


def layer_directory(platform: Platform = LAMBDA, lock: Path = LOCK) -> Path:
    """The packages of `lock` for `platform` under python/, hashes checked, wheels only. Raises LayerError."""
    digest = _digest([lock.read_bytes(), repr(platform).encode(), repr(STRIPPED).encode()])
    place = BUILD / "layer" / digest
    if place.is_dir():
        return place
    made = _scratch("layer")
    try:
        _install(lock, platform, made / "python")
        _strip(made)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return _publish(made, place)


def _install(lock: Path, platform: Platform, target: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    wheels = [
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--python-version",
        platform.python,
    ]
    by_uv = [
        uv,
        "pip",
        "install",
        "--no-deps",
        *wheels,
        "--python-platform",
        platform.uv,
    ]
    by_pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        *wheels,
        "--platform",
        platform.pip,
    ]
    errors = []
    for installer in (by_uv, [*by_pip, "--implementation", "cp", "--no-compile"]):
        command = [str(part) for part in [*installer, "--quiet", "--target", target, "-r", lock]]
        # Its output must not reach our standard output: during synthesis that is a protocol.
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
        )
        if done.returncode == 0:
            return
        errors.append(done.stderr.strip()[-2000:])
        shutil.rmtree(target, ignore_errors=True)
    raise LayerError("\n".join(errors))


def _strip(made: Path) -> None:
    """Tests, programs and bytecode: never imported by a function, and different at each build."""
    for path in sorted(made.rglob("*"), reverse=True):
        if path.name in STRIPPED or path.suffix in (".pyc", ".pyi"):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
