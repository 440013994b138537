"""The firm's books in memory: what the table would hold, changed by the use-cases alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from shared.domain.contract import Contract
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import BillingGroup, Invoice, InvoiceDocument, InvoiceStatus
from shared.domain.money import Money
from shared.domain.project import Project
from shared.domain.rate_card import RateCard
from shared.domain.source import Applied, SourceRecord
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.apply_source import apply_source
from shared.usecases.due_instalments import due_instalments
from shared.usecases.group_wip import group_wip
from shared.usecases.invoice_life import ENDED, advance
from shared.usecases.price_invoice import price_invoice
from shared.usecases.value_time import value_time
from tests.build import a_card, a_contract, a_customer, a_project, a_rate, the_policies
from tests.property.strategies import CURRENCIES

PERIOD_END = date(2026, 10, 31)
ISSUED_ON = date(2026, 11, 2)
RATES = {"JPY": "15001", "EUR": "142.50", "KWD": "45.125"}


@dataclass(frozen=True)
class Version:
    """What the PSA says about one entry at one time. minutes None: withdrawn. job: index of the project it is on."""

    sequence: int
    minutes: int | None
    job: int = 0
    day: int = 5


def contract_of(job: int) -> Contract:
    """One contract per currency; only the one in EUR has a fixed fee beside its time."""
    plain = a_contract(contract_id=f"con-{job}", currency=CURRENCIES[job])
    return plain if plain.currency == "EUR" else replace(plain, lines=plain.lines[:1])


def card_of(job: int) -> RateCard:
    currency = CURRENCIES[job]
    return a_card(a_rate(rate_per_hour=Money(Decimal(RATES[currency]), currency)), currency=currency)


@dataclass
class Books:
    contracts: list[Contract] = field(default_factory=lambda: [contract_of(job) for job in range(len(CURRENCIES))])
    projects: list[Project] = field(default_factory=list)
    sources: dict[str, SourceRecord] = field(default_factory=dict)
    items: dict[str, WipItem] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    documents: dict[str, InvoiceDocument] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.projects = [
            a_project(project_id=f"prj-{job}", contract_id=contract.contract_id)
            for job, contract in enumerate(self.contracts)
        ]

    def deliver(self, entry_id: str, version: Version) -> Applied:
        """Every version goes through the use-case; what comes back unchanged is not written."""
        known = self.sources.get(entry_id)
        current = self.items[known.wip_id] if known and known.wip_id else None
        source, items = apply_source(
            known,
            current,
            self.wanted(entry_id, version),
            source_id=entry_id,
            ref=ExternalRef("kantata", "time_entry", entry_id),
            sequence=version.sequence,
            contract=self.contracts[version.job],
            project_id=self.projects[version.job].project_id,
        )
        self.write(source, items)
        if source is not known:
            return Applied.NEW
        return Applied.DUPLICATE if version.sequence == source.sequence else Applied.STALE

    def wanted(self, entry_id: str, version: Version) -> WipItem | None:
        if version.minutes is None:
            return None
        return value_time(
            contract=self.contracts[version.job],
            project=self.projects[version.job],
            card=card_of(version.job),
            entry_id=entry_id,
            entry_ref=ExternalRef("kantata", "time_entry", entry_id),
            sequence=version.sequence,
            person="Ada Moore",
            person_id="u-1",
            role="Senior",
            task=None,
            worked_on=date(2026, 10, version.day),
            minutes=version.minutes,
            approved_at=None,
            approver="Grace Hopper",
        )

    def write(self, source: SourceRecord, items: Iterable[WipItem]) -> None:
        self.sources[source.source_id] = source
        for item in items:
            assert item.wip_id not in self.items, "an item is written once"
            self.items[item.wip_id] = item

    def record_instalments(self, job: int) -> None:
        contract, project = self.contracts[job], self.projects[job]
        for item in due_instalments(contract, [project], through=PERIOD_END):
            if item.source_id in self.sources:
                continue
            source, items = apply_source(
                None,
                None,
                item,
                source_id=item.source_id,
                ref=contract.ref,
                sequence=item.source_sequence,
                contract=contract,
                project_id=project.project_id,
            )
            self.write(source, items)

    def draft(self, job: int, claim_at_most: int | None = None) -> list[str]:
        """A billing run over one contract; claim_at_most: it dies after so many claims of each group."""
        self.record_instalments(job)
        contract = self.contracts[job]
        open_items = [item for item in self.items.values() if item.contract_id == contract.contract_id]
        grouped = group_wip(open_items, contract, self.projects, through=PERIOD_END)
        drafted = []
        for group, items in grouped.groups.items():
            invoice_id = self.open_draft(group)
            for item in items[:claim_at_most]:
                self.claim(item.wip_id, invoice_id)
            drafted.append(invoice_id)
        return drafted

    def open_draft(self, group: BillingGroup) -> str:
        """The unsealed one of this group, else the next sequence."""
        mine = [invoice for invoice in self.invoices.values() if invoice.group == group]
        for invoice in mine:
            if invoice.status is InvoiceStatus.DRAFT:
                return invoice.invoice_id
        sequence = len(mine) + 1
        invoice_id = derived_id("invoice", group.contract_id, group.currency, str(sequence))
        self.invoices[invoice_id] = Invoice(invoice_id, group, PERIOD_END, sequence, InvoiceStatus.DRAFT)
        return invoice_id

    def claim(self, wip_id: str, invoice_id: str) -> None:
        """Conditional, as the table does it: open, or claimed by this invoice already."""
        item = self.items[wip_id]
        assert item.claimed_by in (None, invoice_id)
        self.items[wip_id] = replace(item, claimed_by=invoice_id)

    def claimed(self, invoice_id: str) -> list[WipItem]:
        return [item for item in self.items.values() if item.claimed_by == invoice_id]

    def seal(self, invoice_id: str) -> None:
        items = self.claimed(invoice_id)
        invoice = self.invoices[invoice_id]
        net = sum((item.value for item in items), Money.zero(invoice.group.currency))
        sealed = advance(invoice, InvoiceStatus.SEALED)
        self.invoices[invoice_id] = replace(sealed, item_count=len(items), net=net)

    def price(self, invoice_id: str) -> str | None:
        """The code of the refusal if what was claimed makes no invoice; then it is rejected and its work open again."""
        invoice = self.invoices[invoice_id]
        try:
            priced, document = price_invoice(
                invoice,
                self.claimed(invoice_id),
                contract=next(each for each in self.contracts if each.contract_id == invoice.group.contract_id),
                customer=a_customer(),
                policies=the_policies(),
                issued_on=ISSUED_ON,
            )
        except BusinessException as refusal:
            self.end(invoice_id, InvoiceStatus.REJECTED)
            return refusal.code
        self.invoices[invoice_id], self.documents[invoice_id] = priced, document
        return None

    def move(self, invoice_id: str, to: InvoiceStatus) -> None:
        self.invoices[invoice_id] = advance(self.invoices[invoice_id], to)

    def end(self, invoice_id: str, to: InvoiceStatus) -> None:
        """Rejected or cancelled; its claims are released with it."""
        assert to in ENDED
        self.move(invoice_id, to)
        self.release(invoice_id)

    def release(self, invoice_id: str) -> None:
        for item in self.claimed(invoice_id):
            self.items[item.wip_id] = replace(item, claimed_by=None)
