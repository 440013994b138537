"""Refusals in the vendor's shapes: V2 and V4 JSON, Atom-style XML, and HTML from in front of the gateway.

Source: vendor notes, section 11.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

PAYLOAD = "/IWBEP/CM_MGW_RT/020"
"""A body or query the gateway cannot work with, whatever the application would say."""


@dataclass(frozen=True)
class Detail:
    """`target`: the property concerned, or ""."""

    code: str
    text: str
    target: str = ""


class SapError(Exception):
    """An answer that refuses: HTTP status, one main message, more beside it. `html`: said by the web server itself."""

    def __init__(
        self,
        status: int,
        code: str,
        text: str,
        target: str = "",
        *,
        more: tuple[Detail, ...] = (),
        headers: dict[str, str] | None = None,
        html: bool = False,
    ) -> None:
        super().__init__(f"{code} {text}")
        self.status, self.main, self.more = status, Detail(code, text, target), more
        self.headers, self.html = headers or {}, html


def bad_payload(text: str, target: str = "") -> SapError:
    return SapError(400, PAYLOAD, text, target)


def not_found(text: str = "Resource not found", code: str = "/IWBEP/CM_MGW_RT/025") -> SapError:
    return SapError(404, code, text)


def body_of(error: SapError, *, version: int, as_json: bool, service: str, stamp: str) -> tuple[str, str]:
    """(body, content type). service: technical name, for the error's context; stamp: ISO instant."""
    if error.html:
        return html_page(error.status, error.main.text), "text/html; charset=utf-8"
    if version == 4:
        return json.dumps(_v4(error)), "application/json;odata.metadata=minimal;charset=utf-8"
    if not as_json:
        return _xml(error), "application/xml;charset=utf-8"
    return json.dumps(_v2(error, service, stamp)), "application/json;charset=utf-8"


def html_page(status: int, text: str) -> str:
    return (
        f"<html><head><title>{escape(text)}</title></head><body><h1>{status} {escape(text)}</h1>"
        "<p>The request could not be carried out by the application server.</p></body></html>"
    )


def _v2(error: SapError, service: str, stamp: str) -> dict[str, Any]:
    when = stamp.replace("-", "").replace(":", "").replace("T", "").rstrip("Z")
    context = {"component_id": "", "service_namespace": "/SAP/", "service_id": service, "service_version": "0001"}
    details = [
        {"code": one.code, "message": one.text, "propertyref": "", "severity": "error", "target": one.target}
        for one in (error.main, *error.more)
    ]
    inner = {
        "application": context,
        "transactionid": uuid.uuid4().hex.upper(),
        "timestamp": when + "0",
        "Error_Resolution": {"SAP_Transaction": "", "SAP_Note": ""},
        "errordetails": details,
    }
    message = {"lang": "en", "value": error.main.text}
    return {"error": {"code": error.main.code, "message": message, "innererror": inner}}


def _v4(error: SapError) -> dict[str, Any]:
    body: dict[str, Any] = {"code": error.main.code, "message": error.main.text}
    if error.main.target:
        body["target"] = error.main.target
    body["@SAP__common.numericSeverity"] = 4
    body["details"] = [
        {"code": one.code, "message": one.text, "target": one.target, "@SAP__common.numericSeverity": 4}
        for one in error.more
    ]
    return {"error": body}


def _xml(error: SapError) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">'
        f'<code>{escape(error.main.code)}</code><message xml:lang="en">{escape(error.main.text)}</message></error>'
    )
