"""A client written for PSA timecards by others, unchanged: salesforce-timecard, a consultant's command line.

It holds old versions of what we use, so it runs in a process that has nothing else. Its host is fixed: the simulator is its
proxy, with its authority trusted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.contract.simulators.certinia_org import Psa
from tools.outside_clients import brought

pytest_plugins = ["tests.contract.simulators.certinia_fixtures"]
pytestmark = pytest.mark.estate
BEGIN = """
import json, sys
sys.path.append(sys.argv[2])
from salesforce_timecard.core import TimecardEntry
te = TimecardEntry(cfg=sys.argv[1])
start, end = te.start.strftime("%Y-%m-%d"), te.end.strftime("%Y-%m-%d")
"""


@pytest.fixture
def consultant(psa: Psa, tmp_path: Path) -> list[str]:
    """The arguments of a process that acts as the consultant, who is assigned to the project until next year."""
    own = {"Open_up_Assignment_for_Time_entry__c": {"type": "boolean"}}
    psa.org.sim("POST", "schema", {"pse__Assignment__c": {"fields": own}})
    [contact] = psa.org.rows("SELECT Id, Email FROM Contact WHERE pse__Salesforce_User__c != null")
    psa.resource = contact["Id"]
    until = (datetime.now(UTC).date() + timedelta(365)).isoformat()
    psa.assignment = psa.assign(psa.project, psa.resource, pse__End_Date__c=until, Name="Contoso consulting")
    secret = psa.org.credentials["passwords"][contact["Email"]]
    told = {"username": contact["Email"], "password": secret["password"], "token": secret["security_token"]}
    (tmp_path / "pse.json").write_text(json.dumps(told))
    return [sys.executable, "-I", "-S", "-c", "", str(tmp_path / "pse.json"), str(brought("salesforce-timecard"))]


def run(psa: Psa, consultant: list[str], script: str) -> Any:
    """The JSON that the script prints last."""
    tls = psa.org.ready["tls"]
    env = os.environ | {"HTTPS_PROXY": tls["proxy_url"], "NO_PROXY": "", "REQUESTS_CA_BUNDLE": tls["ca_file"]}
    consultant[4] = BEGIN + script
    done = subprocess.run(consultant, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-1500:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_consultant_enters_lists_submits_and_deletes(psa: Psa, consultant: list[str]) -> None:
    found = run(psa, consultant, """
assignment, = te.get_assignments_active()
te.add_time_entry(assignment, "Monday", 8, "kick-off")
te.add_time_entry(assignment, "Tuesday", 3.5, "workshop")
print(json.dumps(te.list_timecard(False, start, end)))
""")  # fmt: skip
    assert [(row["pse__Monday_Hours__c"], row["pse__Tuesday_Hours__c"]) for row in found] == [(8.0, 3.5)]
    assert found[0]["pse__Assignment__c"] == psa.assignment and found[0]["pse__Project_Name__c"] == "Contoso consulting"
    timecard = found[0]["Id"]
    run(
        psa,
        consultant,
        f"te.submit_time_entry({timecard!r}); print(json.dumps(te.get_timecard_id({found[0]['Name']!r})))",
    )
    row = psa.org.get("pse__Timecard_Header__c", timecard)
    assert row["pse__Submitted__c"] is True and row["pse__Monday_Notes__c"] == "kick-off"
    assert run(psa, consultant, f"print(json.dumps(te.delete_time_entry({timecard!r})))") == 204
    assert psa.org.refused("GET", f"sobjects/pse__Timecard_Header__c/{timecard}")[0] == 404


def test_a_consultant_sees_what_is_open_to_all(psa: Psa, consultant: list[str]) -> None:
    psa.new_project("Time off", pse__Allow_Timecards_Without_Assignment__c=True, pse__Is_Billable__c=False)
    names = run(psa, consultant, "print(json.dumps([p['project_name'] for p in te.global_project.values()]))")
    assert names == ["Time off"]
