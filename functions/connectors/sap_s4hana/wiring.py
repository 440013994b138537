"""The S/4HANA tenant behind the connection secret, as ports. HTTP is imported by the first call."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from functions.connectors.sap_s4hana.client import PARTNERS, SapS4
from functions.connectors.sap_s4hana.faults import SESSION_ENDED, fault_of
from functions.connectors.sap_s4hana.settings import SYSTEM, SapS4HanaSettings
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    import httpx

    from shared.adapters.connection import Connection
    from shared.ports.flow import Slots


class AwsSapPorts(AwsPorts):
    @cached_property
    def erp(self) -> SapS4HanaSettings:
        return SapS4HanaSettings.model_validate(self.settings.own)

    @cached_property
    def sap(self) -> SapS4:
        from shared.adapters.connection import read_connection

        connection = read_connection(self.clients.secretsmanager, self.settings.need("connection"))
        return open_account(connection, self.slots, self.erp)


def open_account(
    connection: Connection, slots: Slots, settings: SapS4HanaSettings, transport: httpx.BaseTransport | None = None
) -> SapS4:
    """A client that signs on as the communication user and fetches its session's token by itself. One HTTP client is one
    session: its cookies belong to the token. transport: tests bring their own."""
    from functions.connectors.sap_s4hana.auth import Credentials, basic
    from shared.adapters.vendor_http import VendorHttp
    from shared.adapters.vendor_token import Grant, GrantedTokens
    from shared.faults import Transient

    credentials = Credentials.model_validate(connection.credentials)
    http = VendorHttp(
        SYSTEM, connection.base_url, fault_of, headers={"Authorization": basic(credentials)}, transport=transport
    )

    def ask() -> Grant:
        answer = http.call("HEAD", f"{PARTNERS}/", headers={"X-CSRF-Token": "Fetch"})
        token = answer.headers.get("x-csrf-token", "")
        if not token:
            raise Transient(SESSION_ENDED, cause="no_token_given")
        return Grant(token)

    return SapS4(http, GrantedTokens(ask), slots, account=settings.account)
