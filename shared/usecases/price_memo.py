"""Sealed -> priced, for a credit memo: the credited lines under the invoice's own tax decision, amounts positive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from shared.domain.credit import Credit, CreditLine, CreditPlan
from shared.domain.invoice import (
    Invoice,
    InvoiceDocument,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    InvoiceTotals,
    TaxSubtotal,
)
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.book_totals import book_by
from shared.usecases.invoice_life import advance
from shared.usecases.priced_shares import priced_shares

_ONE = Decimal(1)


def price_memo(
    memo: Invoice, items: Sequence[WipItem], *, credit: Credit, of: InvoiceDocument, issued_on: date
) -> tuple[Invoice, InvoiceDocument]:
    """(the priced memo, its document). Same input, same document: lines in the order of the invoice's.

    items: the reversals the memo claimed. of: the document of the credited invoice. Tax is the plan's, decided when the
    credit was granted, so that credits priced in any order sum to the invoice's own.
    Raises BusinessException("credit_disagrees" | "invoice_state"): what was claimed is not what was granted.
    Source: docs/billing.md, "Credit memos".
    """
    work = _sum([line.net for line in credit.plan.lines if line.wip_id], of.currency)
    claimed = _sum([item.value for item in items], of.currency)
    if claimed != -work:
        raise BusinessException(
            "credit_disagrees", invoice_id=memo.invoice_id, granted=str(work.amount), claimed=str(claimed.amount)
        )
    totals = memo_totals(credit.plan, of)
    document = InvoiceDocument(
        invoice_id=memo.invoice_id,
        legal_entity_id=of.legal_entity_id,
        customer_id=of.customer_id,
        contract_id=memo.group.contract_id,
        contract_reference=of.contract_reference,
        project_id=of.project_id,
        purchase_order=of.purchase_order,
        currency=of.currency,
        issued_on=issued_on,
        due_on=issued_on,
        period_end=of.period_end,
        lines=memo_lines(credit.plan, items, of),
        totals=totals,
        kind=InvoiceKind.CREDIT_MEMO,
        credits=of.invoice_id,
        reason=credit.reason,
        book=book_by(totals, of.book.fx) if of.book else None,
        contract_ids=memo.contract_ids if memo.shares else (),
    )
    return _priced(memo, document, work), document


def memo_lines(plan: CreditPlan, items: Sequence[WipItem], of: InvoiceDocument) -> tuple[InvoiceLine, ...]:
    """A whole line keeps quantity and price, a part is one thing at its amount; wip_id names the reversal."""
    lines = {line.line_id: line for line in of.lines}
    reversals = {item.reverses: item.wip_id for item in items}
    return tuple(_line(lines[part.line_id], part, reversals.get(part.wip_id, "")) for part in plan.lines)


def memo_totals(plan: CreditPlan, of: InvoiceDocument) -> InvoiceTotals:
    decisions = {(each.tax.category, each.tax.rate): each.tax for each in of.totals.breakdown}
    breakdown = tuple(
        TaxSubtotal(decisions[each.category, each.rate], each.taxable, each.amount) for each in plan.taxes
    )
    return InvoiceTotals(net=plan.net, tax=plan.tax, gross=plan.gross, breakdown=breakdown)


def _line(line: InvoiceLine, part: CreditLine, wip_id: str) -> InvoiceLine:
    credited = replace(line, wip_id=wip_id, description=f"Credit of line {line.line_id}: {line.description}")
    if part.whole:
        return credited
    sign = -_ONE if part.net.amount < 0 else _ONE
    return replace(
        credited,
        quantity=sign,
        unit="each",
        unit_price=abs(part.net.amount),
        price_base_quantity=_ONE,
        net=part.net,
    )


def _priced(memo: Invoice, document: InvoiceDocument, work: Money) -> Invoice:
    return replace(
        advance(memo, InvoiceStatus.PRICED),
        totals=document.totals,
        issued_on=document.issued_on,
        due_on=document.due_on,
        by_clause=work - document.totals.net,
        shares=priced_shares(memo, document),
    )


def _sum(amounts: Sequence[Money], currency: str) -> Money:
    return sum(amounts, Money.zero(currency))
