"""What every rule of the application works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.sap_s4hana.book import Book
from sandbox.sap_s4hana.clock import Clock
from sandbox.sap_s4hana.errors import Detail
from sandbox.sap_s4hana.schema import Entity
from sandbox.sap_s4hana.settings import Settings


@dataclass
class Work:
    """`user`: who is at work now. `warnings`: what the answer to a successful write should mention."""

    book: Book
    clock: Clock
    settings: Settings
    entities: Mapping[str, Entity]
    user: str = ""
    warnings: list[Detail] = field(default_factory=list)

    def entity(self, table: str) -> Entity:
        return self.entities[table]
