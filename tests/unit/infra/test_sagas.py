from __future__ import annotations

import json

import pytest

from infra.manifest import PROCESSES, SAGAS, Step
from infra.parts.saga import DEFINITIONS, placeholders


def statements(fabric, saga: str) -> list[dict]:
    wanted = saga.replace("_", "") + "saga"
    (policy,) = [p for _, i, p in fabric.all("AWS::IAM::Policy") if i.startswith(wanted)]
    return policy["PolicyDocument"]["Statement"]


def test_every_definition_is_a_saga_of_the_manifest_and_the_other_way_round():
    assert {path.name.removesuffix(".asl.json") for path in DEFINITIONS.glob("*.asl.json")} == set(SAGAS)


@pytest.mark.parametrize("saga", SAGAS)
def test_every_placeholder_is_resolved(fabric, saga):
    (machine,) = [
        p
        for _, _, p in fabric.all("AWS::StepFunctions::StateMachine")
        if p["StateMachineName"] == fabric.prefix + saga.replace("_", "-")
    ]
    numbers = {"RepairProbeSeconds"}
    assert set(machine["DefinitionSubstitutions"]) == set(placeholders(saga)) - numbers
    assert not [number for number in numbers if number in machine["DefinitionString"]]
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
    assert machine["TracingConfiguration"] == {"Enabled": True}


@pytest.mark.parametrize("saga", SAGAS)
def test_a_role_invokes_exactly_the_steps_its_definition_names(sandbox, saga):
    invoked = [s["Resource"] for s in statements(sandbox, saga) if s["Action"] == "lambda:InvokeFunction"]
    flat = [each for resource in invoked for each in (resource if isinstance(resource, list) else [resource])]
    steps = [name for name in placeholders(saga) if name.endswith("Arn") and not name.endswith("SagaArn")]
    assert len(flat) == len(steps)


def test_every_step_of_the_manifest_is_used_by_a_saga():
    used = {name for saga in SAGAS for name in placeholders(saga)}
    steps = {
        "".join(w.capitalize() for w in e.stem.split("_")) + "Arn" for e in PROCESSES if isinstance(e.trigger, Step)
    }
    assert steps == {name for name in used if name.endswith("Arn") and not name.endswith("SagaArn")}


@pytest.mark.parametrize("saga", SAGAS)
def test_every_state_that_waits_has_a_clock_of_its_own(saga):
    definition = json.loads((DEFINITIONS / f"{saga}.asl.json").read_text())

    def tasks(states):
        for name, state in states.items():
            if state["Type"] == "Task":
                yield name, state
            if "ItemProcessor" in state:
                yield from tasks(state["ItemProcessor"]["States"])

    for name, state in tasks(definition["States"]):
        if not state["Resource"].endswith("startExecution"):
            assert "TimeoutSeconds" in state, name
