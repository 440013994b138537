"""Synthesis and the CDK command line, as the estate uses them.

`synthesize` runs the app itself, without the CLI (2 s saved); `cdk` runs the pinned CLI against the embedded AWS.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.estate.emulator import clean_environment
from sandbox.estate.processes import ROOT, EstateError

LONGEST_S = 600
APP = (sys.executable, "-m", "infra.app")


def _run(program: Sequence[str], env: Mapping[str, str], log: Path) -> None:
    """Output goes to `log`. Raises EstateError with its end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        try:
            done = subprocess.run(
                list(program),
                cwd=ROOT,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                timeout=LONGEST_S,
            )
        except subprocess.TimeoutExpired:
            raise EstateError(f"{' '.join(program[:4])} took over {LONGEST_S} s; see {log}") from None
    if done.returncode:
        said = log.read_text(errors="replace").splitlines()[-40:]
        raise EstateError("\n".join([f"{' '.join(program[:4])} failed ({done.returncode}); it said:", *said]))


def synthesize(
    outdir: Path,
    context: Mapping[str, object],
    *,
    log: Path,
    app: Sequence[str] = APP,
    validate: bool = False,
) -> Path:
    """The cloud assembly of `app` in `outdir`, with cdk.json's context and `context` over it; needs no credentials.

    validate: also CloudFormation's own offline rules, most of the time a synthesis takes; `make test` asks for them.
    Raises EstateError, e.g. on an unexplained finding of cdk-nag.
    """
    outdir.mkdir(parents=True, exist_ok=True)
    everything = json.loads((ROOT / "cdk.json").read_text())["context"] | dict(context)
    env = clean_environment(CDK_OUTDIR=str(outdir), CDK_CONTEXT_JSON=json.dumps(everything))
    _run(app, env if validate else env | {"CDK_VALIDATION": "false"}, log)
    return outdir


def cdk(*arguments: str, env: Mapping[str, str], log: Path, directory: Path = ROOT) -> None:
    """The CLI in `directory` (whose cdk.json it reads), with the AWS variables of `env`. Raises EstateError."""
    whole = clean_environment(BILLWEAVE_CDK_DIRECTORY=str(directory), CI="1", NO_COLOR="1", **env)
    _run([sys.executable, str(ROOT / "tools/cdk.py"), *arguments], whole | _temporary(), log)


def _temporary() -> dict[str, str]:
    return {"TMPDIR": os.environ["TMPDIR"]} if "TMPDIR" in os.environ else {}
