"""Outbound messages: one per record that newly meets the rule, repeated with the same id until acknowledged."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from tests.contract.simulators.salesforce_org import Org, Received, Reply, endpoint, until

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]

NS = {
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
    "out": "http://soap.sforce.com/2005/09/outbound",
    "sf": "urn:sobject.enterprise.soap.sforce.com",
}
WON = {"field": "IsWon", "equals": True}


def answer(ack: str) -> tuple[int, str, bytes]:
    body = (
        f'<soapenv:Envelope xmlns:soapenv="{NS["soap"]}"><soapenv:Body><notificationsResponse xmlns="{NS["out"]}">'
        f"<Ack>{ack}</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>"
    )
    return 200, "text/xml", body.encode()


def acking(_: Received) -> tuple[int, str, bytes]:
    return answer("true")


def each_in_turn(*answers: tuple[int, str, bytes]) -> Reply:
    """Those answers first, Ack true ever after."""
    left = list(answers)
    return lambda _: left.pop(0) if left else answer("true")


def rule(org: Org, url: str, **more: Any) -> str:
    spec = {"url": f"{url}/salesforce/outbound", "object": "Opportunity", "when": WON, "name": "won",
            "fields": ["Name", "StageName", "Amount", "AccountId", "IsWon"], "first_retry_s": 0.02}  # fmt: skip
    return str(org.sim("POST", "outbound-messages", spec | more)["id"])


def notifications(one: Received) -> list[tuple[str, dict[str, str]]]:
    """(notification id, fields of its record) of one message."""
    root = ElementTree.fromstring(one.body)
    found = []
    for each in root.iterfind("soap:Body/out:notifications/out:Notification", NS):
        record = each.find("out:sObject", NS)
        assert record is not None
        fields = {child.tag.split("}")[1]: child.text or "" for child in record}
        found.append((each.findtext("out:Id", "", NS), fields))
    return found


def header(one: Received, name: str) -> str:
    return ElementTree.fromstring(one.body).findtext(f"soap:Body/out:notifications/out:{name}", "", NS)


def settled(org: Org) -> bool:
    return not org.sim("GET", "state/sim:notification")["records"]


def test_a_deal_won_is_told_once_in_the_vendors_envelope(org: Org) -> None:
    with endpoint(acking) as (url, came):
        action = rule(org, url)
        deal = org.deal(Name="Müller & Söhne <AG>", Amount=100.5)
        org.change("Opportunity", deal, StageName="Closed Won")
        until(lambda: came and settled(org))
        org.change("Opportunity", deal, NextStep="still won")
        assert len(came) == 1 and came[0].headers["content-type"].startswith("text/xml")
        assert header(came[0], "OrganizationId") == org.credentials["org_id"]
        assert header(came[0], "ActionId") == action and action.startswith("04k")
        assert b'<SessionId xsi:nil="true"/>' in came[0].body
        ((each, fields),) = notifications(came[0])
    assert each.startswith("04l") and len(each) == 18
    assert fields == {"Id": deal, "Name": "Müller & Söhne <AG>", "StageName": "Closed Won", "Amount": "100.50",
                      "IsWon": "true"}  # fmt: skip
    assert b'xsi:type="sf:Opportunity"' in came[0].body


def test_a_deal_that_is_lost_and_won_again_is_told_again(org: Org) -> None:
    with endpoint(acking) as (url, came):
        rule(org, url)
        deal = org.deal(StageName="Closed Won")
        until(lambda: len(came) == 1)
        org.change("Opportunity", deal, StageName="Closed Lost")
        org.change("Opportunity", deal, StageName="Closed Won")
        until(lambda: len(came) == 2)
        assert notifications(came[0])[0][0] != notifications(came[1])[0][0]


def test_it_is_repeated_with_the_same_id_until_ack_is_true(org: Org) -> None:
    trouble = each_in_turn((500, "text/html", b"oops"), answer("false"), (200, "text/xml", b"<nonsense"))
    with endpoint(trouble) as (url, came):
        rule(org, url)
        org.deal(StageName="Closed Won")
        until(lambda: settled(org))
        assert len(came) == 4
        assert len({notifications(one)[0][0] for one in came}) == 1
        shown = org.sim("GET", "outbound-messages")["messages"][0]
        assert (shown["delivered"], shown["attempts"], shown["refused"], shown["pending"]) == (1, 4, 3, 0)


def test_a_repeat_carries_the_newest_values(org: Org) -> None:
    with endpoint(each_in_turn(answer("false"))) as (url, came):
        rule(org, url, first_retry_s=30)
        deal = org.deal(StageName="Closed Won", Name="Old")
        until(lambda: came)
        org.change("Opportunity", deal, Name="New")
        until(lambda: org.sim("GET", "outbound-messages")["messages"][0]["refused"])
        org.sim("POST", "outbound-messages/retry-now")
        until(lambda: settled(org))
        assert [notifications(one)[0][1]["Name"] for one in came] == ["Old", "New"]


def test_a_batch_holds_at_most_100_and_is_sent_again_whole(org: Org) -> None:
    deals = [
        {"attributes": {"type": "Opportunity"}, "Name": f"D{n}", "StageName": "Closed Won", "CloseDate": "2026-03-01"}
        for n in range(150)
    ]
    with endpoint(each_in_turn(answer("false"))) as (url, came):
        rule(org, url)
        org.ok("POST", "composite/sobjects", json={"records": deals})
        until(lambda: settled(org))
        sizes = [len(notifications(one)) for one in came]
        assert max(sizes) == 100 and sum(sizes) == 250
        ids = [each for one in came for each, _ in notifications(one)]
        assert len(set(ids)) == 150 and ids.count(ids[0]) == 2


def test_the_api_call_never_waits_for_a_dead_endpoint(org: Org) -> None:
    rule(org, "http://127.0.0.1:9", first_retry_s=60)
    deal = org.deal(StageName="Closed Won")
    assert org.get("Opportunity", deal)["IsWon"] is True
    until(lambda: org.sim("GET", "outbound-messages")["messages"][0]["last_error"])
    assert not settled(org)


def test_after_its_time_a_notification_is_given_up(org: Org) -> None:
    with endpoint(lambda _: answer("false")) as (url, came):
        rule(org, url, give_up_s=1.5)
        org.deal(StageName="Closed Won")
        until(lambda: org.sim("GET", "state/sim:dead_notification")["records"])
        assert settled(org) and 1 < len(came) < 12  # 0.02 s doubled reaches 1.5 s at the seventh repeat


def test_the_integration_users_own_writes_can_be_left_out(org: Org) -> None:
    fabric = org.login(org.credentials)
    with endpoint(acking) as (url, came):
        rule(org, url, skip_users=[org.credentials["username"]])
        fabric.deal(StageName="Closed Won")
        org.deal(StageName="Closed Won", Name="by a person")
        until(lambda: came and settled(org))
        assert [fields["Name"] for one in came for _, fields in notifications(one)] == ["by a person"]


def test_planted_duplicates_wrong_orgs_and_lost_acks(org: Org) -> None:
    with endpoint(acking) as (url, came):
        rule(org, url)
        org.plant("duplicate", copies=2)
        org.deal(StageName="Closed Won")
        until(lambda: len(came) == 3 and settled(org))
        assert len({notifications(one)[0][0] for one in came}) == 1
        came.clear()
        org.plant("outbound_wrong_org")
        org.deal(StageName="Closed Won")
        until(lambda: came and settled(org))
        assert header(came[0], "OrganizationId") != org.credentials["org_id"]
        came.clear()
        org.plant("outbound_lose_ack")
        org.deal(StageName="Closed Won")
        until(lambda: len(came) == 2 and settled(org))
        assert notifications(came[0]) == notifications(came[1])


def test_planted_reordering_lets_a_later_one_pass(org: Org) -> None:
    with endpoint(acking) as (url, came):
        rule(org, url)
        org.plant("outbound_reorder", seconds=0.3)
        org.deal(StageName="Closed Won", Name="first")
        until(lambda: org.sim("GET", "faults")["faults"][0]["hits"])
        org.deal(StageName="Closed Won", Name="second")
        until(lambda: len(came) == 2 and settled(org))
        assert [notifications(one)[0][1]["Name"] for one in came] == ["second", "first"]


def test_a_session_id_is_sent_only_when_asked_for_and_then_works(org: Org) -> None:
    with endpoint(acking) as (url, came):
        rule(org, url, send_session_id=True)
        org.deal(StageName="Closed Won")
        until(lambda: came)
        found = re.search(rb"<SessionId>([^<]+)</SessionId>", came[0].body)
    assert found
    org.token = found.group(1).decode()
    org.ok("GET", "limits")


def test_a_rule_with_an_unknown_field_is_refused(org: Org) -> None:
    spec = {"url": "http://127.0.0.1:9", "object": "Opportunity", "fields": ["Colour"]}
    answer_ = org.client.post("/_sim/outbound-messages", json=spec)
    assert answer_.status_code == 400 and "Colour" in answer_.json()["error"]
