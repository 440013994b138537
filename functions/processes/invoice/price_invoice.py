"""Step: sealed -> priced. Tax is decided, totals follow EN 16931, the document is written once and for all."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from pydantic import BaseModel, TypeAdapter

from functions.processes.invoice.outside_facts import outside_facts
from shared.domain.contract import Contract
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceStatus
from shared.domain.money import Money
from shared.domain.policies import ApprovalDocument, Policies
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.wiring import AwsPorts
from shared.usecases.accounting_periods import first_open_day
from shared.usecases.apply_clauses import apply_clauses
from shared.usecases.billing_periods import local_date
from shared.usecases.decide_approval import decide_approval
from shared.usecases.due_fees import deposits_of
from shared.usecases.hold_over_cap import check_caps
from shared.usecases.price_invoice import price_invoice


class PriceInvoice(BaseModel):
    invoice_id: str
    correlation_id: str


@process_step(PriceInvoice, wire=AwsPorts.from_env)
def handler(command: PriceInvoice, ports: Ports) -> dict[str, object]:
    invoice = ports.invoices.get(command.invoice_id)
    if invoice.status is InvoiceStatus.DRAFT:
        raise BusinessException("invoice_not_sealed", invoice_id=invoice.invoice_id)
    if invoice.status is InvoiceStatus.SEALED:
        invoice = price(invoice, ports)
    return summary(invoice, needs_approval(invoice, ports))


def price(invoice: Invoice, ports: Ports) -> Invoice:
    """Raises Transient("ledger_moved") when another invoice of the contract was priced meanwhile: the step is tried
    again, and reckons with what is left then."""
    items = list(ports.wip.claimed_by(invoice.invoice_id))
    check_seal(invoice, items)
    policies = ports.policies.current()
    contract = ports.contracts.get(invoice.group.contract_id)
    customer = ports.customers.get(invoice.group.customer_id)
    issued_on = issue_date(invoice, policies, ports)
    outside = outside_facts(invoice, items, contract, customer, issued_on, ports)
    elsewhere = claimed_elsewhere(invoice, contract, ports)
    ledger = ports.ledgers.of_contract(contract.contract_id)
    check_caps(items, contract, ledger.without(invoice.invoice_id))
    clauses = apply_clauses(
        invoice.invoice_id,
        items,
        contract,
        ledger,
        period_end=invoice.period_end,
        deposits=deposited(contract, ports),
        elsewhere=elsewhere,
    )
    priced, document = price_invoice(
        invoice,
        items,
        contract=contract,
        customer=customer,
        policies=policies,
        issued_on=issued_on,
        ship_to=outside.ship_to,
        tax_answers=outside.tax_answers,
        rates=outside.rates,
        clauses=clauses.lines,
    )
    body = TypeAdapter(InvoiceDocument).dump_json(document)
    priced = replace(priced, document_key=key_of(document, body))
    ports.documents.put(key_of(document, body), body)

    def change(now: Invoice) -> Invoice:
        return now if now.status is not InvoiceStatus.SEALED else priced

    return ports.invoices.update(
        invoice.invoice_id,
        change,
        expected=[InvoiceStatus.SEALED, InvoiceStatus.PRICED],
        entry=clauses.entry,
        seen=ledger.revision,
    )


def claimed_elsewhere(invoice: Invoice, contract: Contract, ports: Ports) -> list[WipItem]:
    """What other invoices of the contract claimed and have not priced; asked only where a minimum waits for them."""
    if not any(line.terms.minimum for line in contract.lines):
        return []
    others = [each.invoice_id for each in ports.invoices.unfinished(contract.contract_id)]
    return [item for each in others if each != invoice.invoice_id for item in ports.wip.claimed_by(each)]


def deposited(contract: Contract, ports: Ports) -> dict[str, Money]:
    """Per prepaid line, the sum of the deposits asked for so far."""

    def value_of(source_id: str) -> Money | None:
        source = ports.wip.source(source_id)
        return source.value if source else None

    prepaid = [line for line in contract.lines if line.terms.prepaid]
    return {line.line_id: sum(deposits_of(line, value_of), Money.zero(contract.currency)) for line in prepaid}


def key_of(document: InvoiceDocument, body: bytes) -> str:
    """Holds what the document says: another pricing of the invoice, on another day, never lies under this key."""
    return f"invoices/{document.invoice_id}/{hashlib.sha256(body).hexdigest()[:16]}.json"


def check_seal(invoice: Invoice, items: list[WipItem]) -> None:
    """What is claimed is what was sealed, to the cent and the count; anything else stops here, before money moves."""
    net = sum((item.value for item in items), Money.zero(invoice.group.currency))
    if len(items) != invoice.item_count or net != invoice.net:
        raise BusinessException(
            "seal_broken",
            invoice_id=invoice.invoice_id,
            sealed=f"{invoice.item_count} items, {invoice.net.amount if invoice.net else None}",
            found=f"{len(items)} items, {net.amount}",
        )


def issue_date(invoice: Invoice, policies: Policies, ports: Ports) -> date:
    """Today in the legal entity's calendar, not before the period it bills has ended, never in a closed month."""
    entity = policies.legal_entity(invoice.group.legal_entity_id)
    if entity is None:
        raise BusinessException("legal_entity_unknown", legal_entity_id=invoice.group.legal_entity_id)
    today = local_date(ports.clock.now(), entity.time_zone)
    calendar = ports.accounting_calendars.of(entity.legal_entity_id)
    return first_open_day(calendar, max(invoice.period_end, today))


def needs_approval(invoice: Invoice, ports: Ports) -> bool:
    """By the policy's threshold for such a document; once somebody approved it, no more."""
    if invoice.approver is not None or invoice.totals is None:
        return False
    contract, customer = ports.contracts.get(invoice.group.contract_id), ports.customers.find(invoice.group.customer_id)
    document = ApprovalDocument(invoice.kind.value)
    return decide_approval(ports.policies.current(), document, invoice.totals.gross, contract, customer).needed


def summary(invoice: Invoice, needs_approval: bool) -> dict[str, object]:
    """What the saga needs to know; never the lines."""
    if invoice.totals is None:
        raise BusinessException("invoice_not_priced", invoice_id=invoice.invoice_id, status=invoice.status.value)
    gross = invoice.totals.gross
    return {
        "invoice_id": invoice.invoice_id,
        "legal_entity_id": invoice.group.legal_entity_id,
        "document_key": invoice.document_key,
        "currency": gross.currency,
        "gross": str(gross.amount),
        "needs_approval": needs_approval,
    }
