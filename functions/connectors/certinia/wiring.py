"""The Certinia org behind the connection secret, as ports. HTTP is imported by the first call."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from functions.connectors.certinia.settings import SYSTEM, CertiniaSettings
from functions.platforms.salesforce.sign_in import sign_in
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    import httpx

    from functions.platforms.salesforce.client import Org
    from shared.adapters.connection import Connection
    from shared.ports.flow import Clock, Slots


class AwsCertiniaPorts(AwsPorts):
    @cached_property
    def psa(self) -> CertiniaSettings:
        return CertiniaSettings.model_validate(self.settings.own)

    @cached_property
    def org(self) -> Org:
        from shared.adapters.connection import read_connection

        connection = read_connection(self.clients.secretsmanager, self.settings.need("connection"))
        return open_org(connection, self.slots, self.clock, self.psa)


def open_org(
    connection: Connection,
    slots: Slots,
    clock: Clock,
    settings: CertiniaSettings,
    transport: httpx.BaseTransport | None = None,
) -> Org:
    """transport: tests bring their own."""
    from functions.connectors.certinia.faults import fault_of

    return sign_in(SYSTEM, connection, fault_of, slots, clock, settings, transport)
