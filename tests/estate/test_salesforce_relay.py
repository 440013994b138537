"""A change in the simulated Salesforce org reaches a queue behind a rule on a bus of the embedded AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.estate import emulator
from sandbox.estate.emulator import Emulator
from sandbox.estate.processes import Processes
from tests.contract.simulators.salesforce_org import Org
from tests.simulator import Simulator

pytestmark = pytest.mark.estate

PATTERN = {
    "source": [{"prefix": "aws.partner/salesforce.com"}],
    "detail-type": ["OpportunityChangeEvent"],
    "detail": {"payload": {"ChangeEventHeader": {"changeType": ["UPDATE"]}}},
}


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[Emulator]:
    processes = Processes(tmp_path / "aws")
    yield emulator.start(processes, tmp_path / "aws")
    processes.stop_all()


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Org]:
    (tmp_path / "org").mkdir()
    running = Simulator("salesforce", tmp_path / "org")
    with httpx.Client(base_url=running.told["base_url"], timeout=20, trust_env=False) as client:
        yield Org(running.told, client).login()
    running.stop()


def queue_behind_a_rule(aws: Emulator, bus: str) -> str:
    events, sqs = aws.client("events"), aws.client("sqs")
    events.create_event_bus(Name=bus)
    url = str(sqs.create_queue(QueueName="changes")["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="changes", EventBusName=bus, EventPattern=json.dumps(PATTERN))
    events.put_targets(Rule="changes", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    return url


def test_a_won_deal_arrives_from_the_partner_source(aws: Emulator, org: Org) -> None:
    queue = queue_behind_a_rule(aws, "crm-partner")
    spec = {"endpoint_url": aws.endpoint_url, "region": aws.region, "access_key": aws.account, "bus": "crm-partner"}
    relay = org.sim("POST", "event-relay", spec)
    deal = org.deal()
    org.change("Opportunity", deal, StageName="Closed Won")
    came = aws.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    event = json.loads(came[0]["Body"])
    assert len(came) == 1 and event["source"] == relay["source"]
    head = event["detail"]["payload"]["ChangeEventHeader"]
    assert (head["recordIds"], head["changeType"]) == ([deal], "UPDATE")
    assert event["detail"]["payload"]["StageName"] == "Closed Won"
