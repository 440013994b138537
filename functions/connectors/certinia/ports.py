"""What a Certinia handler may ask for: the shared ports, the org and what it calls things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from functions.connectors.certinia.settings import CertiniaSettings
from shared.ports.ports import Ports

if TYPE_CHECKING:
    from functions.platforms.salesforce.client import Org


class CertiniaPorts(Ports, Protocol):
    @property
    def org(self) -> Org: ...
    @property
    def psa(self) -> CertiniaSettings: ...
