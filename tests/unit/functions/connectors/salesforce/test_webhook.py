"""Outbound messages: verified, kept without their session, queued, acknowledged; anything else reaches nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.connectors.salesforce import webhook
from functions.connectors.salesforce.outbound_message import ACK, read_outbound_message
from functions.connectors.salesforce.wiring import Edge
from shared.faults import Poison, Transient
from shared.runtime.http_edge import answered, as_response
from shared.runtime.log import Line
from tests.salesforce_deals import DEAL, ORG, SECRET, SalesforceFakes

SESSION = "00DXX!AQEAQ.live.credential"
NOTIFICATION = (
    "<Notification><Id>04lXX000000{n:04d}YAA</Id>"
    '<sObject xsi:type="sf:{kind}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">'
    "<sf:Id>{id}</sf:Id><sf:StageName>Closed Won</sf:StageName></sObject></Notification>"
)


def message(
    *deals: str, org: str = ORG, session: str = '<SessionId xsi:nil="true"/>', kind: str = "Opportunity"
) -> str:
    found = "".join(NOTIFICATION.format(n=n, id=deal, kind=kind) for n, deal in enumerate(deals or (DEAL,)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
        '<notifications xmlns="http://soap.sforce.com/2005/09/outbound" xmlns:o="http://soap.sforce.com/2005/09/outbound">'
        f"<OrganizationId>{org}</OrganizationId><ActionId>04kXX0000000001YAA</ActionId>{session}"
        f"<EnterpriseUrl>https://x.example/c</EnterpriseUrl>{found}"
        "</notifications></soapenv:Body></soapenv:Envelope>"
    )


def a_deal(number: int) -> str:
    return f"006XX000000{number:04d}"


def asked(body: str | bytes, *, secret: str = SECRET, kind: str = "text/xml; charset=UTF-8") -> dict[str, Any]:
    raw = body if isinstance(body, bytes) else body.encode()
    return {
        "requestContext": {"http": {"method": "POST", "sourceIp": "127.0.0.1"}, "requestId": "r-1"},
        "rawPath": f"/webhooks/salesforce/{secret}",
        "pathParameters": {"secret": secret},
        "headers": {"Content-Type": kind},
        "body": base64.b64encode(raw).decode(),
        "isBase64Encoded": True,
    }


def post(ports: SalesforceFakes, event: dict[str, Any]) -> dict[str, Any]:
    return as_response(answered(event, webhook.handler.step, ports, webhook.MOST_BYTES, Line()))


def nothing_reached(ports: SalesforceFakes) -> bool:
    return not ports.queues.sent and not ports.documents.bodies


def test_a_message_is_kept_queued_and_acknowledged() -> None:
    ports = SalesforceFakes()
    answer = post(ports, asked(message()))
    assert (answer["statusCode"], answer["body"]) == (200, ACK.decode())
    assert answer["headers"]["Content-Type"].startswith("text/xml")
    ((queue, body, _),) = ports.queues.sent
    (key,) = ports.documents.bodies
    assert (queue, json.loads(body)) == (
        "salesforce-inbound",
        {"opportunity_id": DEAL, "via": "outbound_message", "raw_key": key},
    )


def test_a_batch_of_a_hundred_is_a_hundred_deals() -> None:
    ports = SalesforceFakes()
    assert post(ports, asked(message(*(a_deal(n) for n in range(100)))))["statusCode"] == 200
    assert len(ports.queues.sent) == 100


def test_one_deal_told_twice_in_a_batch_is_read_once() -> None:
    ports = SalesforceFakes()
    post(ports, asked(message(DEAL, DEAL[:15])))
    assert len(ports.queues.sent) == 1


def test_other_objects_are_acknowledged_and_not_read() -> None:
    ports = SalesforceFakes()
    assert post(ports, asked(message(kind="Account")))["statusCode"] == 200
    assert not ports.queues.sent


def test_nothing_is_acknowledged_that_is_not_on_the_queue() -> None:
    ports = SalesforceFakes()

    def full(*_: object, **__: object) -> None:
        raise Transient("messages_not_sent")

    ports.queues.send = full  # type: ignore[method-assign]
    answer = post(ports, asked(message()))
    assert answer["statusCode"] == 503 and "Ack" not in answer["body"]


@pytest.mark.parametrize(
    "session",
    [
        f"<SessionId>{SESSION}</SessionId>",
        f'<SessionId xsi:type="xsd:string">{SESSION}</SessionId>',
        f"<o:SessionId>{SESSION}</o:SessionId>",
        f"<SessionId><![CDATA[{SESSION}]]></SessionId>",
        f"<SessionId>a</SessionId><SessionId>{SESSION}</SessionId>",
    ],
    ids=["plain", "typed", "prefixed", "cdata", "twice"],
)
@pytest.mark.parametrize("encode", [str.encode, lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16")])
def test_the_session_id_is_never_kept(session: str, encode: Callable[[str], bytes]) -> None:
    ports = SalesforceFakes()
    assert post(ports, asked(encode(message(session=session))))["statusCode"] == 200
    (kept,) = ports.documents.bodies.values()
    assert SESSION.encode() not in kept and SESSION.encode("utf-16-le") not in kept
    assert DEAL.encode() in kept
    assert SESSION not in repr(read_outbound_message(message(session=session).encode()))


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "a wrong secret": (asked(message(), secret="guessed"), 401),
    "no secret": (asked(message(), secret=""), 401),
    "a secret in another alphabet": (asked(message(), secret="sécret"), 401),
    "another organisation": (asked(message(org="00DYY00000000012AA")), 403),
    "an organisation that is no id": (asked(message(org="ours")), 400),
    "json": (asked("{}", kind="application/json"), 415),
    "broken xml": (asked(message()[:-20]), 400),
    "nothing": (asked(""), 400),
    "no text at all": (asked(b"\xff\xfe\x00<"), 400),
    "a document type": (asked("<!DOCTYPE x>" + message().partition("?>")[2]), 400),
    "entities that grow": (asked(BOMB + message(session="<x>&b;</x>").partition("?>")[2]), 400),
    "a file from our disk": (
        asked('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + message().partition("?>")[2]),
        400,
    ),
    "another soap message": (asked('<a xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body/></a>'), 400),
    "no notification": (
        asked(message().partition("<Notification>")[0] + message().rpartition("</Notification>")[2]),
        400,
    ),
    "a hundred and one": (asked(message(*(a_deal(n) for n in range(101)))), 400),
    "a record without an id": (asked(message().replace(f"<sf:Id>{DEAL}</sf:Id>", "")), 400),
    "a notification without a record": (asked(message().replace("sObject", "thing")), 400),
    "a megabyte": (asked(message() + " " * 1_000_001), 413),
    "no base 64": (asked(message()) | {"body": "%%%"}, 400),
}


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_what_is_not_a_message_of_ours_is_refused_and_reaches_nothing(what: str) -> None:
    ports = SalesforceFakes()
    event, status = REFUSED[what]
    answer = post(ports, event)
    assert (answer["statusCode"], answer["body"]) == (status, "")
    assert nothing_reached(ports)


def test_an_org_without_a_secret_lets_nobody_in() -> None:
    ports = SalesforceFakes()
    ports.edge = Edge(ORG, "")
    assert post(ports, asked(message(), secret=""))["statusCode"] == 401


def test_a_message_from_the_org_by_its_short_id_is_ours() -> None:
    assert post(SalesforceFakes(), asked(message(org=ORG[:15])))["statusCode"] == 200


def test_depth_without_end_is_poison() -> None:
    with pytest.raises(Poison):
        read_outbound_message(b"<a>" * 200_000)
