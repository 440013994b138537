"""What a Salesforce handler may ask for: the shared ports, the org's client, its names and how its callers are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from functions.connectors.salesforce.settings import SYSTEM, SalesforceSettings
from functions.platforms.salesforce.sign_in import sign_in
from shared.faults import BusinessException
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    import httpx

    from functions.platforms.salesforce.client import Org
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
    def client(self) -> Org:
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
) -> Org:
    """transport: tests bring their own."""
    from functions.connectors.salesforce.faults import fault_of

    return sign_in(SYSTEM, connection, fault_of, slots, clock, settings, transport)
