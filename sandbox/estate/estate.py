"""The whole local estate: up, down, status. `D` is the state directory, `.billweave` unless told otherwise.

D/estate.json      what any client needs (`Estate`); there while the estate is up, and only then
D/processes, logs  see processes.py
D/ready/*.json     what each server told once it listened
D/simulators/*     the vendors' durable data; D/issuer and D/webhook-secret: keys and secrets, made once
D/assembly         the synthesized stacks, kept until what they are made of changes
D/outputs.json     what deploying them answered

Up means: end what an earlier run left, start the servers side by side, synthesize and bootstrap side by side, deploy
with the CDK CLI, seed the connection secrets, tell the vendors where the fabric is. Nothing is resumed: the embedded AWS is disposable, and a fresh one with
everything deployed takes seconds. Vendors keep their data unless `fresh`.
"""

from __future__ import annotations

import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sandbox.estate import administer, assembly, cdk, emulator, roles, seed
from sandbox.estate.description import Estate, private_json, private_text, read_json
from sandbox.estate.emulator import Emulator, clean_environment
from sandbox.estate.presynthesized import Outputs, deploy_presynthesized
from sandbox.estate.processes import ROOT, Processes, Running

STATE_DIR = ROOT / ".billweave"
READY_S = 30
GRACE_S = 3.0
Progress = Callable[[str], None]


def _silent(_: str) -> None:
    """No progress wanted."""


@dataclass(frozen=True)
class Plan:
    """What to bring up. fresh: the vendors start without any record.

    app: the program that synthesizes. roles: system by role, as the deployment has them if None; only these vendors run.
    fast: deployed with boto3 instead of the CDK CLI (presynthesized.py). settings: more variables of the emulator;
    AUTH="true" enforces role policies and needs `fast`. launcher: the module that starts it; the bench brings one that
    counts.
    """

    state_dir: Path = STATE_DIR
    deployment: str = "sandbox"
    fresh: bool = False
    app: Sequence[str] = cdk.APP
    roles: Mapping[str, str] | None = None
    fast: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    launcher: str = emulator.LAUNCHER

    @property
    def systems(self) -> Mapping[str, str]:
        """By role."""
        return roles.of_deployment(self.deployment) if self.roles is None else self.roles


def bring_up(plan: Plan, progress: Progress = _silent) -> Estate:
    """The estate, running and deployed. Raises EstateError, after ending what it had started."""
    with raised(plan, progress) as estate:
        return estate


@contextmanager
def raised(plan: Plan, progress: Progress = _silent) -> Iterator[Estate]:
    """Up, and claimed for the whole block: no other run can take this estate down meanwhile. It stays up afterwards."""
    plan.state_dir.mkdir(parents=True, exist_ok=True)
    processes = Processes(plan.state_dir)
    with processes.claimed():
        _clear(processes, plan, progress)
        try:
            estate = _raise_estate(processes, plan, progress)
        except BaseException:
            processes.stop_all()
            raise
        yield estate


def down(state_dir: Path = STATE_DIR, progress: Progress = _silent) -> list[str]:
    """Ends every process of this state directory, whichever run started it; their names. Vendors' data stay."""
    if not state_dir.exists():
        return []
    processes = Processes(state_dir.resolve())
    with processes.claimed():
        ended = _end(processes, state_dir.resolve())
    progress(f"stopped: {', '.join(ended) or 'nothing was running'}")
    return ended


def status(state_dir: Path = STATE_DIR) -> dict[str, Any]:
    """{"up": bool, "processes": [{"name", "pid", "url"}], "estate": the content of estate.json or None}."""
    running = Processes(state_dir.resolve()).all() if state_dir.exists() else []
    estate = read_json(state_dir / "estate.json")
    urls = {emulator.NAME: estate["aws"]["endpoint_url"]} if estate else {}
    urls |= {path.stem: (read_json(path) or {}).get("base_url") for path in (state_dir / "ready").glob("*.json")}
    rows = [{"name": r.name, "pid": r.pid, "url": urls.get(r.name)} for r in running]
    return {"up": estate is not None and bool(rows), "processes": rows, "estate": estate}


def _end(processes: Processes, state_dir: Path) -> list[str]:
    (state_dir / "estate.json").unlink(missing_ok=True)
    ended = processes.stop_all({emulator.NAME: 0}, GRACE_S)
    emulator.remove_scratch(state_dir)
    return ended


