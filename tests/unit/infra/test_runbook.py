"""Every alarm has a section in docs/runbook.md, found by its name."""

import re
from fnmatch import fnmatch
from pathlib import Path

from tests.unit.infra.conftest import Synthesized

RUNBOOK = (Path(__file__).resolve().parents[3] / "docs/runbook.md").read_text()


def sections() -> list[str]:
    alarms = RUNBOOK.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    return re.findall(r"^### `([^`]+)`$", alarms, re.MULTILINE)


def section_of(name: str) -> str:
    """An alarm's own, else the one of its kind."""
    return name if name in sections() else next(each for each in sections() if fnmatch(name, each))


def rings(section: str) -> tuple[str, str, str]:
    """(threshold, namespace, metric) that the page names."""
    chapter = RUNBOOK.partition("\n## Alarms\n")[2]
    text = chapter.partition(f"### `{section}`\n")[2].partition("\n### ")[0]
    (found,) = re.findall(r"^\*\*Rings\*\* at (\d+) of `(\S+) (\S+)`\.$", text, re.MULTILINE)
    return found


def names(fabric: Synthesized) -> list[str]:
    return [found["AlarmName"].removeprefix(fabric.prefix) for _, _, found in fabric.all("AWS::CloudWatch::Alarm")]


def test_every_alarm_has_a_section(cloud: Synthesized) -> None:
    found = names(cloud)
    assert len(found) > 50
    assert [name for name in found if not any(fnmatch(name, pattern) for pattern in sections())] == []


def test_every_section_is_about_an_alarm(cloud: Synthesized) -> None:
    found = names(cloud)
    assert [pattern for pattern in sections() if not any(fnmatch(name, pattern) for name in found)] == []


def test_every_alarm_watches_what_its_page_names(fabric: Synthesized) -> None:
    wrong = []
    for _, _, found in fabric.all("AWS::CloudWatch::Alarm"):
        name = found["AlarmName"].removeprefix(fabric.prefix)
        watched = (f"{found['Threshold']:g}", found["Namespace"], found["MetricName"])
        if watched != rings(section_of(name)):
            wrong.append((name, watched))
    assert wrong == []


def test_what_an_alarm_watches_is_there(fabric: Synthesized) -> None:
    """The queue, function or saga of its metric is deployed under that name: no alarm listens to nothing."""
    queues = {found["QueueName"] for _, _, found in fabric.all("AWS::SQS::Queue")}
    functions = {found["FunctionName"] for _, _, found in fabric.all("AWS::Lambda::Function")}
    sagas = {found["StateMachineName"] for _, _, found in fabric.all("AWS::StepFunctions::StateMachine")}
    for _, _, found in fabric.all("AWS::CloudWatch::Alarm"):
        dimensions = {each["Name"]: each["Value"] for each in found.get("Dimensions", [])}
        assert dimensions.get("QueueName") in {None, *queues}
        assert dimensions.get("FunctionName") in {None, *functions}
        arn = dimensions.get("StateMachineArn")
        parts = arn["Fn::Join"][1] if isinstance(arn, dict) else [arn or ""]
        assert arn is None or str(parts[-1]).rpartition(":")[2] in sagas
        kind = found["AlarmName"].removeprefix(fabric.prefix)
        if kind.endswith(("-dlq", "-waits")) or kind in ("quarantine", "outbox-parked"):
            assert dimensions["QueueName"] == f"{fabric.prefix}{kind.removesuffix('-waits')}"
