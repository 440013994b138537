"""What a Kantata handler may ask for: the shared ports, the account and what it calls things."""

from __future__ import annotations

from typing import Protocol

from functions.connectors.kantata.client import Kantata
from functions.connectors.kantata.settings import KantataSettings
from shared.ports.ports import Ports


class KantataPorts(Ports, Protocol):
    @property
    def kantata(self) -> Kantata: ...
    @property
    def psa(self) -> KantataSettings: ...
