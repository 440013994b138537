"""Every alarm has a section in docs/runbook.md, found by its name."""

import re
from fnmatch import fnmatch
from pathlib import Path

from tests.unit.infra.conftest import Synthesized

RUNBOOK = (Path(__file__).resolve().parents[3] / "docs/runbook.md").read_text()


def sections() -> list[str]:
    alarms = RUNBOOK.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    return re.findall(r"^### `([^`]+)`$", alarms, re.MULTILINE)


def names(fabric: Synthesized) -> list[str]:
    return [found["AlarmName"].removeprefix(fabric.prefix) for _, _, found in fabric.all("AWS::CloudWatch::Alarm")]


def test_every_alarm_has_a_section(cloud: Synthesized) -> None:
    found = names(cloud)
    assert len(found) > 50
    assert [name for name in found if not any(fnmatch(name, pattern) for pattern in sections())] == []


def test_every_section_is_about_an_alarm(cloud: Synthesized) -> None:
    found = names(cloud)
    assert [pattern for pattern in sections() if not any(fnmatch(name, pattern) for name in found)] == []
