"""The SOAP text of outbound messages and the reading of their answers.

Source: vendors/salesforce.md, section 6.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sandbox.salesforce_platform.org import Row
from sandbox.salesforce_platform.schema import Field, SObject

OUTBOUND = "http://soap.sforce.com/2005/09/outbound"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"


def envelope(
    org_id: str, action_id: str, session_id: str | None, base_url: str, notifications: Sequence[tuple[str, str]]
) -> str:
    """One message. notifications: (notification id, sObject element), 1 to 100."""
    session = f"<SessionId>{escape(session_id)}</SessionId>" if session_id else '<SessionId xsi:nil="true"/>'
    body = "".join(f"<Notification><Id>{each}</Id>{sobject}</Notification>" for each, sobject in notifications)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<soapenv:Envelope xmlns:soapenv="{ENVELOPE}" xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n <soapenv:Body>\n'
        f'  <notifications xmlns="{OUTBOUND}">\n'
        f"<OrganizationId>{org_id}</OrganizationId><ActionId>{action_id}</ActionId>{session}"
        f"<EnterpriseUrl>{base_url}/services/Soap/c/66.0/{org_id[:15]}</EnterpriseUrl>"
        f"<PartnerUrl>{base_url}/services/Soap/u/66.0/{org_id[:15]}</PartnerUrl>{body}\n"
        "  </notifications>\n </soapenv:Body>\n</soapenv:Envelope>\n"
    )


def sobject_element(sobject: SObject, fields: Sequence[Field], row: Row) -> str:
    """The record as it is now; a null field is left out."""
    shown = [(one.name, row.get(one.name)) for one in fields if row.get(one.name) is not None]
    inner = "".join(f"<sf:{name}>{escape(_text(value))}</sf:{name}>" for name, value in shown)
    return (
        f'<sObject xsi:type="sf:{sobject.name}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">'
        f"<sf:Id>{row['Id']}</sf:Id>{inner}</sObject>"
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    text = str(value)
    return f"{text}Z" if len(text) == 23 and text[10:11] == "T" and text[19] == "." else text


def acknowledged(body: bytes) -> bool:
    """Whether the answer is a SOAP envelope whose notificationsResponse holds Ack = true."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return False
    ack = root.find(f"{{{ENVELOPE}}}Body/{{{OUTBOUND}}}notificationsResponse/{{{OUTBOUND}}}Ack")
    return ack is not None and (ack.text or "").strip().lower() == "true"
