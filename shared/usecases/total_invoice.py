"""Invoice totals by EN 16931: tax per category and rate, from summed bases, never from rounded lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shared.domain.invoice import InvoiceLine, InvoiceTotals, TaxSubtotal
from shared.domain.tax import TaxCategory, TaxDecision
from shared.faults import BusinessException
from shared.usecases.total_amounts import Taxed, total_amounts


def total_invoice(lines: Sequence[InvoiceLine]) -> InvoiceTotals:
    """net = sum of line nets (BR-CO-10, BR-CO-13); per (category, rate): base = sum of its line nets (BR-S-08),
    tax = round(base x rate / 100) (BR-CO-17), half away from zero; tax = sum of those (BR-CO-14);
    gross = net + tax (BR-CO-15).

    lines: at least one, any order, all of one currency and each net already at the currency's minor unit. Rates 25 and
    25.00 are one group. Three lines of 33.33 at 19 % carry 19.00 tax, not three times 6.33. The sums themselves are
    total_amounts', which third parties' invoices go through, too.
    Raises BusinessException("currency_mismatch" | "line_not_rounded" | "tax_categories_mixed" | "nothing_to_bill").
    Source: docs/billing.md, "Totals".
    """
    currency = _currency_of(lines)
    _check_scope({line.tax.category for line in lines})
    totals = total_amounts(currency, [Taxed(line.net, line.tax.category.value, line.tax.rate) for line in lines])
    shown = _decisions(lines)
    breakdown = tuple(
        TaxSubtotal(shown[group.category, group.rate], group.taxable, group.tax) for group in totals.breakdown
    )
    return InvoiceTotals(net=totals.net, tax=totals.tax, gross=totals.gross, breakdown=breakdown)


def _decisions(lines: Sequence[InvoiceLine]) -> dict[tuple[str, Decimal], TaxDecision]:
    """Of each group the decision of the lowest rule name, so that the order of lines decides nothing."""
    found: dict[tuple[str, Decimal], TaxDecision] = {}
    for tax in sorted((line.tax for line in lines), key=_by_name):
        found.setdefault((tax.category.value, tax.rate), tax)
    return found


def _by_name(tax: TaxDecision) -> tuple[str, str, int]:
    """Of 19 and 19.00 the one with fewer digits: they are equal, and yet written differently."""
    return tax.rule, tax.reason or "", len(str(tax.rate))


def _currency_of(lines: Sequence[InvoiceLine]) -> str:
    if not lines:
        raise BusinessException("nothing_to_bill")
    currencies = sorted({line.net.currency for line in lines})
    if len(currencies) > 1:
        raise BusinessException("currency_mismatch", currencies=",".join(currencies))
    for line in lines:
        if not line.net.is_rounded:
            raise BusinessException("line_not_rounded", line_id=line.line_id, net=str(line.net.amount))
    return currencies[0]


def _check_scope(categories: set[TaxCategory]) -> None:
    """What is outside the scope of tax stands alone on its invoice (BR-O-11 to BR-O-14)."""
    if TaxCategory.OUTSIDE_SCOPE in categories and len(categories) > 1:
        raise BusinessException("tax_categories_mixed", categories=",".join(sorted(categories)))
