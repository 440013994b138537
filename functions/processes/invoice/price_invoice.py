"""Step: sealed -> priced, invoices and credit memos. Tax is decided, totals follow EN 16931, the document is written once and for all."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from pydantic import TypeAdapter

from functions.processes.clauses_due import clauses_due
from functions.processes.contract_of_day import contracts_of_invoice
from functions.processes.invoice.outside_facts import outside_facts
from functions.processes.purchase_order_limits import order_limits
from shared.adapters.invoice_document import read_document
from shared.domain.contract import Contract
from shared.domain.credit import Credit, Remedy
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceKind, InvoiceStatus
from shared.domain.ledger import Ledger, LedgerUse
from shared.domain.money import Money
from shared.domain.policies import ApprovalDocument, Policies
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.accounting_periods import first_open_day
from shared.usecases.apply_clauses import Clauses
from shared.usecases.billing_periods import local_date
from shared.usecases.credit_entry import credit_entry
from shared.usecases.decide_approval import decide_approval
from shared.usecases.hold_over_cap import check_caps
from shared.usecases.invoice_life import ENDED
from shared.usecases.one_account import as_one
from shared.usecases.price_invoice import price_invoice
from shared.usecases.price_memo import price_memo


class PriceInvoice(Input):
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
    reckon = price_credit_memo if invoice.kind is InvoiceKind.CREDIT_MEMO else price_work
    (priced, document), uses = reckon(invoice, items, policies, issue_date(invoice, policies, ports), ports)
    body = TypeAdapter(InvoiceDocument).dump_json(document)
    priced = replace(priced, document_key=key_of(document, body), policies_version=policies.version)
    ports.documents.put(key_of(document, body), body)

    def change(now: Invoice) -> Invoice:
        return now if now.status is not InvoiceStatus.SEALED else priced

    return ports.invoices.update(
        invoice.invoice_id,
        change,
        expected=[InvoiceStatus.SEALED, InvoiceStatus.PRICED],
        uses=uses,
        limits=order_limits(invoice.group.purchase_order, invoice.contract_ids, ports),
    )


Reckoned = tuple[tuple[Invoice, InvoiceDocument], list[LedgerUse]]
"""The priced invoice and its document, and what it used up of each of its contracts."""


def price_work(invoice: Invoice, items: list[WipItem], policies: Policies, issued_on: date, ports: Ports) -> Reckoned:
    contracts = contracts_of_invoice(invoice, ports)
    contract = as_one(contracts)
    customer = ports.customers.get(invoice.group.customer_id)
    outside = outside_facts(invoice, items, contract, customer, issued_on, ports)
    used = [clauses_of(invoice, items, each, ports) for each in contracts]
    priced = price_invoice(
        invoice,
        items,
        contract=contract,
        customer=customer,
        policies=policies,
        issued_on=issued_on,
        ship_to=outside.ship_to,
        tax_answers=outside.tax_answers,
        rates=outside.rates,
        clauses=[line for clauses, _ in used for line in clauses.lines],
    )
    return priced, [use for _, use in used]


def clauses_of(invoice: Invoice, items: list[WipItem], contract: Contract, ports: Ports) -> tuple[Clauses, LedgerUse]:
    """Of one contract on the invoice, by its own ledger and from its own items. Raises BusinessException("cap_exceeded")."""
    mine = [item for item in items if item.contract_id == contract.contract_id]
    ledger = ports.ledgers.of_contract(contract.contract_id)
    check_caps(mine, contract, ledger.without(invoice.invoice_id))
    clauses = clauses_due(mine, contract, ledger, ports, invoice_id=invoice.invoice_id, period_end=invoice.period_end)
    return clauses, LedgerUse(contract.contract_id, clauses.entry, ledger.revision)


def price_credit_memo(memo: Invoice, items: list[WipItem], _: Policies, issued_on: date, ports: Ports) -> Reckoned:
    """By the document of the invoice it is against, never by today's rules; what it gives back has room again."""
    credit = ports.credits.get(memo.invoice_id)
    key = ports.invoices.get(credit.invoice_id).document_key
    if key is None:
        raise BusinessException("invoice_not_priced", invoice_id=credit.invoice_id)
    of = read_document(ports.documents.get(key))
    uses = [given_back(credit, of, ports.ledgers.of_contract(each), ports) for each in memo.contract_ids]
    return price_memo(memo, items, credit=credit, of=of, issued_on=issued_on), uses


def given_back(credit: Credit, of: InvoiceDocument, ledger: Ledger, ports: Ports) -> LedgerUse:
    """What a memo gives back to one contract. An invoice from before there were ledgers used nothing up in them."""
    lines = {line.line_id: line for line in of.lines_of(ledger.contract_id)}
    nets = [(line, line.net) for line in credit.plan.lines if line.line_id in lines]
    others = {credit.invoice_id, *ports.credits.credited(credit.invoice_id).memos} - {credit.memo_id}
    entry = credit_entry(
        credit.memo_id,
        ports.contracts.get(ledger.contract_id),
        work=[(ports.wip.get(line.wip_id), net) for line, net in nets if line.wip_id],
        clauses=[(lines[line.line_id], net) for line, net in nets if not line.wip_id],
        of=[entry for entry in ledger.entries if entry.invoice_id in others],
        conceded=credit.remedy is Remedy.CONCESSION,
    )
    return LedgerUse(ledger.contract_id, entry, ledger.revision)


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
    """By the policy's threshold for such a document; a concession always; once somebody approved it, no more."""
    if invoice.approver is not None or invoice.totals is None:
        return False
    credit = ports.credits.find(invoice.invoice_id) if invoice.kind is InvoiceKind.CREDIT_MEMO else None
    if credit is not None and credit.remedy is Remedy.CONCESSION:
        return True
    contract = as_one([ports.contracts.get(each) for each in invoice.contract_ids])
    customer = ports.customers.find(invoice.group.customer_id)
    document = ApprovalDocument(invoice.kind.value)
    return decide_approval(ports.policies.current(), document, invoice.totals.gross, contract, customer).needed


def summary(invoice: Invoice, needs_approval: bool) -> dict[str, object]:
    """What the saga needs to know; never the lines."""
    if invoice.totals is None:
        raise BusinessException("invoice_not_priced", invoice_id=invoice.invoice_id, status=invoice.status.value)
    gross = invoice.totals.gross
    return {
        "invoice_id": invoice.invoice_id,
        "kind": invoice.kind.value,
        "legal_entity_id": invoice.group.legal_entity_id,
        "document_key": invoice.document_key,
        "currency": gross.currency,
        "gross": str(gross.amount),
        "needs_approval": needs_approval,
        "ended": invoice.status in ENDED,
    }


def over_threshold(gross: Money, policies: Policies) -> bool:
    threshold = policies.approval_over.get(gross.currency)
    return threshold is not None and gross.amount > threshold
