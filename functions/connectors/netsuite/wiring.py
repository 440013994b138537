"""The NetSuite account behind the connection secret, as ports. HTTP and signing are imported by the first call."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from functions.connectors.netsuite.client import NetSuite
from functions.connectors.netsuite.currencies import Currencies
from functions.connectors.netsuite.faults import fault_of
from functions.connectors.netsuite.settings import SYSTEM, NetSuiteSettings
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    import httpx

    from shared.adapters.connection import Connection
    from shared.ports.flow import Clock, Slots


class AwsNetSuitePorts(AwsPorts):
    @cached_property
    def erp(self) -> NetSuiteSettings:
        return NetSuiteSettings.model_validate(self.settings.own)

    @cached_property
    def netsuite(self) -> NetSuite:
        from shared.adapters.connection import read_connection

        connection = read_connection(self.clients.secretsmanager, self.settings.need("connection"))
        return open_account(connection, self.slots, self.clock, self.erp)

    @cached_property
    def currencies(self) -> Currencies:
        return Currencies(self.netsuite)


def open_account(
    connection: Connection,
    slots: Slots,
    clock: Clock,
    settings: NetSuiteSettings,
    transport: httpx.BaseTransport | None = None,
) -> NetSuite:
    """A client that signs on by itself. transport: tests bring their own."""
    from functions.connectors.netsuite.auth import TOKEN_PATH, Credentials, token_form
    from shared.adapters.vendor_http import VendorHttp
    from shared.adapters.vendor_token import Grant, GrantedTokens

    credentials = Credentials.model_validate(connection.credentials)
    audience = credentials.token_url or f"{connection.base_url}{TOKEN_PATH}"
    sign_on = VendorHttp(SYSTEM, connection.base_url, fault_of, transport=transport)
    lifetime = timedelta(minutes=settings.token_minutes)

    def ask() -> Grant:
        form = token_form(credentials, audience, clock.now, lifetime)
        granted = sign_on.post(audience, form=form, reads=True).json()
        return Grant(str(granted["access_token"]), float(granted.get("expires_in") or 3600))

    http = VendorHttp(SYSTEM, connection.base_url, fault_of, tokens=GrantedTokens(ask), transport=transport)
    return NetSuite(http, slots, account=settings.account)
