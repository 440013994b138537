"""Another system is a folder with its connector.yaml and a word in the deployment file; nothing of infra knows its name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import deployment, manifest, registered
from infra.connector_entries import connector_entries
from infra.deployment import DIRECTORY, load
from infra.stacks import connector
from tests.unit.infra.conftest import Synthesized, synthesize

NAME = "ledgerly_cloud_two"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synthesized]:
    """NetSuite's place taken by a system with a long name in words."""
    directory = tmp_path_factory.mktemp("ledgerly")
    text = (DIRECTORY / "example-prod-us.yaml").read_text()
    (directory / "elsewhere.yaml").write_text(text.replace("netsuite", NAME))
    known = {**registered.registered(), NAME: written(directory)}
    with pytest.MonkeyPatch.context() as patch:
        for module in (registered, deployment, connector):
            patch.setattr(module, "registered", lambda: known)
        patch.setattr(manifest, "CONNECTORS", (*manifest.CONNECTORS, *connector_entries(known[NAME])))
        yield synthesize("elsewhere", directory / "out", load("elsewhere", directory))


def written(directory: Path) -> registered.Registration:
    """NetSuite's registration under the other name, as a file of its own."""
    path = directory / NAME / registered.FILE
    path.parent.mkdir()
    text = (registered.DIRECTORY / "netsuite" / registered.FILE).read_text()
    path.write_text(text.replace("netsuite", NAME).replace("LIVE_NETSUITE", f"LIVE_{NAME.upper()}"))
    return registered.read(path)


def test_only_the_systems_of_the_deployment_have_a_stack(elsewhere: Synthesized) -> None:
    assert "ledgerly-cloud-two" in elsewhere.templates
    assert "netsuite" not in elsewhere.templates


def test_sagas_pacer_and_the_rest_know_the_new_system_and_not_the_old(elsewhere: Synthesized) -> None:
    assert f"{NAME}-poll" in json.dumps(elsewhere.templates["operations"])
    assert [stack for stack, template in elsewhere.templates.items() if "netsuite" in json.dumps(template)] == []


def test_physical_names_are_such_as_aws_takes(elsewhere: Synthesized) -> None:
    functions = [p["FunctionName"] for _, _, p in elsewhere.all("AWS::Lambda::Function")]
    assert max(len(name) for name in functions) <= 64
    assert f"{elsewhere.prefix}ledgerly-cloud-two-posting" in functions
    outputs = elsewhere.templates["ledgerly-cloud-two"]["Outputs"]
    assert "LedgerlyCloudTwoConnection" in outputs
