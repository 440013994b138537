"""The S/4HANA tenant behind the connection secret, as ports. HTTP is imported by the first call."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from functions.connectors.sap_s4hana.client import PARTNERS, SapS4
from functions.connectors.sap_s4hana.faults import fault_of
from functions.connectors.sap_s4hana.settings import SYSTEM, SapS4HanaSettings
from shared.faults import BusinessException, Transient
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    import httpx

    from shared.adapters.connection import Connection
    from shared.ports.flow import Slots


@dataclass(frozen=True, slots=True)
class Edge:
    """What the webhook knows its caller by: the end of its own address, and the user it was told to show."""

    secret: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)


class AwsSapPorts(AwsPorts):
    @cached_property
    def erp(self) -> SapS4HanaSettings:
        return SapS4HanaSettings.model_validate(self.settings.own)

    @cached_property
    def _connection(self) -> Connection:
        from shared.adapters.connection import read_connection

        return read_connection(self.clients.secretsmanager, self.settings.need("connection"))

    @cached_property
    def sap(self) -> SapS4:
        return open_account(self._connection, self.slots, self.erp)

    @cached_property
    def edge(self) -> Edge:
        return edge_of(self._connection)


def edge_of(connection: Connection) -> Edge:
    """Raises BusinessException("connection_unusable")."""
    told = [str(connection.credentials.get(f"webhook_{name}") or "") for name in ("secret", "username", "password")]
    if not all(told):
        raise BusinessException("connection_unusable", missing="webhook_secret, webhook_username or webhook_password")
    return Edge(*told)


def open_account(
    connection: Connection, slots: Slots, settings: SapS4HanaSettings, transport: httpx.BaseTransport | None = None
) -> SapS4:
    """A client that signs on as the communication user and fetches its session's token by itself. One HTTP client is one
    session: its cookies belong to the token. transport: tests bring their own."""
    from functions.connectors.sap_s4hana.auth import Credentials, basic
    from shared.adapters.vendor_http import VendorHttp
    from shared.adapters.vendor_token import Grant, GrantedTokens

    credentials = Credentials.model_validate(connection.credentials)
    http = VendorHttp(
        SYSTEM, connection.base_url, fault_of, headers={"Authorization": basic(credentials)}, transport=transport
    )

    def ask() -> Grant:
        answer = http.call("HEAD", f"{PARTNERS}/", headers={"X-CSRF-Token": "Fetch"})
        token = answer.headers.get("x-csrf-token", "")
        if not token:
            raise Transient("erp_session_ended", cause="no_token_given")
        return Grant(token)

    return SapS4(http, GrantedTokens(ask), slots, account=settings.account)
