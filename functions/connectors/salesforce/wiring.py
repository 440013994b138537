"""What a Salesforce handler may ask for: the shared ports, the org's client, its names and how its callers are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from functions.connectors.salesforce.settings import SYSTEM, SalesforceSettings
from shared.faults import BusinessException
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    import httpx

    from functions.connectors.salesforce.client import Salesforce
    from shared.adapters.connection import Connection
    from shared.ports.flow import Clock, Slots


@dataclass(frozen=True, slots=True)
class Edge:
    """What the webhook checks a caller by."""

    organization_id: str
    webhook_secret: str = field(repr=False)


class SalesforcePorts(AwsPorts):
    @cached_property
    def own(self) -> SalesforceSettings:
        return SalesforceSettings.model_validate(self.settings.own)

    @cached_property
    def scope(self) -> str:
        return self.policies.current().identity_scope

    @cached_property
    def _connection(self) -> Connection:
        from shared.adapters.connection import read_connection

        return read_connection(self.clients.secretsmanager, self.settings.need("connection"))

    @cached_property
    def edge(self) -> Edge:
        return edge_of(self._connection)

    @cached_property
    def client(self) -> Salesforce:
        return open_org(self._connection, self.slots, self.clock, self.own)


def edge_of(connection: Connection) -> Edge:
    """Raises BusinessException("connection_unusable")."""
    told = connection.credentials
    if not told.get("org_id") or not told.get("webhook_secret"):
        raise BusinessException("connection_unusable", missing="org_id or webhook_secret")
    return Edge(str(told["org_id"]), str(told["webhook_secret"]))


def open_org(
    connection: Connection,
    slots: Slots,
    clock: Clock,
    settings: SalesforceSettings,
    transport: httpx.BaseTransport | None = None,
) -> Salesforce:
    """A client that signs on by itself. transport: tests bring their own.

    Salesforce tells no lifetime of a token: ours is a guess by setting, and a refused token is renewed at once.
    """
    from functions.connectors.salesforce.auth import TOKEN_PATH, Credentials, token_form
    from functions.connectors.salesforce.client import Salesforce
    from functions.connectors.salesforce.faults import fault_of
    from shared.adapters.vendor_http import VendorHttp
    from shared.adapters.vendor_token import Grant, GrantedTokens

    credentials = Credentials.model_validate(connection.credentials)
    login = VendorHttp(SYSTEM, credentials.login_url, fault_of, transport=transport)

    def ask() -> Grant:
        answer = login.post(TOKEN_PATH, form=token_form(credentials, clock.now()), reads=True).json()
        return Grant(str(answer["access_token"]), settings.token_minutes * 60.0)

    http = VendorHttp(SYSTEM, connection.base_url, fault_of, tokens=GrantedTokens(ask), transport=transport)
    return Salesforce(
        http, slots, account=settings.account, api_version=settings.api_version, page_size=settings.page_size
    )
