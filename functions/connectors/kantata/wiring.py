"""The Kantata account behind the connection secret, as ports. HTTP is imported by the first call."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, SecretStr

from functions.connectors.kantata.client import Kantata
from functions.connectors.kantata.faults import fault_of
from functions.connectors.kantata.settings import SYSTEM, KantataSettings
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    import httpx

    from shared.adapters.connection import Connection
    from shared.ports.flow import Slots


class Credentials(BaseModel):
    """The `credentials` of the connection secret: a token of the integration user. It never expires by itself."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    token: SecretStr


class AwsKantataPorts(AwsPorts):
    @cached_property
    def psa(self) -> KantataSettings:
        return KantataSettings.model_validate(self.settings.own)

    @cached_property
    def kantata(self) -> Kantata:
        from shared.adapters.connection import read_connection

        connection = read_connection(self.clients.secretsmanager, self.settings.need("connection"))
        return open_account(connection, self.slots, self.psa)


def open_account(
    connection: Connection, slots: Slots, settings: KantataSettings, transport: httpx.BaseTransport | None = None
) -> Kantata:
    """base_url: with or without the API's path. transport: tests bring their own."""
    from shared.adapters.vendor_http import VendorHttp
    from shared.adapters.vendor_token import FixedToken

    token = Credentials.model_validate(connection.credentials).token.get_secret_value()
    origin = connection.base_url.removesuffix("/api/v1")
    http = VendorHttp(SYSTEM, origin, fault_of, tokens=FixedToken(token), transport=transport)
    return Kantata(http, slots, account=settings.account, page_size=settings.page_size)
