"""SOAP `login` with user name and password + security token, which older client libraries use.

Source: SOAP API Developer Guide, login(); vendors/salesforce.md, section 3.
"""

from __future__ import annotations

from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.salesforce_platform.http import instance_url
from sandbox.salesforce_platform.identity import Identity
from sandbox.salesforce_platform.oauth import OAuth, Refused
from sandbox.salesforce_platform.org import Org
from sandbox.salesforce_platform.sessions import Sessions
from sandbox.salesforce_platform.soap import ENVELOPE

_PARTNER = "urn:partner.soap.sforce.com"
_INVALID = "INVALID_LOGIN: Invalid username, password, security token; or user locked out."


class SoapLogin:
    def __init__(self, org: Org, identity: Identity, oauth: OAuth, sessions: Sessions, base_url: str) -> None:
        self._org, self._identity, self._oauth = org, identity, oauth
        self._sessions, self._base_url = sessions, base_url

    def routes(self) -> list[Route]:
        return [Route("/services/Soap/{kind}/{rest:path}", self.login, methods=["POST"])]

    async def login(self, request: Request) -> Response:
        try:
            call = fromstring(await request.body(), forbid_dtd=True).find(f".//{{{_PARTNER}}}login")
        except (ParseError, DefusedXmlException, ValueError):
            call = None
        if call is None:
            return _fault("UNKNOWN_EXCEPTION", "UNKNOWN_EXCEPTION: only login is offered here")
        username = call.findtext(f"{{{_PARTNER}}}username", "")
        try:
            self._oauth.check_password(username, call.findtext(f"{{{_PARTNER}}}password", ""))
        except Refused:
            return _fault("INVALID_LOGIN", _INVALID)
        user = self._oauth.user(username)
        if user is None or not user["IsActive"]:
            return _fault("INVALID_LOGIN", _INVALID)
        session = self._sessions.begin(user["Id"], "")
        version = request.path_params["rest"].split("/")[0]
        instance = instance_url(request, self._base_url, self._identity.my_domain)
        server = f"{instance}/services/Soap/u/{version}/{self._identity.org_id[:15]}"
        return _xml(
            f'<loginResponse xmlns="{_PARTNER}"><result><passwordExpired>false</passwordExpired><sandbox>false</sandbox>'
            f"<serverUrl>{escape(server)}</serverUrl><sessionId>{session.token}</sessionId><userId>{user['Id']}</userId>"
            f"<userInfo><organizationId>{self._identity.org_id}</organizationId><sessionSecondsValid>"
            f"{int(self._org.settings.session_ttl_s)}</sessionSecondsValid><userName>{escape(username)}</userName>"
            "</userInfo></result></loginResponse>",
            200,
        )


def _fault(code: str, message: str) -> Response:
    detail = (
        '<sf:LoginFault xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="sf:LoginFault">'
        f"<sf:exceptionCode>{code}</sf:exceptionCode><sf:exceptionMessage>{message.partition(': ')[2]}"
        "</sf:exceptionMessage></sf:LoginFault>"
    )
    return _xml(
        f'<soapenv:Fault xmlns:sf="urn:fault.partner.soap.sforce.com"><faultcode>sf:{code}</faultcode>'
        f"<faultstring>{message}</faultstring><detail>{detail}</detail></soapenv:Fault>",
        500,
    )


def _xml(body: str, status: int) -> Response:
    text = f'<soapenv:Envelope xmlns:soapenv="{ENVELOPE}"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>'
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{text}', status, media_type="text/xml")
