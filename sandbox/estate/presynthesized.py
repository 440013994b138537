"""Deploy a synthesized assembly with boto3 alone: no CLI, no Node. For tests and watching, where seconds count.

Does what bootstrap and deploy of the CDK CLI do to the embedded AWS: an asset bucket, a version parameter, uploads,
one stack after the other. Each test module takes an account of its own and has its estate in well under a second.
"""

from __future__ import annotations

import json
import time
import zipfile
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from sandbox.estate.emulator import Emulator
from sandbox.estate.processes import EstateError

QUALIFIER = "hnb659fds"
BOOTSTRAP_VERSION = "31"
DEPLOY_S = 120
Outputs = dict[str, dict[str, str]]


def _zipped(directory: Path, assembly: Path) -> Path:
    """Kept beside the assembly, whose asset names are content hashes: zipped once for all tests."""
    kept = assembly / ".zips" / f"{directory.name}.zip"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        partial = kept.with_suffix(f".{time.monotonic_ns()}")
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for path in sorted(p for p in directory.rglob("*") if p.is_file()):
                archive.write(path, path.relative_to(directory))
        partial.replace(kept)
    return kept


def _fill(text: str, target: Emulator) -> str:
    known = {"AWS::AccountId": target.account, "AWS::Region": target.region, "AWS::Partition": "aws"}
    for name, value in known.items():
        text = text.replace("${" + name + "}", value)
    return text


def _bootstrap(target: Emulator) -> None:
    bucket = f"cdk-{QUALIFIER}-assets-{target.account}-{target.region}"
    target.client("s3").create_bucket(Bucket=bucket)
    parameter = f"/cdk-bootstrap/{QUALIFIER}/version"
    target.client("ssm").put_parameter(Name=parameter, Value=BOOTSTRAP_VERSION, Type="String", Overwrite=True)


def _upload(assembly: Path, manifest: Path, target: Emulator) -> None:
    s3 = target.client("s3")
    for asset in json.loads(manifest.read_text())["files"].values():
        source = assembly / asset["source"]["path"]
        body = _zipped(source, assembly) if asset["source"]["packaging"] == "zip" else source
        for place in asset["destinations"].values():
            s3.put_object(Bucket=_fill(place["bucketName"], target), Key=place["objectKey"], Body=body.read_bytes())


def _stacks(assembly: Path) -> dict[str, dict[str, Any]]:
    """Stack artifacts of the assembly by id, each after those it depends on."""
    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    order = TopologicalSorter({name: a.get("dependencies", []) for name, a in artifacts.items()}).static_order()
    return {name: artifacts[name] for name in order if artifacts[name]["type"] == "aws:cloudformation:stack"}


def _put_stack(assembly: Path, artifact: dict[str, Any], target: Emulator) -> dict[str, str]:
    properties, cloudformation = artifact["properties"], target.client("cloudformation")
    name = properties.get("stackName") or artifact["displayName"]
    url = _fill(properties["stackTemplateAssetObjectUrl"], target).removeprefix("s3://")
    asked = {
        "StackName": name,
        "TemplateURL": f"{target.endpoint_url}/{url}",
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        "Tags": [{"Key": key, "Value": value} for key, value in properties.get("tags", {}).items()],
    }
    try:
        cloudformation.create_stack(**asked)
    except cloudformation.exceptions.AlreadyExistsException:
        _update_stack(cloudformation, asked)
    deadline = time.monotonic() + DEPLOY_S
    while True:
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            break
        if time.monotonic() > deadline:
            raise EstateError(f"stack {name} is still {stack['StackStatus']} after {DEPLOY_S} s")
        time.sleep(0.05)
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise EstateError(f"stack {name}: {stack['StackStatus']}: {_failures(cloudformation, name)}")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _update_stack(cloudformation: Any, asked: dict[str, Any]) -> None:
    try:
        cloudformation.update_stack(**asked)
    except ClientError as exc:
        if "No updates are to be performed" not in str(exc):
            raise


def _failures(cloudformation: Any, name: str) -> str:
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    return "; ".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '?')}" for event in failed)


def deploy_presynthesized(assembly: Path, aws: Emulator, account: str) -> Outputs:
    """Deploy every stack of `assembly` into `account` (12 digits, not yet used) of the running emulator.

    The answer has the shape of the CLI's outputs file: {stack name: {output: value}}. Raises EstateError if a stack
    fails; ClientError if the account is in use.
    """
    if len(account) != 12 or not account.isdigit():
        raise EstateError(f"an account is 12 digits, not {account!r}")
    target, outputs = replace(aws, account=account), Outputs()
    _bootstrap(target)
    for manifest in sorted(assembly.glob("*.assets.json")):
        _upload(assembly, manifest, target)
    for name, artifact in _stacks(assembly).items():
        outputs[name] = _put_stack(assembly, artifact, target)
    return outputs


def delete_stacks(outputs: Outputs, aws: Emulator, account: str) -> None:
    """Take an account's stacks down again; otherwise each function keeps a worker process for ever."""
    cloudformation = replace(aws, account=account).client("cloudformation")
    for name in reversed(outputs):
        try:
            cloudformation.delete_stack(StackName=name)
        except ClientError as exc:
            raise EstateError(f"stack {name} cannot be deleted") from exc
