"""Puts client libraries that cannot live in our environment into build/outside/<name>, each by itself.

`python tools/outside_clients.py` before the simulator tests; tests of a library that is not there are skipped. They are
apart because two of them share an import name and others hold httpx or pydantic back. Nothing of ours imports them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

OUTSIDE = Path(__file__).resolve().parent.parent / "build" / "outside"
LIBRARIES = {
    "salesforce-timecard": "salesforce-timecard==2.0.7 pydantic<2",
    "netsuite": "netsuite==0.12.0",
    "netsuite-client": "netsuite-client==0.1.1",
    "netsuite-python": "netsuite-python==2.1.5",
    "msal": "msal==1.39.0",
    "ms-dynamics-business-central-sdk": "ms-dynamics-business-central-sdk==1.7.0",
    "pyodata": "pyodata==1.12.1",
}


def main() -> int:
    """Exit code: how many could not be installed."""
    failed = 0
    for name, wanted in LIBRARIES.items():
        target = OUTSIDE / name
        if (target / ".complete").exists():
            continue
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
        done = subprocess.run([*command, "--target", str(target), *wanted.split()], check=False, timeout=300)
        if done.returncode == 0:
            (target / ".complete").touch()
        else:
            failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
