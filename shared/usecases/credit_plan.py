"""How much of each line a credit takes back, and how much tax: never more than is left, the last one exactly the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from shared.domain.credit import Credited, CreditLine, CreditPlan, CreditTax
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceKind, InvoiceLine, TaxSubtotal
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision
from shared.faults import BusinessException
from shared.usecases.invoice_life import IN_THE_BOOKS


def credit_plan(
    invoice: Invoice,
    document: InvoiceDocument,
    credited: Credited,
    *,
    line_ids: Sequence[str] = (),
    amount: Money | None = None,
    percent: Decimal | None = None,
) -> CreditPlan:
    """What is left of the chosen lines (none chosen: of all), or so much of it.

    amount: net of tax. percent: of the chosen lines' net as invoiced. Either is spread over what is left of the lines with
    a positive rest, in proportion, by `Money.split`; all that is left takes negative lines back too. credited: the
    earlier credits of this invoice. Tax is decided by `credit_taxes`.
    Raises BusinessException("credit_of_memo" | "invoice_not_posted" | "line_unknown" | "credit_currency" |
    "credit_not_positive" | "credit_exceeds_line" | "credit_exceeds_document" | "credited_in_full").
    Source: docs/billing.md, "Credit memos".
    """
    check_creditable(invoice)
    lines = _chosen(document, line_ids)
    left = {line.line_id: left_of(line, credited) for line in lines}
    whole = _sum(left.values(), document.currency)
    if all(rest.amount == 0 for rest in left.values()):
        raise BusinessException("credited_in_full", invoice_id=invoice.invoice_id, lines=",".join(left))
    wanted = _wanted(lines, whole, amount, percent)
    if wanted.amount <= 0:
        raise BusinessException("credit_not_positive", invoice_id=invoice.invoice_id, net=str(wanted.amount))
    if wanted.amount > whole.amount:
        raise BusinessException(
            "credit_exceeds_line", invoice_id=invoice.invoice_id, asked=str(wanted.amount), left=str(whole.amount)
        )
    return plan_of(document, credited, left if wanted == whole else _spread(left, wanted))


def plan_of(document: InvoiceDocument, credited: Credited, parts: Mapping[str, Money]) -> CreditPlan:
    """The plan that takes `parts`, an amount per line id, each of its line's sign and within what is left of it.

    Raises BusinessException("credit_not_positive" | "credit_exceeds_line" | "credit_exceeds_document").
    """
    lines = tuple(
        _credit_line(line, parts[line.line_id], credited)
        for line in document.lines
        if line.line_id in parts and parts[line.line_id].amount != 0
    )
    taxes = credit_taxes(document, credited, parts)
    net = _sum([line.net for line in lines], document.currency)
    if net.amount <= 0:
        raise BusinessException("credit_not_positive", invoice_id=document.invoice_id, net=str(net.amount))
    tax = _sum([each.amount for each in taxes], document.currency)
    return CreditPlan(document.invoice_id, lines, taxes, net.rounded(), tax.rounded(), (net + tax).rounded())


def credit_taxes(document: InvoiceDocument, credited: Credited, parts: Mapping[str, Money]) -> tuple[CreditTax, ...]:
    """Per category and rate of the invoice: round(base x rate / 100), but what is left with the last part of the base and
    never more than is left. So credits in any number of parts sum to the invoice's own tax, whatever it was.

    Raises BusinessException("credit_exceeds_document") when more of a base is taken than the invoice has.
    """
    found = []
    for subtotal in document.totals.breakdown:
        of_group = [line.line_id for line in document.lines if _key(line.tax) == _key(subtotal.tax)]
        taken = [parts[line_id] for line_id in of_group if line_id in parts]
        if any(part.amount for part in taken):
            found.append(_credit_tax(document, subtotal, _sum(taken, document.currency), credited))
    return tuple(found)


def left_of(line: InvoiceLine, credited: Credited) -> Money:
    """With the line's sign."""
    return line.net - credited.lines.get(line.line_id, Money.zero(line.net.currency))


def check_creditable(invoice: Invoice) -> None:
    """Only what is in the books is credited, and only an invoice: a memo is corrected by billing again."""
    if invoice.kind is not InvoiceKind.INVOICE:
        raise BusinessException("credit_of_memo", invoice_id=invoice.invoice_id)
    if invoice.status not in IN_THE_BOOKS:
        raise BusinessException("invoice_not_posted", invoice_id=invoice.invoice_id, status=invoice.status.value)


def _chosen(document: InvoiceDocument, line_ids: Sequence[str]) -> list[InvoiceLine]:
    known = {line.line_id: line for line in document.lines}
    for line_id in line_ids:
        if line_id not in known:
            raise BusinessException("line_unknown", invoice_id=document.invoice_id, line_id=line_id)
    return [line for line in document.lines if not line_ids or line.line_id in line_ids]


def _wanted(lines: Sequence[InvoiceLine], whole: Money, amount: Money | None, percent: Decimal | None) -> Money:
    if amount is not None:
        if amount.currency != whole.currency or amount != amount.rounded():
            raise BusinessException("credit_currency", asked=f"{amount.amount} {amount.currency}", of=whole.currency)
        return amount
    if percent is not None:
        return _sum([line.net for line in lines], whole.currency).percent(percent).rounded()
    return whole


def _spread(left: Mapping[str, Money], wanted: Money) -> dict[str, Money]:
    """A part is never more than its line's rest: what is wanted is no more than the positive rests sum to."""
    positive = {line_id: rest for line_id, rest in left.items() if rest.amount > 0}
    parts = wanted.split([rest.amount for rest in positive.values()])
    return dict(zip(positive, parts, strict=True))


def _credit_line(line: InvoiceLine, part: Money, credited: Credited) -> CreditLine:
    rest = left_of(line, credited)
    if part.amount * rest.amount < 0 or abs(part.amount) > abs(rest.amount):
        raise BusinessException(
            "credit_exceeds_line", line_id=line.line_id, asked=str(part.amount), left=str(rest.amount)
        )
    return CreditLine(line.line_id, line.wip_id, part, whole=part == line.net)


def _credit_tax(document: InvoiceDocument, subtotal: TaxSubtotal, base: Money, credited: Credited) -> CreditTax:
    before = next((each for each in credited.taxes if _key(each) == _key(subtotal.tax)), None)
    zero = Money.zero(document.currency)
    base_left = subtotal.taxable - (before.taxable if before else zero)
    tax_left = subtotal.amount - (before.amount if before else zero)
    if (base_left - base).amount * subtotal.taxable.amount < 0 or (subtotal.taxable == zero and base != base_left):
        raise BusinessException(
            "credit_exceeds_document",
            invoice_id=document.invoice_id,
            asked=str(base.amount),
            left=str(base_left.amount),
        )
    tax = tax_left if base == base_left else _within(base.percent(subtotal.tax.rate).rounded(), tax_left)
    return CreditTax(subtotal.tax.category, subtotal.tax.rate, base, tax)


def _within(tax: Money, left: Money) -> Money:
    return left if abs(tax.amount) > abs(left.amount) else tax


def _key(tax: TaxDecision | CreditTax) -> tuple[TaxCategory, Decimal]:
    return tax.category, tax.rate


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money.zero(currency))
