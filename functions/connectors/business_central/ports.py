"""What a Business Central handler may ask for: the shared ports, the tenant and what it calls things."""

from __future__ import annotations

from typing import Protocol

from functions.connectors.business_central.client import BusinessCentral
from functions.connectors.business_central.settings import BusinessCentralSettings
from functions.connectors.business_central.subscriber import Subscriber
from shared.ports.ports import Ports


class BusinessCentralPorts(Ports, Protocol):
    @property
    def tenant(self) -> BusinessCentral: ...
    @property
    def erp(self) -> BusinessCentralSettings: ...
    @property
    def subscriber(self) -> Subscriber: ...
