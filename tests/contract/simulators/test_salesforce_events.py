"""Change events put on an EventBridge bus, in the relay's envelope, with everything that can go wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.simulators.salesforce_org import Org, Received, endpoint, until

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]


def taking(one: Received) -> tuple[int, str, bytes]:
    """What EventBridge answers to PutEvents."""
    assert one.headers["x-amz-target"] == "AWSEvents.PutEvents"
    entries = json.loads(one.body)["Entries"]
    body = {"FailedEntryCount": 0, "Entries": [{"EventId": str(n)} for n, _ in enumerate(entries)]}
    return 200, "application/x-amz-json-1.1", json.dumps(body).encode()


class Bus:
    def __init__(self, org: Org, url: str, came: list[Received]) -> None:
        self._org, self._came = org, came
        spec = {"endpoint_url": url, "region": "eu-central-1", "access_key": "test", "bus": "salesforce-partner"}
        self.relay: dict[str, Any] = org.sim("POST", "event-relay", spec)

    def entries(self) -> list[dict[str, Any]]:
        return [entry for one in list(self._came) for entry in json.loads(one.body)["Entries"]]

    def details(self) -> list[dict[str, Any]]:
        return [json.loads(entry["Detail"]) for entry in self.entries()]

    def heads(self) -> list[dict[str, Any]]:
        return [detail["payload"]["ChangeEventHeader"] for detail in self.details()]

    def wait(self, count: int) -> list[dict[str, Any]]:
        until(lambda: len(self.entries()) >= count and not self._org.sim("GET", "state/sim:relay_event")["records"])
        return self.details()

    def state(self, state: str) -> None:
        self._org.sim("POST", f"event-relay/{self.relay['id']}", {"state": state})


@pytest.fixture
def bus(org: Org) -> Iterator[Bus]:
    with endpoint(taking) as (url, came):
        yield Bus(org, url, came)


def test_a_change_arrives_in_the_relays_envelope(org: Org, bus: Bus) -> None:
    org.headers["Sforce-Call-Options"] = "client=Demo"
    deal = org.deal(Name="D", Amount=10.5)
    org.change("Opportunity", deal, StageName="Closed Won")
    created, updated = bus.wait(2)
    entry = bus.entries()[1]
    assert entry["Source"] == bus.relay["source"]
    assert entry["Source"].startswith(f"aws.partner/salesforce.com/{org.credentials['org_id']}/0YL")
    assert (entry["DetailType"], entry["EventBusName"]) == ("OpportunityChangeEvent", "salesforce-partner")
    head = updated["payload"]["ChangeEventHeader"]
    assert head["entityName"] == "Opportunity" and head["recordIds"] == [deal]
    assert head["changeType"] == "UPDATE" and head["commitNumber"] > 2**53
    assert head["changeOrigin"] == "com/salesforce/api/rest/66.0;client=Demo"
    assert head["commitUser"] == org.get("Opportunity", deal)["LastModifiedById"]
    assert {"StageName", "LastModifiedDate"} <= set(head["changedFields"])
    assert updated["payload"]["StageName"] == "Closed Won" and "Name" not in updated["payload"]
    assert updated["payload"]["LastModifiedDate"].endswith("Z")
    assert set(updated) == {"payload"}
    assert created["payload"]["Name"] == "D" and created["payload"]["ChangeEventHeader"]["changedFields"] == []
    assert "IsWon" not in created["payload"]


def test_commits_are_numbered_forward_and_transactions_have_keys(org: Org, bus: Bus) -> None:
    for number in range(3):
        org.create("Account", Name=f"A{number}")
    bus.wait(3)
    numbers = [head["commitNumber"] for head in bus.heads()]
    assert numbers == sorted(set(numbers)) and len({head["transactionKey"] for head in bus.heads()}) == 3


def test_a_field_set_to_null_is_named_but_left_out(org: Org, bus: Bus) -> None:
    account = org.create("Account", Name="A", Phone="1")
    org.change("Account", account, Phone=None)
    payload = bus.wait(2)[1]["payload"]
    assert "Phone" in payload["ChangeEventHeader"]["changedFields"] and "Phone" not in payload
    org.settings(event_nulls="explicit", event_instants="epoch_ms", event_extras=True)
    org.change("Account", account, Website=None, Site="x")
    org.change("Account", account, Site=None)
    detail = bus.wait(4)[3]
    assert detail["payload"]["Site"] is None and detail["payload"]["ChangeEventHeader"]["nulledFields"] == ["Site"]
    assert isinstance(detail["payload"]["LastModifiedDate"], int) and {"schemaId", "id"} <= set(detail)


def test_compound_parts_are_nested(org: Org, bus: Bus) -> None:
    account = org.create("Account", Name="A", BillingCity="Bonn")
    org.change("Account", account, BillingCity="Berlin", BillingStreet="Weg 1")
    payload = bus.wait(2)[1]["payload"]
    assert payload["BillingAddress"] == {"Street": "Weg 1", "City": "Berlin"}
    assert "BillingAddress.City" in payload["ChangeEventHeader"]["changedFields"]


def test_the_same_change_to_two_records_is_one_event_with_two_ids(org: Org, bus: Bus) -> None:
    ids = [org.deal(Name=name) for name in "AB"]
    records = [{"attributes": {"type": "Opportunity"}, "Id": each, "StageName": "Closed Won"} for each in ids]
    org.ok("PATCH", "composite/sobjects", json={"records": records})
    bus.wait(3)
    assert bus.heads()[2]["recordIds"] == ids


def test_deletes_carry_no_fields_and_a_rolled_back_change_is_not_told(org: Org, bus: Bus) -> None:
    account = org.create("Account", Name="A")
    body = {"allOrNone": True, "records": [{"attributes": {"type": "Account"}, "Name": "B"},
                                           {"attributes": {"type": "Account"}}]}  # fmt: skip
    org.ok("POST", "composite/sobjects", json=body)
    org.ok("DELETE", f"sobjects/Account/{account}")
    bus.wait(2)
    assert [head["changeType"] for head in bus.heads()] == ["CREATE", "DELETE"]
    assert set(bus.details()[1]["payload"]) == {"ChangeEventHeader"}


def test_the_integrations_own_writes_echo_under_its_user(org: Org, bus: Bus) -> None:
    fabric = org.login(org.credentials)
    deal = org.deal()
    fabric.change("Opportunity", deal, Fabric_Project_Status__c="active")
    bus.wait(2)
    me = org.rows(f"SELECT Id FROM User WHERE Username = '{org.credentials['username']}'")[0]["Id"]
    assert bus.heads()[1]["commitUser"] == me != bus.heads()[0]["commitUser"]


def test_pause_keeps_what_waits_and_stop_forgets_it(org: Org, bus: Bus) -> None:
    bus.state("PAUSE")
    org.create("Account", Name="paused")
    assert bus.entries() == []
    bus.state("RUN")
    bus.wait(1)
    bus.state("STOP")
    org.create("Account", Name="stopped")
    bus.state("RUN")
    org.create("Account", Name="running")
    bus.wait(2)
    assert [detail["payload"]["Name"] for detail in bus.details()] == ["paused", "running"]


def test_a_pause_longer_than_the_retention_loses_events(org: Org, bus: Bus) -> None:
    bus.state("PAUSE")
    org.create("Account", Name="lost")
    org.settings(event_retention_s=0)
    bus.state("RUN")
    until(lambda: not org.sim("GET", "state/sim:relay_event")["records"])
    org.settings(event_retention_s=1000)
    org.create("Account", Name="kept")
    bus.wait(1)
    assert [detail["payload"]["Name"] for detail in bus.details()] == ["kept"]


def test_the_feedback_tells_status_and_source_by_soql(org: Org, bus: Bus) -> None:
    org.create("Account", Name="A")
    bus.wait(1)
    soql = (
        "SELECT Status, ErrorCode, LastRelayedEventTime, RemoteResource, EventRelayConfig.State FROM EventRelayFeedback"
    )
    row = until(lambda: [one for one in org.rows(soql) if one["LastRelayedEventTime"]])[0]
    assert (row["Status"], row["ErrorCode"], row["RemoteResource"]) == ("RUNNING", None, bus.relay["source"])
    bus.state("PAUSE")
    row = org.rows(soql)[0]
    assert (row["Status"], row["EventRelayConfig"]["State"]) == ("PAUSED", "PAUSE")


def test_a_bus_that_refuses_is_asked_again(org: Org) -> None:
    refusals = [(500, "application/x-amz-json-1.1", b"{}")] * 2

    def reply(one: Received) -> tuple[int, str, bytes]:
        return refusals.pop() if refusals else taking(one)

    with endpoint(reply) as (url, came):
        bus = Bus(org, url, came)
        org.create("Account", Name="A")
        until(lambda: not org.sim("GET", "state/sim:relay_event")["records"])
        assert bus.details()[-1]["payload"]["Name"] == "A" and len(came) >= 3


def test_planted_duplicates_gaps_and_wildcards(org: Org, bus: Bus) -> None:
    account = org.create("Account", Name="A")
    bus.wait(1)
    org.plant("event_duplicate", path="/Account/UPDATE")
    org.change("Account", account, Name="B")
    bus.wait(3)
    first, second = bus.heads()[1:3]
    assert first == second
    org.plant("event_gap")
    org.change("Account", account, Name="C")
    gap = bus.wait(4)[3]["payload"]
    assert set(gap) == {"ChangeEventHeader"} and gap["ChangeEventHeader"]["changeType"] == "GAP_UPDATE"
    org.plant("event_gap", type="GAP_OVERFLOW")
    org.plant("event_extra_ids", ids=["001*"], skip=0)
    org.change("Account", account, Name="D")
    org.change("Account", account, Name="E")
    bus.wait(6)
    assert bus.heads()[4]["changeType"] == "GAP_OVERFLOW" and bus.heads()[5]["recordIds"] == [account, "001*"]


def test_planted_reordering_and_wrong_orgs(org: Org, bus: Bus) -> None:
    org.plant("event_reorder", seconds=0.3)
    org.create("Account", Name="first")
    until(lambda: org.sim("GET", "faults")["faults"][0]["hits"])
    org.create("Account", Name="second")
    bus.wait(2)
    assert [detail["payload"]["Name"] for detail in bus.details()] == ["second", "first"]
    org.plant("event_wrong_org")
    org.create("Account", Name="third")
    bus.wait(3)
    assert org.credentials["org_id"] not in bus.entries()[2]["Source"]


def test_only_the_objects_asked_for_are_told(org: Org, bus: Bus) -> None:
    org.create("Product2", Name="P")
    org.create("Account", Name="A")
    bus.wait(1)
    assert [entry["DetailType"] for entry in bus.entries()] == ["AccountChangeEvent"]
