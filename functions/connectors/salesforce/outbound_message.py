"""Outbound messages: Salesforce's SOAP push, parsed without ever expanding an entity, and its acknowledgement.

Source: docs/connectors/salesforce.md, "Outbound messages".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from functions.platforms.salesforce.ids import record_id
from shared.faults import Poison

_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
_OUTBOUND = "{http://soap.sforce.com/2005/09/outbound}"
_OBJECTS = "{urn:sobject.enterprise.soap.sforce.com}"
MOST_NOTIFICATIONS = 100

ACK = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    b'<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>'
    b"</soapenv:Body></soapenv:Envelope>"
)


@dataclass(frozen=True, slots=True)
class Notification:
    """object: "Opportunity". Fields are not read: the message triggers, the record is read from the source."""

    notification_id: str
    object: str
    record_id: str


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """organization_id: 18 characters. shown: the message as XML, empty where its session id stood."""

    organization_id: str
    notifications: tuple[Notification, ...]
    shown: bytes = field(repr=False)


def read_outbound_message(body: bytes) -> OutboundMessage:
    """Raises Poison, naming what is wrong, for anything but one well-formed message of 1 to 100 notifications."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as exc:
        raise Poison("outbound_message_unreadable", why=type(exc).__name__) from exc
    message = root.find(f"{_SOAP}Body/{_OUTBOUND}notifications")
    if message is None:
        raise Poison("outbound_message_unreadable", why="no notifications in a SOAP body")
    found = message.findall(f"{_OUTBOUND}Notification")
    if not 1 <= len(found) <= MOST_NOTIFICATIONS:
        raise Poison("outbound_message_unreadable", why=f"{len(found)} notifications")
    organization = record_id(_text(message, f"{_OUTBOUND}OrganizationId"))
    return OutboundMessage(organization, tuple(_notification(element) for element in found), _without_session(root))


def _without_session(root: Element) -> bytes:
    """By element, not by bytes: no prefix, attribute, CDATA or encoding hides a session id from this."""
    for element in root.iter():
        if element.tag.rpartition("}")[2] == "SessionId":
            element.clear()
    shown: bytes = tostring(root, encoding="utf-8")
    return shown


def _notification(element: Element) -> Notification:
    record = element.find(f"{_OUTBOUND}sObject")
    if record is None:
        raise Poison("outbound_message_unreadable", why="no sObject")
    kind = record.get("{http://www.w3.org/2001/XMLSchema-instance}type", "").rpartition(":")[2]
    return Notification(_text(element, f"{_OUTBOUND}Id"), kind, record_id(_text(record, f"{_OBJECTS}Id")))


def _text(element: Element, path: str) -> str:
    found = element.findtext(path)
    if not found:
        raise Poison("outbound_message_unreadable", why=f"no {path.rpartition('}')[2]}")
    return found.strip()
