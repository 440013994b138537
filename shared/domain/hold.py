"""Billing hold of ours: nothing of a project, a contract or a customer is invoiced while it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HoldLevel(StrEnum):
    PROJECT = "project"
    CONTRACT = "contract"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Hold:
    """One per level and subject, placed and released any number of times. version: counts both; the newest word counts.

    reason, by, at: of the last word, whether it placed or released it.
    """

    level: HoldLevel
    subject_id: str
    legal_entity_id: str
    held: bool
    reason: str
    by: str
    at: datetime
    version: int

    @property
    def words(self) -> str:
        return f"{self.level.value} hold by {self.by}: {self.reason}"
