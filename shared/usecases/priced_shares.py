"""What of a priced invoice by customer belongs to each of its contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.invoice import ContractShare, Invoice, InvoiceDocument, InvoiceLine, InvoiceTotals
from shared.domain.money import Money


def priced_shares(invoice: Invoice, document: InvoiceDocument) -> tuple[ContractShare, ...]:
    """Each with the net of its clauses' lines (of a credit memo with the sign of its items) and its gross.

    Nets and grosses sum to the document's: the tax of a category is base times rate, rounded, for each contract, and what
    is left of it for the last.
    """
    if not invoice.shares:
        return ()
    lines = {share.contract_id: document.lines_of(share.contract_id) for share in invoice.shares}
    taxes = _taxes(lines, document.totals, document.currency)
    zero = Money.zero(document.currency)
    found = []
    for share in invoice.shares:
        net = sum((line.net for line in lines[share.contract_id]), zero)
        signed = -net if invoice.credits else net
        by_clause = signed - (share.net or zero)
        found.append(replace(share, by_clause=by_clause, gross=net + taxes[share.contract_id]))
    return tuple(found)


def _taxes(lines: dict[str, tuple[InvoiceLine, ...]], totals: InvoiceTotals, currency: str) -> dict[str, Money]:
    taxes = {contract_id: Money.zero(currency) for contract_id in lines}
    for subtotal in totals.breakdown:
        key = (subtotal.tax.category, subtotal.tax.rate)
        of_key = {each: [line for line in lines[each] if (line.tax.category, line.tax.rate) == key] for each in lines}
        *others, last = [each for each in lines if of_key[each]]
        rest = subtotal.amount
        for contract_id in others:
            tax = _base(of_key[contract_id], currency).percent(subtotal.tax.rate).rounded()
            taxes[contract_id] += tax
            rest -= tax
        taxes[last] += rest
    return taxes


def _base(lines: Sequence[InvoiceLine], currency: str) -> Money:
    return sum((line.net for line in lines), Money.zero(currency))


def credited_shares(invoice: Invoice, memo: Invoice) -> tuple[ContractShare, ...]:
    """The invoice's, after this memo against it was posted."""
    given = {share.contract_id: share.gross for share in memo.shares if share.gross}
    zero = Money.zero(invoice.group.currency)
    return tuple(
        replace(share, credited=(share.credited or zero) + given[share.contract_id])
        if share.contract_id in given
        else share
        for share in invoice.shares
    )


def paid_shares(invoice: Invoice, paid: Money) -> dict[str, Money]:
    """By contract, in proportion to what each has left after credits; the last has the rest, so that they sum to it."""
    zero = Money.zero(paid.currency)
    left = {each.contract_id: (each.gross or zero) - (each.credited or zero) for each in invoice.shares}
    whole = sum(left.values(), zero).amount
    found = {key: paid.times(each.amount, whole).rounded() if whole else zero for key, each in left.items()}
    last = next(reversed(found))
    return found | {last: found[last] + paid - sum(found.values(), zero)}
