"""An invoice's totals in the currency of its legal entity's books, by one rate that is kept with them."""

from __future__ import annotations

from datetime import date

from shared.domain.exchange import FxUse, FxUsed, RateTable
from shared.domain.invoice import BookTotals, InvoiceTotals
from shared.domain.policies import Policies
from shared.usecases.convert_money import rate_between


def book_totals(
    totals: InvoiceTotals, book_currency: str, *, policies: Policies, issued_on: date, table: RateTable | None
) -> BookTotals | None:
    """Net and tax each converted and rounded once; gross is their sum, so that the books add up. None where nothing is
    to convert: the invoice is in the book currency, or finance has no rule for it.

    table: may be None where `needs_rates` says no. `tax` is what an invoice in a foreign currency must show beside its
    own tax (Directive 2006/112/EC art. 230, BT-111).
    Raises BusinessException("fx_rate_missing" | "fx_currency_not_quoted").
    Source: docs/billing.md, "Currency".
    """
    rule = policies.fx_rule(FxUse.BOOK)
    if rule is None or not needs_rates(totals.gross.currency, book_currency, policies):
        return None
    table = table or RateTable(rule.source)
    return book_by(totals, rate_between(totals.gross.currency, book_currency, issued_on, table, rule))


def book_by(totals: InvoiceTotals, fx: FxUsed) -> BookTotals:
    """By a rate that is known: a credit memo is booked at the rate of the invoice it is against."""
    net, tax = fx.apply(totals.net).rounded(), fx.apply(totals.tax).rounded()
    return BookTotals(net=net, tax=tax, gross=net + tax, fx=fx)


def needs_rates(currency: str, book_currency: str, policies: Policies) -> bool:
    return currency != book_currency and policies.fx_rule(FxUse.BOOK) is not None
