"""The tenant behind the connection secret, as ports. HTTP is imported by the first call."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from functions.connectors.business_central.client import BusinessCentral
from functions.connectors.business_central.faults import fault_of
from functions.connectors.business_central.settings import SYSTEM, BusinessCentralSettings
from functions.connectors.business_central.subscriber import Subscriber, subscriber_of
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    import httpx

    from shared.adapters.connection import Connection
    from shared.ports.flow import Slots

HEADERS = {"Accept": "application/json", "Accept-Language": "en-US"}
"""Refusals are worded in this language; without it in whatever the tenant speaks."""


class AwsBusinessCentralPorts(AwsPorts):
    @cached_property
    def erp(self) -> BusinessCentralSettings:
        return BusinessCentralSettings.model_validate(self.settings.own)

    @cached_property
    def _connection(self) -> Connection:
        from shared.adapters.connection import read_connection

        return read_connection(self.clients.secretsmanager, self.settings.need("connection"))

    @cached_property
    def subscriber(self) -> Subscriber:
        return subscriber_of(self._connection.credentials)

    @cached_property
    def tenant(self) -> BusinessCentral:
        return open_tenant(self._connection, self.slots, self.erp)


def open_tenant(
    connection: Connection,
    slots: Slots,
    settings: BusinessCentralSettings,
    transport: httpx.BaseTransport | None = None,
) -> BusinessCentral:
    """A client that signs on by itself. transport: tests bring their own."""
    from functions.connectors.business_central.auth import Credentials, token_form
    from shared.adapters.vendor_http import VendorHttp
    from shared.adapters.vendor_token import Grant, GrantedTokens

    credentials = Credentials.model_validate(connection.credentials)
    sign_on = VendorHttp(SYSTEM, credentials.token_address, fault_of, transport=transport)

    def ask() -> Grant:
        granted = sign_on.post(credentials.token_address, form=token_form(credentials), reads=True).json()
        return Grant(str(granted["access_token"]), float(granted.get("expires_in") or 3600))

    http = VendorHttp(
        SYSTEM, connection.base_url, fault_of, tokens=GrantedTokens(ask), headers=HEADERS, transport=transport
    )
    return BusinessCentral(http, slots, account=settings.account, root=credentials.root)
