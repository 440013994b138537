"""Invoice: claims WIP, is sealed, priced, approved, submitted, posted, paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shared.domain.exchange import FxUsed
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.money import Money
from shared.domain.tax import TaxDecision


class InvoiceStatus(StrEnum):
    DRAFT = "draft"
    SEALED = "sealed"
    PRICED = "priced"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    POSTED = "posted"
    PAID = "paid"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class InvoiceKind(StrEnum):
    """A credit memo is a document of the same life: it claims reversals, is sealed, priced, approved, submitted, posted.

    Its items' values are negative, its document's amounts positive.
    """

    INVOICE = "invoice"
    CREDIT_MEMO = "credit_memo"


class LineOrigin(StrEnum):
    """WORK: one WIP item. The others come from a clause of the contract, at pricing, from what the invoice claimed."""

    WORK = "work"
    DISCOUNT = "discount"
    MINIMUM = "minimum"
    COVERED = "covered"


EXPENSES = "expenses"
_PROJECT = "project:"
_CUSTOMER = "customer:"


def part_of(*, project: str | None = None, customer: str | None = None, words: str = "") -> str:
    """How a group's part is spelt: "", "project:<project id>", "customer:<terms that are shared>", "expenses",
    "project:<project id>+expenses", "customer:<terms>+expenses". A credit memo's ends with "credit:<invoice id>".
    """
    own = f"{_PROJECT}{project}" if project else f"{_CUSTOMER}{customer}" if customer else ""
    return "+".join(each for each in (own, words) if each)


@dataclass(frozen=True, slots=True)
class BillingGroup:
    """What goes on one invoice together. contract_id: by customer, the first of the contracts on it."""

    legal_entity_id: str
    customer_id: str
    contract_id: str
    billing_schedule: str
    currency: str
    purchase_order: str | None
    part: str = ""
    """What sets this invoice apart from others of the group: a project, "expenses", the invoice a credit memo is for;
    or what the contracts of a customer share that stand on it together."""

    @property
    def by_customer(self) -> bool:
        """Whether several contracts of the customer may stand on it."""
        return self.part.startswith(_CUSTOMER)

    @property
    def of_contract(self) -> BillingGroup:
        """The same for its contract alone."""
        own, _, words = self.part.partition("+")
        return replace(self, part=words if own.startswith(_CUSTOMER) else self.part)

    @property
    def project_id(self) -> str:
        """The project that the invoice is of: its own where invoices go by project, else the contract's first."""
        own = self.part.partition("+")[0]
        return own.removeprefix(_PROJECT) if own.startswith(_PROJECT) else derived_id("project", self.contract_id)


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One WIP item on an invoice; net = round(quantity / price_base_quantity * unit_price), parts as on the item.

    A line that is no WORK has no wip_id; `origin` and `clause` (of the contract's terms) say why it is there.
    """

    line_id: str
    wip_id: str
    contract_line_id: str
    project_id: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    price_base_quantity: Decimal
    net: Money
    tax: TaxDecision
    source_ref: ExternalRef | None = None
    origin: LineOrigin = LineOrigin.WORK
    clause: str = ""
    worked_on: date | None = None
    late: bool = False
    """Worked before the period that the invoice bills."""
    contract_id: str = ""
    """Where several contracts stand on the invoice; "": the document's."""


@dataclass(frozen=True, slots=True)
class TaxSubtotal:
    tax: TaxDecision
    taxable: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """net = sum of line nets; tax = sum of subtotals; gross = net + tax."""

    net: Money
    tax: Money
    gross: Money
    breakdown: tuple[TaxSubtotal, ...]


@dataclass(frozen=True, slots=True)
class BookTotals:
    """The totals in the currency of the legal entity's books; gross = net + tax. tax: BT-111 of the invoice."""

    net: Money
    tax: Money
    gross: Money
    fx: FxUsed


@dataclass(frozen=True, slots=True)
class ContractShare:
    """What of an invoice by customer belongs to one contract. net: its items, once sealed; by_clause: its lines that are
    no work, once priced; gross: of its lines, once priced; credited: gross of posted credit memos, of its lines.
    """

    contract_id: str
    net: Money | None = None
    by_clause: Money | None = None
    gross: Money | None = None
    credited: Money | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """The head. Its items are the WIP claimed by `invoice_id`; its lines stand in the document written when priced.

    period_end: bills what was worked on or before it. item_count and net are written when sealed.
    paid: of a credit memo, how much the ERP set against its invoice. document_key: where the priced document lies (immutable). erp_number, erp_ref, erp_gross: what the ERP answered.
    """

    invoice_id: str
    group: BillingGroup
    period_end: date
    sequence: int
    status: InvoiceStatus
    item_count: int = 0
    net: Money | None = None
    totals: InvoiceTotals | None = None
    issued_on: date | None = None
    due_on: date | None = None
    document_key: str | None = None
    erp_ref: ExternalRef | None = None
    erp_number: str | None = None
    erp_gross: Money | None = None
    paid: Money | None = None
    last_approval_at: datetime | None = None
    posted_at: datetime | None = None
    erp_sequence: int = 0
    """The ERP's version that `paid` was read from; an older one changes nothing."""
    rejected_by: str | None = None
    approver: str | None = None
    approved_at: datetime | None = None
    kind: InvoiceKind = InvoiceKind.INVOICE
    credits: str | None = None
    """The invoice that a credit memo is against."""
    submitter: str | None = None
    """Who asked for it, where a person did: that person may not approve it."""
    reason: str | None = None
    began_at: datetime | None = None
    """When the run that sealed it read the contract: amendments recorded later are not for this invoice."""
    by_clause: Money | None = None
    """Sum of the lines that are no WORK, written when priced: net = the items' sum + by_clause. Of a credit memo with the
    sign of its items: a discount that it takes back makes it smaller, and counts above zero."""
    credited: Money | None = None
    """Gross of the posted credit memos against it."""
    credit_applied: Money | None = None
    """How much of that the ERP set against it; the ERP's `paid` counts this, too."""
    credit_memos: tuple[str, ...] = ()
    """Those posted memos, each counted once."""
    shares: tuple[ContractShare, ...] = ()
    """Of an invoice by customer, by contract, in the order of their ids; of a draft the contracts it was opened for."""
    policies_version: str | None = None
    """Of the policies it was priced by: what they decided is written then, and a later version changes nothing of it."""

    @property
    def contract_ids(self) -> tuple[str, ...]:
        """The contracts whose work it bills."""
        return tuple(share.contract_id for share in self.shares) or (self.group.contract_id,)

    @property
    def project_ids(self) -> tuple[str, ...]:
        """The project it is of; by customer, that of each of its contracts."""
        others = (each for each in self.contract_ids if each != self.group.contract_id)
        return (self.group.project_id, *(derived_id("project", each) for each in others))

    @property
    def drawn(self) -> Money | None:
        """What it takes from its purchase order; None while it is a draft and once it has ended without being posted."""
        return self._drawn(self.net, self.by_clause)

    def drawn_of(self, contract_id: str) -> Money | None:
        """What it takes from the purchase order of this contract, as `drawn`; None for a contract that is not on it."""
        if not self.shares:
            return self.drawn if contract_id == self.group.contract_id else None
        mine = (share for share in self.shares if share.contract_id == contract_id)
        return next((self._drawn(share.net, share.by_clause) for share in mine), None)

    def _drawn(self, net: Money | None, by_clause: Money | None) -> Money | None:
        if net is None or self.status in (InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED):
            return None
        return net + by_clause if by_clause else net


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """All an ERP needs to write the invoice, and all explain needs; immutable, stored once under `document_key`."""

    invoice_id: str
    legal_entity_id: str
    customer_id: str
    contract_id: str
    contract_reference: str
    project_id: str
    purchase_order: str | None
    currency: str
    issued_on: date
    due_on: date
    period_end: date
    lines: tuple[InvoiceLine, ...]
    totals: InvoiceTotals
    kind: InvoiceKind = InvoiceKind.INVOICE
    credits: str | None = None
    reason: str | None = None
    book: BookTotals | None = None
    """None where the invoice is in the currency of the books, or finance has no rule to convert it."""
    contract_ids: tuple[str, ...] = ()
    """Of an invoice by customer; `contract_reference` then names each contract's."""

    def lines_of(self, contract_id: str | None) -> tuple[InvoiceLine, ...]:
        """Of one contract; None: all."""
        if contract_id is None:
            return self.lines
        return tuple(line for line in self.lines if (line.contract_id or self.contract_id) == contract_id)
