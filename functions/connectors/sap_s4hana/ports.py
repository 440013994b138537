"""What a handler of this connector may ask for: the shared ports, the tenant and what it calls things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from functions.connectors.sap_s4hana.client import SapS4
from functions.connectors.sap_s4hana.settings import SapS4HanaSettings
from shared.ports.ports import Ports

if TYPE_CHECKING:
    from functions.connectors.sap_s4hana.wiring import Edge


class SapPorts(Ports, Protocol):
    @property
    def sap(self) -> SapS4: ...
    @property
    def erp(self) -> SapS4HanaSettings: ...
    @property
    def edge(self) -> Edge: ...
