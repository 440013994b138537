"""`billweave invoice compute`: a PlainInvoice's totals, as JSON with the currency's own decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.domain.money import Money
from shared.einvoice.exact_numbers import plain
from shared.einvoice.plain_invoice import PlainAmount, PlainInvoice
from shared.usecases.total_amounts import OUTSIDE_SCOPE, AmountTotals, Taxed, TaxGroup, line_net, total_amounts

_NOUGHT = Decimal(0)


def compute(invoice: PlainInvoice) -> dict[str, Any]:
    """Amounts are texts. Lines stand in the order of the input, the breakdown by category and rate.

    The rate of category O is null, unless the input gave it as 0.
    """
    nets = [_net(invoice, n) for n in range(len(invoice.lines))]
    totals = total_amounts(
        invoice.currency,
        [Taxed(net, line.tax_category, _rate(line.tax_rate)) for net, line in zip(nets, invoice.lines, strict=True)],
        allowances=[_taxed(each, invoice.currency) for each in invoice.document_allowances],
        charges=[_taxed(each, invoice.currency) for each in invoice.document_charges],
        prepaid=Money(invoice.prepaid, invoice.currency),
        rounding=Money(invoice.rounding, invoice.currency),
    )
    lines = [{"id": line.line_id, "net": _text(net)} for net, line in zip(nets, invoice.lines, strict=True)]
    return {"lines": lines} | _document(totals, rate_of_o=_says_rate(invoice))


def _document(totals: AmountTotals, *, rate_of_o: bool) -> dict[str, Any]:
    return {
        "sum_of_line_net": _text(totals.line_net),
        "allowance_total": _text(totals.allowances),
        "charge_total": _text(totals.charges),
        "tax_exclusive": _text(totals.net),
        "tax_breakdown": [_group(group, rate_of_o) for group in totals.breakdown],
        "tax_total": _text(totals.tax),
        "tax_inclusive": _text(totals.gross),
        "prepaid": _text(totals.prepaid),
        "rounding": _text(totals.rounding),
        "payable": _text(totals.payable),
    }


def _group(group: TaxGroup, rate_of_o: bool) -> dict[str, Any]:
    told = group.category != OUTSIDE_SCOPE or rate_of_o
    return {
        "category": group.category,
        "rate": plain(group.rate) if told else None,
        "taxable": _text(group.taxable),
        "tax": _text(group.tax),
    }


def _net(invoice: PlainInvoice, index: int) -> Money:
    line = invoice.lines[index]
    return line_net(
        Money(line.unit_price, invoice.currency),
        line.quantity,
        price_base_quantity=line.price_base_quantity,
        allowances=line.allowances,
        charges=line.charges,
    )


def _taxed(each: PlainAmount, currency: str) -> Taxed:
    return Taxed(Money(each.amount, currency).rounded(), each.tax_category, _rate(each.tax_rate))


def _rate(rate: Decimal | None) -> Decimal:
    return _NOUGHT if rate is None else abs(rate)


def _says_rate(invoice: PlainInvoice) -> bool:
    rates = [*(line.tax_rate for line in invoice.lines), *(each.tax_rate for each in invoice.document_allowances)]
    rates += [each.tax_rate for each in invoice.document_charges]
    return any(rate is not None for rate in rates)


def _text(money: Money) -> str:
    return format(money.rounded().amount, "f")
