"""What finance decides and may change: versioned configuration, validated before use (shared/adapters/policies)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.domain.exception import OwnerGroup
from shared.domain.parties import LegalEntity
from shared.domain.tax import TaxCategory


@dataclass(frozen=True, slots=True)
class TaxRule:
    """One row of the tax table, first match wins, top down.

    seller_country; buyer: "domestic", "eu_business" (in the EU with a tax number), "eu_consumer" or "rest_of_world".
    Half-open validity [valid_from, valid_to) in invoice dates. rate in percent.
    """

    rule: str
    seller_country: str
    buyer: str
    category: TaxCategory
    rate: Decimal
    valid_from: date
    valid_to: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ExceptionPolicy:
    """Who owns a type of exception, how long they have, what they may do."""

    type: str
    owner: OwnerGroup
    hours: int
    actions: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Policies:
    """identity_scope: see canonical_id. approval_over: gross above which a person approves, per currency."""

    version: str
    identity_scope: str
    legal_entities: tuple[LegalEntity, ...]
    tax_rules: tuple[TaxRule, ...]
    approval_over: dict[str, Decimal]
    exceptions: tuple[ExceptionPolicy, ...]
    late_work_days: int | None = None
    """Work older than this before the billed period needs a yes; None: it is billed with the next invoice."""

    def legal_entity(self, legal_entity_id: str) -> LegalEntity | None:
        return next((le for le in self.legal_entities if le.legal_entity_id == legal_entity_id), None)
