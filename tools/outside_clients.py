"""Client libraries written by others that cannot live in our environment, each by itself in build/outside/<name>.

Two of them share an import name, others hold httpx or pydantic back. Nothing of ours imports them; tests run them
unchanged, in processes of their own, against the simulators. A test brings the one it needs (`brought`), and so does
`python tools/outside_clients.py` for all. Versions and hashes are locked in locks/outside, by `make lock`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = ROOT / "build" / "outside"
LOCKS = ROOT / "locks" / "outside"
LONGEST_S = 300
LIBRARIES = {
    "salesforce-timecard": ("salesforce-timecard==2.0.7",),
    "netsuite": ("netsuite==0.12.0",),
    "netsuite-client": ("netsuite-client==0.1.1",),
    "netsuite-python": ("netsuite-python==2.1.5",),
    "msal": ("msal==1.39.0",),
    "ms-dynamics-business-central-sdk": ("ms-dynamics-business-central-sdk==1.7.0",),
    "pyodata": ("pyodata==1.12.1",),
    "tap-mavenlink": ("tap-mavenlink==0.0.3",),
}
OVERRIDES = {
    "salesforce-timecard": (
        "cffi>=1.17",
        "cryptography>=43",
        "pydantic>=1.10.22,<2",
        "pyyaml>=6.0.2",
        "typing-extensions>=4.12",
        "urllib3>=1.26.20,<2",
    ),
    "tap-mavenlink": ("requests>=2.32", "backoff>=2.2"),
}
"""Instead of what a library pins: versions that our Pythons can build and import."""


def brought(name: str) -> Path:
    """The folder to import it from, filled if it is not there. Raises CalledProcessError, its stderr is the reason."""
    target, lock = OUTSIDE / name, LOCKS / f"{name}.txt"
    done = target / ".complete"
    if not done.exists() or done.read_text() != lock.read_text():
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
        options = ["--no-deps", "--require-hashes", "--target", str(target), "--requirements", str(lock)]
        subprocess.run([*command, *options], check=True, timeout=LONGEST_S, capture_output=True, text=True)
        done.write_text(lock.read_text())
    return target


def main() -> int:
    """Exit code: how many could not be brought."""
    failed = 0
    for name in LIBRARIES:
        try:
            brought(name)
        except subprocess.CalledProcessError as refused:
            print(f"{name}: {refused.stderr.strip()}", file=sys.stderr)
            failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
