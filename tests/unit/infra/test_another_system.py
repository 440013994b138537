"""Another ERP is a folder of functions/connectors, its rows of the manifest and a word in the deployment file."""

import json
from dataclasses import replace

import pytest

from infra import manifest
from infra.deployment import DIRECTORY, load
from tests.unit.infra.conftest import Synthesized, synthesize


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """The example of docs/adding-a-connector.md: ledgerly where NetSuite was."""
    directory = tmp_path_factory.mktemp("ledgerly")
    text = (DIRECTORY / "example-prod-us.yaml").read_text()
    (directory / "elsewhere.yaml").write_text(text.replace("netsuite", "ledgerly"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "CONNECTORS", (*manifest.CONNECTORS, *ledgerly()))
        return synthesize("elsewhere", directory / "out", load("elsewhere", directory))


def ledgerly() -> list[manifest.FunctionEntry]:
    return [renamed(entry) for entry in manifest.of_system("netsuite")]


def renamed(entry: manifest.FunctionEntry) -> manifest.FunctionEntry:
    assert entry.queue is not None
    trigger = replace(entry.queue, queue=entry.queue.queue.replace("netsuite", "ledgerly"))
    sends = tuple(queue.replace("netsuite", "ledgerly") for queue in entry.sends)
    return replace(entry, path=entry.path.replace("netsuite", "ledgerly"), trigger=trigger, sends=sends)


def test_only_the_systems_of_the_deployment_have_a_stack(elsewhere: Synthesized) -> None:
    assert "ledgerly" in elsewhere.templates
    assert "netsuite" not in elsewhere.templates


def test_sagas_pacer_and_the_rest_know_the_new_system_and_not_the_old(elsewhere: Synthesized) -> None:
    assert "ledgerly-poll" in json.dumps(elsewhere.templates["operations"])
    assert [stack for stack, template in elsewhere.templates.items() if "netsuite" in json.dumps(template)] == []
