"""Definitions are taken out of templates whole, whichever way a template holds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.check_templates import as_text, definitions, too_large, without_empty

DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${StepArn}"}}}'
BEFORE, _, AFTER = DEFINITION.partition("${StepArn}")


def assembly_with(directory: Path, properties: dict[str, Any]) -> Path:
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    (directory / "s.template.json").write_text(json.dumps({"Resources": {"Machine": resource, "Q": {"Type": "X"}}}))
    file = {"source": {"path": "asset.json"}, "destinations": {"here": {"objectKey": "k.json"}}}
    (directory / "s.assets.json").write_text(json.dumps({"files": {"k": file}}))
    (directory / "asset.json").write_text(DEFINITION)
    return directory


@pytest.mark.parametrize(
    "properties",
    [
        {"DefinitionString": DEFINITION},
        {"DefinitionString": {"Fn::Join": ["", [BEFORE, {"Ref": "X"}, AFTER]]}},
        {"DefinitionS3Location": {"Bucket": "b", "Key": "k.json"}},
        {"Definition": json.loads(DEFINITION)},
    ],
)
def test_a_definition_is_read_wherever_it_is(tmp_path: Path, properties: dict[str, Any]) -> None:
    [(name, text)] = definitions(assembly_with(tmp_path, properties))
    assert name == "Machine"
    assert json.loads(text)["States"]["A"]["Resource"].startswith("arn:aws:lambda:")


def test_references_become_an_arn() -> None:
    assert as_text({"Fn::Sub": ["${A}", {"A": "x"}]}) == as_text({"Fn::GetAtt": ["F", "Arn"]})


def test_empty_texts_are_filled_at_every_depth() -> None:
    assert without_empty({"a": ["", {"b": ""}, 1]}) == {"a": ["empty", {"b": "empty"}, 1]}


def test_a_template_with_too_many_resources_is_found(tmp_path: Path) -> None:
    template = tmp_path / "t.template.json"
    template.write_text(json.dumps({"Resources": {str(n): {} for n in range(501)}}))
    assert len(too_large(template)) == 1
