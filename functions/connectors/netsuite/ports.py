"""What a NetSuite handler may ask for: the shared ports, the account and what it calls things."""

from __future__ import annotations

from typing import Protocol

from functions.connectors.netsuite.client import NetSuite
from functions.connectors.netsuite.currencies import Currencies
from functions.connectors.netsuite.settings import NetSuiteSettings
from shared.ports.ports import Ports


class NetSuitePorts(Ports, Protocol):
    @property
    def netsuite(self) -> NetSuite: ...
    @property
    def currencies(self) -> Currencies: ...
    @property
    def erp(self) -> NetSuiteSettings: ...
