"""Sealed -> priced: lines, tax, totals and the document that is posted and explained, all from the claimed items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from shared.domain.contract import Contract
from shared.domain.exchange import RateTable
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine, InvoiceStatus, LineOrigin
from shared.domain.money import Money
from shared.domain.parties import Customer
from shared.domain.policies import Policies
from shared.domain.tax import TaxDecision
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.apply_clauses import ClauseLine
from shared.usecases.book_totals import book_totals
from shared.usecases.cancelled_pairs import cancelled_pairs
from shared.usecases.group_wip import MISSING_CONTRACT_REFERENCE, NOTHING_TO_BILL, invoice_order, why_no_invoice
from shared.usecases.invoice_life import advance
from shared.usecases.late_work import billed_from, is_late
from shared.usecases.priced_shares import priced_shares
from shared.usecases.tax_lines import UNDECIDED, entity_of, questions, tax_lines, taxes_of
from shared.usecases.total_invoice import total_invoice


def price_invoice(
    invoice: Invoice,
    items: Sequence[WipItem],
    *,
    contract: Contract,
    customer: Customer,
    policies: Policies,
    issued_on: date,
    ship_to: Customer | None = None,
    tax_answers: Mapping[str, TaxDecision] | None = None,
    rates: RateTable | None = None,
    clauses: Sequence[ClauseLine] = (),
) -> tuple[Invoice, InvoiceDocument]:
    """(the priced invoice, its document). Same input, same document, to the byte: lines are in `invoice_order`, those of
    clauses after them. An invoice that a retainer or deposit pays as a whole is one of zero.

    items: all that the invoice claimed, any order. One line per item but for cancelled pairs. issued_on: today in the
    legal entity's calendar; tax is decided for it and `due_on` counts from it. contract: by customer all of its contracts
    `as_one`. ship_to: the place of supply, if not the
    customer's. tax_answers: of a tax service, by kind of service. rates: where the books have another currency.
    Raises BusinessException("missing_contract_reference" | "legal_entity_unknown" | "tax_undetermined" |
    "invoice_below_zero" | "nothing_to_bill" | "currency_mismatch" | "invoice_state" |
    "fx_rate_missing" | "fx_currency_not_quoted").
    Source: docs/billing.md, "Pricing".
    """
    if not contract.reference:
        raise BusinessException(MISSING_CONTRACT_REFERENCE, contract_id=contract.contract_id)
    if not items or why_no_invoice(items) == NOTHING_TO_BILL:
        raise BusinessException(NOTHING_TO_BILL, invoice_id=invoice.invoice_id)
    begins_on = billed_from(invoice.group.billing_schedule, contract, invoice.period_end)
    asked = questions(
        invoice, items, contract=contract, customer=customer, ship_to=ship_to, policies=policies, issued_on=issued_on
    )
    work = invoice_lines(items, UNDECIDED, begins_on=begins_on)
    untaxed = (*work, *clause_lines(clauses, len(work)))
    lines = tax_lines(untaxed, items, contract, taxes_of(asked, policies, tax_answers))
    totals = total_invoice(lines)
    if totals.net.amount < 0:
        raise BusinessException("invoice_below_zero", invoice_id=invoice.invoice_id, net=str(totals.net.amount))
    book_currency = entity_of(invoice, policies).currency
    due_on = issued_on + timedelta(days=contract.payment_terms_days)
    document = InvoiceDocument(
        invoice_id=invoice.invoice_id,
        legal_entity_id=invoice.group.legal_entity_id,
        customer_id=invoice.group.customer_id,
        contract_id=invoice.group.contract_id,
        contract_reference=contract.reference,
        project_id=_project_of(invoice, items),
        purchase_order=invoice.group.purchase_order,
        currency=invoice.group.currency,
        issued_on=issued_on,
        due_on=due_on,
        period_end=invoice.period_end,
        lines=lines,
        totals=totals,
        book=book_totals(totals, book_currency, policies=policies, issued_on=issued_on, table=rates),
        contract_ids=invoice.contract_ids if invoice.shares else (),
    )
    return _priced(invoice, items, document), document


def invoice_lines(
    items: Sequence[WipItem], tax: TaxDecision, *, begins_on: date | None = None
) -> tuple[InvoiceLine, ...]:
    """line_id: "1", "2", ... in `invoice_order`. begins_on: of the billed period; work before it is late. net is the item's value; a reversal's quantity is negative, no price
    ever is (BR-27).
    """
    dropped = cancelled_pairs(items)
    shown = sorted((item for item in items if item.wip_id not in dropped), key=invoice_order)
    return tuple(_line(str(number), item, tax, is_late(item, begins_on)) for number, item in enumerate(shown, start=1))


def clause_lines(clauses: Sequence[ClauseLine], after: int) -> tuple[InvoiceLine, ...]:
    """Numbered on from the work's, `after` lines of it. One thing at its price, taken away where it lowers the invoice."""
    return tuple(
        InvoiceLine(
            line_id=str(number),
            wip_id="",
            contract_line_id=each.contract_line_id,
            project_id=each.like.project_id,
            description=each.description,
            quantity=Decimal(-1) if each.net.amount < 0 else Decimal(1),
            unit="each",
            unit_price=abs(each.net.amount),
            price_base_quantity=Decimal(1),
            net=each.net,
            tax=UNDECIDED,
            origin=each.origin,
            clause=each.clause,
            contract_id=each.like.contract_id,
        )
        for number, each in enumerate(clauses, start=after + 1)
    )


def document_key(invoice_id: str) -> str:
    """Where the document lies in the document store."""
    return f"invoices/{invoice_id}/document.json"


def _line(line_id: str, item: WipItem, tax: TaxDecision, late: bool) -> InvoiceLine:
    return InvoiceLine(
        line_id=line_id,
        wip_id=item.wip_id,
        contract_line_id=item.line_id,
        project_id=item.project_id,
        description=item.description,
        quantity=item.valuation.quantity,
        unit=item.valuation.unit,
        unit_price=item.valuation.unit_price.amount,
        price_base_quantity=item.valuation.per,
        net=item.value,
        tax=tax,
        source_ref=item.source_ref,
        worked_on=item.worked_on,
        late=late,
        contract_id=item.contract_id,
    )


def _project_of(invoice: Invoice, items: Sequence[WipItem]) -> str:
    """An ERP books an invoice on one project: the group's where it has work of it, else the first by id. The lines keep
    their own.
    """
    projects = sorted({item.project_id for item in items})
    return invoice.group.project_id if invoice.group.project_id in projects else projects[0]


def _priced(invoice: Invoice, items: Sequence[WipItem], document: InvoiceDocument) -> Invoice:
    zero = Money.zero(invoice.group.currency)
    approvals = [item.approved_at for item in items if item.approved_at]
    return replace(
        advance(invoice, InvoiceStatus.PRICED),
        shares=priced_shares(invoice, document),
        totals=document.totals,
        issued_on=document.issued_on,
        due_on=document.due_on,
        document_key=document_key(invoice.invoice_id),
        last_approval_at=max(approvals) if approvals else None,
        by_clause=sum((line.net for line in document.lines if line.origin is not LineOrigin.WORK), zero),
    )
