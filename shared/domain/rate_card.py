"""Rate card: price per role, person or project, with effective dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.domain.identity import ExternalRef
from shared.domain.money import Money


@dataclass(frozen=True, slots=True)
class Rate:
    """One price. The more of person, project and role it names, the more specific it is; None matches any.

    valid_from/valid_to: half-open [from, to) in dates of work; valid_to None: until further notice.
    """

    rate_id: str
    rate_per_hour: Money
    valid_from: date
    valid_to: date | None = None
    role: str | None = None
    person: str | None = None
    """Resource id."""
    project: str | None = None
    """Project id."""

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class RateCard:
    """version: of the card as a whole, moves with every change; kept on each WIP item."""

    rate_card_id: str
    ref: ExternalRef
    name: str
    currency: str
    version: str
    rates: tuple[Rate, ...]
