from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from infra.deployment import DIRECTORY, Deployment, load
from infra.registered import registered

NAMES = sorted(path.stem for path in DIRECTORY.glob("*.yaml"))


def written(**changes: object) -> dict[str, object]:
    text = (DIRECTORY / "example-prod-us.yaml").read_text()
    return {"name": "example-prod-us", **yaml.safe_load(text), **changes}


@pytest.mark.parametrize("name", NAMES)
def test_every_deployment_file_is_valid(name):
    assert load(name).name == name


def test_the_sandbox_is_three_legal_entities_on_the_embedded_aws():
    sandbox = load("sandbox")
    assert {(e.legal_entity_id, e.currency) for e in sandbox.legal_entities} == {
        ("US", "USD"),
        ("DE", "EUR"),
        ("JP", "JPY"),
    }
    assert (sandbox.target, sandbox.dependencies, sandbox.kms) == ("embedded", "preinstalled", False)


def test_a_missing_file_names_those_there_are(tmp_path: Path):
    (tmp_path / "north.yaml").write_text("{}")
    with pytest.raises(FileNotFoundError, match="north"):
        load("south", tmp_path)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"stag": "prod"}, "Extra inputs"),
        ({"roles": {"crm": "salesforce", "psa": "kantata"}}, "roles must name"),
        ({"roles": {"crm": "salesforce", "psa": "kantata", "erp": "netsuit"}}, "roles.erp: netsuit is not .* netsuite"),
        (
            {"roles": {"crm": "salesforce", "psa": "netsuite", "erp": "netsuite"}},
            "roles.psa: netsuite is not .* kantata",
        ),
        ({"connectors": {"salesforce": {}, "kantata": {}}}, "connectors must hold settings for netsuite"),
        ({"polls": {"payments": 5}}, "polls must name"),
        ({"log_retention_days": 8}, "must be one of"),
        ({"kms": False}, "on AWS region"),
        ({"region": None}, "on AWS region"),
        ({"timeouts": {"step": 90}}, "less than or equal to 85"),
        ({"name": "a-name-of-more-than-24-characters"}, "should match pattern"),
    ],
)
def test_a_wrong_setting_is_named(changes, words):
    with pytest.raises(ValidationError, match=words):
        Deployment.model_validate(written(**changes))


def test_a_time_zone_must_exist():
    entities = [{**entity, "time_zone": "Mars/Olympus"} for entity in written()["legal_entities"]]  # type: ignore[union-attr]
    with pytest.raises(ValidationError, match="no such time zone"):
        Deployment.model_validate(written(legal_entities=entities))


def test_a_feed_is_read_from_the_system_that_has_the_role():
    sandbox = load("sandbox")
    assert sandbox.polls_of("netsuite") == {"payments": 5}
    assert sandbox.polls_of("salesforce") == {"opportunities": 30}
    assert set(sandbox.polls_of("kantata")) == {
        "time_entries", "expenses", "milestones", "projects", "rate_cards", "events",
    }  # fmt: skip


def settings_model(system):
    """The class its registration names, of its settings.py."""
    module = importlib.import_module(f"functions.connectors.{system}.settings")
    return getattr(module, registered()[system].mapping.settings)


def blocks():
    return [(name, system) for name in NAMES for system in load(name).connectors]


@pytest.mark.parametrize(("name", "system"), blocks())
def test_the_connectors_understand_their_settings(name, system):
    understood = settings_model(system).model_validate(load(name).connectors[system])
    assert understood.slots == load(name).connectors[system]["slots"]


@pytest.mark.parametrize(("name", "system"), blocks())
def test_no_setting_of_a_connector_is_misspelt(name, system):
    """Their models ignore what they do not know, because infra reads the same block; so it is looked at here."""
    assert set(load(name).connectors[system]) <= set(settings_model(system).model_fields) | {"partner_event_source"}


def shares(**netsuite: object) -> dict[str, object]:
    connectors = written()["connectors"]
    kept = {name: value for name, value in connectors["netsuite"].items() if name != "slots"}
    return Deployment.model_validate(written(connectors=connectors | {"netsuite": kept | netsuite})).connectors[
        "netsuite"
    ]


def test_our_slots_are_what_the_account_has_less_what_is_left_for_others():
    assert shares(account_concurrency=15, left_for_others=10)["slots"] == 5
    assert "account_concurrency" not in shares(account_concurrency=15, left_for_others=10)
    assert shares(account_concurrency=15)["slots"] == 15


@pytest.mark.parametrize(
    "wrong",
    [
        {"account_concurrency": 5, "left_for_others": 5},
        {"left_for_others": 5},
        {"account_concurrency": 15, "slots": 5},
        {"account_concurrency": 15, "left_for_others": -1},
    ],
)
def test_a_share_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError, match="netsuite"):
        shares(**wrong)
