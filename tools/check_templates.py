"""Synthesize every deployment, with cdk-nag and CloudFormation's own rules, then look at what came out.

- cfn-lint on every template: the embedded AWS takes properties that do not exist
- asl-validator on every state machine: it takes definitions with missing targets and dead ends, too
- no template over CloudFormation's limits: 500 resources, 1 MB

Templates lie in build/templates/<deployment>/.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sandbox.estate.cdk import synthesize
from sandbox.estate.emulator import clean_environment
from sandbox.estate.processes import EstateError

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build/templates"
MOST_RESOURCES, MOST_BYTES = 500, 1_000_000
# CDK writes both: a parameter for bootstrap that no resource names, a dependency that a reference implies already.
NOT_ASKED = ("W2001", "W3005")


def deployments() -> list[str]:
    return sorted(path.stem for path in (ROOT / "infra/deployments").glob("*.yaml"))


def synthesized(deployment: str) -> Path:
    """Raises EstateError, on an unexplained finding of cdk-nag for one."""
    where = OUT / deployment
    shutil.rmtree(where, ignore_errors=True)
    context = {"deployment": deployment, "issuer_url": "https://issuer.example.com"}
    return synthesize(where, context, log=OUT / f"{deployment}.log", validate=True)


def linted(templates: list[Path]) -> list[str]:
    program = [Path(sys.executable).parent / "cfn-lint", "--ignore-checks", *NOT_ASKED, "--", *templates]
    done = subprocess.run([str(part) for part in program], capture_output=True, text=True, cwd=ROOT, timeout=300)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).strip().splitlines()


def too_large(template: Path) -> list[str]:
    text = template.read_text()
    found = len(json.loads(text).get("Resources", {}))
    fits = found <= MOST_RESOURCES and len(text.encode()) <= MOST_BYTES
    return [] if fits else [f"{template}: {found} resources, {len(text.encode())} bytes"]


def as_text(value: Any) -> str:
    """A definition with its references filled by something of the right form: any ARN will do."""
    if isinstance(value, str):
        return re.sub(r"\$\{[^}]*\}", "arn:aws:lambda:us-east-1:000000000000:function:any", value)
    match value:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(as_text(part) for part in parts)
        case {"Fn::Sub": text}:
            return as_text(text if isinstance(text, str) else text[0])
        case {"Ref": "AWS::Partition"}:
            return "aws"
        case _:
            return "arn:aws:lambda:us-east-1:000000000000:function:any"


def without_empty(value: Any) -> Any:
    """asl-validator's schema has no place for an empty text where JSONata may stand; AWS has."""
    match value:
        case "":
            return "empty"
        case dict():
            return {key: without_empty(inner) for key, inner in value.items()}
        case list():
            return [without_empty(inner) for inner in value]
        case _:
            return value


def definitions(assembly: Path) -> Iterator[tuple[str, str]]:
    """(name, definition) of every state machine: given inline, as an object, or as an asset beside the template."""
    assets = {
        place["objectKey"]: assembly / asset["source"]["path"]
        for manifest in assembly.glob("*.assets.json")
        for asset in json.loads(manifest.read_text())["files"].values()
        for place in asset["destinations"].values()
    }
    for template in sorted(assembly.glob("*.template.json")):
        for name, resource in json.loads(template.read_text()).get("Resources", {}).items():
            if resource["Type"] != "AWS::StepFunctions::StateMachine":
                continue
            told = resource["Properties"]
            if "DefinitionS3Location" in told:
                yield name, as_text(assets[told["DefinitionS3Location"]["Key"]].read_text())
            elif "DefinitionString" in told:
                yield name, as_text(told["DefinitionString"])
            else:
                yield name, as_text(json.dumps(told["Definition"]))


def misdefined(assembly: Path) -> list[str]:
    files = []
    where = OUT / f"{assembly.name}-state-machines"
    where.mkdir(exist_ok=True)
    for name, text in definitions(assembly):
        files.append(where / f"{name}.asl.json")
        files[-1].write_text(json.dumps(without_empty(json.loads(text))))
    if not files:
        return []
    program = ["node", str(ROOT / "node_modules/asl-validator/dist/bin/asl-validator.js")]
    for file in files:
        program += ["--json-path", str(file)]
    done = subprocess.run(program, capture_output=True, text=True, env=clean_environment(), timeout=120)
    return [] if done.returncode == 0 else list(dict.fromkeys((done.stdout + done.stderr).strip().splitlines()))


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as beside:
        assemblies = list(beside.map(synthesized, deployments()))
    templates = [path for assembly in assemblies for path in sorted(assembly.glob("*.template.json"))]
    findings = [*linted(templates), *(line for template in templates for line in too_large(template))]
    findings += [line for assembly in assemblies for line in misdefined(assembly)]
    print("\n".join(findings))
    print(f"{len(templates)} templates of {len(assemblies)} deployments, {len(findings)} findings")
    return 1 if findings or not templates else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EstateError as exc:
        sys.exit(str(exc))
