"""How the simulated org tells of its deals: polled, by outbound message, by change event."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from events.commands import ReportProject
from events.values import Ref
from functions.connectors.salesforce import change_events, poll, webhook
from functions.connectors.salesforce.commands import reference
from shared.faults import BusinessException
from shared.runtime.http_edge import answered
from shared.runtime.log import Line
from tests.contract.connectors.salesforce_ports import (
    SECRET,
    Catalogue,
    SalesforceFakes,
    salesforce_ports,
)
from tests.contract.connectors.salesforce_reading import pulled
from tests.contract.simulators.salesforce_org import Org, Received, endpoint, until
from tests.contract.simulators.test_salesforce_events import Bus, taking

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]
pytestmark = pytest.mark.estate


def test_each_version_of_a_deal_is_polled_once(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    first, second = catalogue.win(), catalogue.win()
    catalogue.deal()
    assert pulled(ports) == 2
    assert pulled(ports) == 0
    org.change("Opportunity", first, PO_Number__c="PO-9")
    third = catalogue.win()
    assert pulled(ports) == 2
    assert {each.data.ref.id for each in ports.outbox.of_type("contract.signed")} == {first, second, third}


def test_deals_of_one_and_the_same_second_are_all_polled(org: Org) -> None:
    org.settings(timestamp_step_ms=1000, page_size=2)
    catalogue, ports = Catalogue(org), salesforce_ports(org, poll_rows=3)
    deals = {catalogue.win() for _ in range(8)}
    handed = 0
    while True:
        more = poll.handler.step(poll.Poll(feed="opportunities"), ports)["more"]
        handed += ports.read()
        if not more:
            break
    assert handed == 8
    assert {each.data.ref.id for each in ports.outbox.of_type("contract.signed")} == deals


def through_the_edge(ports: SalesforceFakes, secret: str = SECRET) -> Any:
    """A reply of the webhook to what an org posts, as API Gateway would hand it over."""

    def reply(one: Received) -> tuple[int, str, bytes]:
        event = {
            "requestContext": {"http": {"method": "POST"}},
            "pathParameters": {"secret": secret},
            "headers": one.headers,
            "body": base64.b64encode(one.body).decode(),
            "isBase64Encoded": True,
        }
        answer = answered(event, webhook.handler.step, ports, webhook.MOST_BYTES, Line())
        return answer.status, answer.content_type, answer.body.encode()

    return reply


def rule(org: Org, url: str, **more: Any) -> None:
    spec = {
        "url": f"{url}/webhooks/salesforce/{SECRET}",
        "object": "Opportunity",
        "when": {"field": "IsWon", "equals": True},
        "name": "won",
        "fields": ["Name", "StageName"],
        "first_retry_s": 0.02,
    }
    org.sim("POST", "outbound-messages", spec | more)


def waiting(org: Org) -> int:
    return len(org.sim("GET", "state/sim:notification")["records"])


def test_an_outbound_message_brings_its_deal_and_is_acknowledged(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(through_the_edge(ports)) as (url, came):
        rule(org, url, send_session_id=True)
        deal = catalogue.win()
        until(lambda: came and not waiting(org))
    assert b"SessionId" in came[0].body
    (kept,) = ports.documents.bodies.values()
    session = came[0].body.partition(b"<SessionId>")[2].partition(b"</SessionId>")[0]
    assert session and session not in kept
    assert ports.read() == 1
    assert [each.data.ref.id for each in ports.outbox.of_type("contract.signed")] == [deal]


def test_a_message_repeated_in_a_storm_is_one_contract(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(through_the_edge(ports)) as (url, came):
        rule(org, url)
        org.plant("outbound_duplicate", method="OUTBOUND", path="/Opportunity/won", copies=9)
        org.plant("outbound_lose_ack", method="OUTBOUND", path="/Opportunity/won")
        catalogue.win()
        until(lambda: len(came) >= 10 and not waiting(org))
    assert ports.read() >= 10
    assert len(ports.outbox.of_type("contract.signed")) == 1
    assert ports.counts.totals["duplicates_received"] >= 18


def test_a_message_from_another_organisation_is_not_acknowledged(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(through_the_edge(ports)) as (url, came):
        rule(org, url)
        org.plant("outbound_wrong_org", method="OUTBOUND", path="/Opportunity/won", org_id="00DYY00000000012AA")
        catalogue.win()
        until(lambda: len(came) >= 2 and not waiting(org))
    assert ports.read() == 1


def test_a_wrong_secret_gets_nothing_in(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(through_the_edge(ports, secret="guessed")) as (url, came):
        rule(org, url)
        catalogue.win()
        until(lambda: came)
    assert not ports.queues.sent and not ports.documents.bodies and waiting(org) == 1


def told(bus: Bus, ports: SalesforceFakes, *, from_: int = 0) -> None:
    """What the bus has, through our handler, as its rule and queue would bring it."""
    for entry in bus.entries()[from_:]:
        event = {"source": entry["Source"], "detail-type": entry["DetailType"], "detail": json.loads(entry["Detail"])}
        if entry["DetailType"] == "OpportunityChangeEvent":
            change_events.handler.step(change_events.ChangeEvent.model_validate(event), ports)


def test_change_events_bring_the_deals_they_name(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(taking) as (url, came):
        bus = Bus(org, url, came)
        deal = catalogue.win()
        bus.wait(2)
        told(bus, ports)
    assert ports.read() >= 1
    assert [each.data.ref.id for each in ports.outbox.of_type("contract.signed")] == [deal]


def test_an_event_without_fields_and_one_of_several_deals_bring_them_all(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    first, second = catalogue.win(), catalogue.win()
    with endpoint(taking) as (url, came):
        bus = Bus(org, url, came)
        org.plant("event_gap", method="EVENT", path="/Opportunity/UPDATE")
        org.change("Opportunity", first, PO_Number__c="PO-8")
        bus.wait(1)
        org.plant("event_extra_ids", method="EVENT", path="/Opportunity/UPDATE", ids=[second])
        org.change("Opportunity", first, PO_Number__c="PO-9")
        bus.wait(2)
        told(bus, ports)
    assert [json.loads(body)["opportunity_id"] for body in ports.take()] == [first, first, second]


def test_an_event_from_another_organisation_is_refused(org: Org) -> None:
    ports = salesforce_ports(org)
    with endpoint(taking) as (url, came):
        bus = Bus(org, url, came)
        org.plant("event_wrong_org", method="EVENT", path="/Opportunity/CREATE", org_id="00DYY00000000012AA")
        org.deal()
        bus.wait(1)
        with pytest.raises(BusinessException, match="organization_unknown"):
            told(bus, ports)
    assert not ports.queues.sent


def test_our_own_write_backs_do_not_go_round(org: Org) -> None:
    """A project shown on its deal changes the deal: it is read once more, and there it ends."""
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    deal = catalogue.win()
    assert pulled(ports) == 1
    shown = Ref(system="salesforce", kind="opportunity", id=deal)
    reference.step(ReportProject(opportunity_ref=shown, project_id="p-1", status="active"), ports)
    assert pulled(ports) == 1
    assert pulled(ports) == 0