def _clear(processes: Processes, plan: Plan, progress: Progress) -> None:
    ended = _end(processes, plan.state_dir)
    if ended:
        progress(f"ended what an earlier run had left: {', '.join(ended)}")
    gone = ["ready", "logs", "deploy", *(["simulators"] if plan.fresh else [])]
    for name in gone:
        shutil.rmtree(plan.state_dir / name, ignore_errors=True)
    for name in ("ready", "logs", "deploy"):
        (plan.state_dir / name).mkdir()


def _raise_estate(processes: Processes, plan: Plan, progress: Progress) -> Estate:
    with _timed(progress, "embedded AWS, issuer and vendors started"):
        aws, servers = _start_servers(processes, plan)
    issuer = servers.pop("issuer")
    with _timed(progress, "stacks synthesized"), ThreadPoolExecutor(1) as beside:
        bootstrapped = None if plan.fast else beside.submit(_bootstrap, plan, aws)
        _synthesize(plan, issuer["base_url"])
        if bootstrapped:
            bootstrapped.result()
    with _timed(progress, "stacks deployed"):
        outputs = _deploy(plan, aws)
    secret = private_text(plan.state_dir / "webhook-secret", secrets.token_urlsafe(24))
    estate = replace(seed.describe(aws, plan.deployment, outputs, issuer, servers, secret), roles=dict(plan.systems))
    with _timed(progress, "connections seeded"):
        seed.connections(estate)
        administer.vendors(estate)
        seed.first_polls(estate)
    _start_pump(processes, aws)
    private_json(plan.state_dir / "estate.json", estate.as_json())
    return estate


@contextmanager
def _timed(progress: Progress, what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    progress(f"{what} in {time.monotonic() - began:.1f} s")


def _start_servers(processes: Processes, plan: Plan) -> tuple[Emulator, dict[str, dict[str, Any]]]:
    """All at once; the ready files of the issuer and the simulators by name."""
    modules = {"issuer": "sandbox.estate.issuer"}
    modules |= {name: f"sandbox.{name}" for name in sorted(set(plan.systems.values()))}
    started = {name: _start_server(processes, plan.state_dir, name, module) for name, module in modules.items()}
    aws = emulator.start(processes, plan.state_dir, launcher=plan.launcher, **plan.settings)
    told = {}
    for name, running in started.items():
        ready = plan.state_dir / "ready" / f"{name}.json"
        processes.wait_ready(running, ready.exists, READY_S)
        told[name] = read_json(ready) or {}
    return aws, told


def _start_server(processes: Processes, state_dir: Path, name: str, module: str) -> Running:
    """Any program that keeps the simulators' promise: `--state-dir D --port 0 --ready-file F`."""
    data = state_dir / name if name == "issuer" else state_dir / "simulators" / name
    ready = state_dir / "ready" / f"{name}.json"
    program = [sys.executable, "-m", module, "--state-dir", str(data), "--port", "0", "--ready-file", str(ready)]
    return processes.start(name, program, clean_environment())


def _start_pump(processes: Processes, aws: Emulator) -> None:
    processes.start(
        "metrics", [sys.executable, "-m", "sandbox.estate.metrics_pump"], clean_environment(**aws.environment())
    )


def _bootstrap(plan: Plan, aws: Emulator) -> None:
    """In a directory without a cdk.json, or the CLI would synthesize the app for nothing."""
    where = f"aws://{aws.account}/{aws.region}"
    directory, log = plan.state_dir / "deploy", plan.state_dir / "logs/cdk-bootstrap.log"
    cdk.cdk("bootstrap", where, env=aws.environment(), log=log, directory=directory)


def _synthesize(plan: Plan, issuer_url: str) -> None:
    context = {"deployment": plan.deployment, "issuer_url": issuer_url} | dict(plan.roles or {})
    place, log = plan.state_dir / "assembly", plan.state_dir / "logs/cdk-synth.log"
    if plan.app == cdk.APP:
        assembly.current(place, context, log)
        return
    shutil.rmtree(place, ignore_errors=True)
    cdk.synthesize(place, context, log=log, app=plan.app)


def _deploy(plan: Plan, aws: Emulator) -> Outputs:
    if plan.fast:
        return deploy_presynthesized(plan.state_dir / "assembly", aws, aws.account)
    outputs = plan.state_dir / "outputs.json"
    outputs.unlink(missing_ok=True)
    options = ["--app", str(plan.state_dir / "assembly"), "--outputs-file", str(outputs), "--require-approval", "never"]
    cdk.cdk(
        "deploy", "--all", *options,
        env=aws.environment(), log=plan.state_dir / "logs/cdk-deploy.log", directory=plan.state_dir / "deploy",
    )  # fmt: skip
    return read_json(outputs) or {}
