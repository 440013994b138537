"""What finance decides and may change: versioned configuration, validated before use (shared/adapters/policies)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.domain.exception import OwnerGroup, Severity
from shared.domain.exchange import FxRule, FxUse
from shared.domain.parties import LegalEntity
from shared.domain.tax import TaxCategory


@dataclass(frozen=True, slots=True)
class TaxRule:
    """One row of the tax table, first match wins, top down.

    seller_country; buyer: "domestic", "eu_business" (in the EU with a tax number), "eu_consumer" or "rest_of_world".
    Half-open validity [valid_from, valid_to) in invoice dates. rate in percent.
    service: fits only this kind of service; None fits every one. buyer_country: fits only buyers there; None: any.
    code: of the VATEX list, told beside the reason.
    """

    rule: str
    seller_country: str
    buyer: str
    category: TaxCategory
    rate: Decimal
    valid_from: date
    valid_to: date | None = None
    reason: str | None = None
    service: str | None = None
    buyer_country: str | None = None
    code: str | None = None


class TaxSource(StrEnum):
    TABLE = "table"
    SERVICE = "service"


class Buyers(StrEnum):
    """MIXED: who has no tax number is a consumer. BUSINESS: every customer is a business, so a missing number is asked
    for."""

    MIXED = "mixed"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class TaxPolicy:
    """How one legal entity's tax is decided; one without a row: by the table, mixed buyers.

    url: of the tax service, only with SERVICE.
    """

    legal_entity_id: str
    decided_by: TaxSource = TaxSource.TABLE
    buyers: Buyers = Buyers.MIXED
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ExceptionPolicy:
    """Who owns a type of exception, how long they have, what they may do. also: groups that may act beside the owner."""

    type: str
    owner: OwnerGroup
    hours: int
    actions: tuple[str, ...]
    words: str
    severity: Severity = Severity.NORMAL
    also: tuple[OwnerGroup, ...] = ()


class ApprovalDocument(StrEnum):
    INVOICE = "invoice"
    CREDIT_MEMO = "credit_memo"
    WRITE_OFF = "write_off"


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Above `over` another person approves. First match wins, top down; what a rule does not name fits all.

    over: gross of an invoice or credit memo, value of a write-off. contract_kind: a kind of line (LineKind) that the
    contract has. customer: its canonical id or its id in the CRM.
    """

    document: ApprovalDocument
    currency: str
    over: Decimal
    legal_entity: str | None = None
    customer: str | None = None
    contract_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """identity_scope: see canonical_id. approval_over: gross above which a person approves, per currency, where no rule
    of `approvals` fits. write_off_reasons: what a write-off may be for. services: identities that are no person.
    """

    version: str
    identity_scope: str
    legal_entities: tuple[LegalEntity, ...]
    tax_rules: tuple[TaxRule, ...]
    approval_over: dict[str, Decimal]
    exceptions: tuple[ExceptionPolicy, ...]
    fx_rules: tuple[FxRule, ...] = ()
    tax_policies: tuple[TaxPolicy, ...] = ()
    approvals: tuple[ApprovalRule, ...] = ()
    write_off_reasons: tuple[str, ...] = ()
    services: tuple[str, ...] = ("billweave", "cli")
    late_work_days: int | None = None
    """Work older than this before the billed period needs a yes; None: it is billed with the next invoice."""
    members: dict[OwnerGroup, tuple[str, ...]] = field(default_factory=dict)
    """Who is in a group; a group without members is everybody whom AWS lets call the operation."""

    def legal_entity(self, legal_entity_id: str) -> LegalEntity | None:
        return next((le for le in self.legal_entities if le.legal_entity_id == legal_entity_id), None)

    def fx_rule(self, use: FxUse) -> FxRule | None:
        return next((rule for rule in self.fx_rules if rule.use is use), None)

    def tax_policy(self, legal_entity_id: str) -> TaxPolicy:
        found = (policy for policy in self.tax_policies if policy.legal_entity_id == legal_entity_id)
        return next(found, TaxPolicy(legal_entity_id))
