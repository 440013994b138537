"""Invoice totals by EN 16931: tax per category and rate, from summed bases, never from rounded lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shared.domain.invoice import InvoiceLine, InvoiceTotals, TaxSubtotal
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision
from shared.faults import BusinessException


def total_invoice(lines: Sequence[InvoiceLine]) -> InvoiceTotals:
    """net = sum of line nets (BR-CO-10, BR-CO-13); per (category, rate): base = sum of its line nets (BR-S-08),
    tax = round(base x rate / 100) (BR-CO-17), half away from zero; tax = sum of those (BR-CO-14);
    gross = net + tax (BR-CO-15).

    lines: at least one, any order, all of one currency and each net already at the currency's minor unit. Rates 25 and
    25.00 are one group. Three lines of 33.33 at 19 % carry 19.00 tax, not three times 6.33.
    Raises BusinessException("currency_mismatch" | "line_not_rounded" | "tax_categories_mixed" | "nothing_to_bill").
    Source: docs/billing.md, "Totals".
    """
    currency = _currency_of(lines)
    groups: dict[tuple[TaxCategory, Decimal], list[InvoiceLine]] = {}
    for line in lines:
        groups.setdefault((line.tax.category, line.tax.rate), []).append(line)
    _check_scope({category for category, _ in groups})
    order = sorted(groups, key=lambda key: (key[0].value, key[1]))
    breakdown = tuple(_subtotal(groups[key], currency) for key in order)
    net = sum((subtotal.taxable for subtotal in breakdown), Money.zero(currency))
    tax = sum((subtotal.amount for subtotal in breakdown), Money.zero(currency))
    return InvoiceTotals(net=net.rounded(), tax=tax.rounded(), gross=(net + tax).rounded(), breakdown=breakdown)


def _subtotal(lines: Sequence[InvoiceLine], currency: str) -> TaxSubtotal:
    """The decision shown is the one of the lowest rule name, so that the order of lines decides nothing."""
    decision: TaxDecision = min((line.tax for line in lines), key=lambda tax: (tax.rule, tax.reason or ""))
    base = sum((line.net for line in lines), Money.zero(currency)).rounded()
    return TaxSubtotal(tax=decision, taxable=base, amount=base.percent(decision.rate).rounded())


def _currency_of(lines: Sequence[InvoiceLine]) -> str:
    if not lines:
        raise BusinessException("nothing_to_bill")
    currencies = sorted({line.net.currency for line in lines})
    if len(currencies) > 1:
        raise BusinessException("currency_mismatch", currencies=",".join(currencies))
    for line in lines:
        if line.net != line.net.rounded():
            raise BusinessException("line_not_rounded", line_id=line.line_id, net=str(line.net.amount))
    return currencies[0]


def _check_scope(categories: set[TaxCategory]) -> None:
    """What is outside the scope of tax stands alone on its invoice (BR-O-11 to BR-O-14)."""
    if TaxCategory.OUTSIDE_SCOPE in categories and len(categories) > 1:
        raise BusinessException("tax_categories_mixed", categories=",".join(sorted(categories)))
