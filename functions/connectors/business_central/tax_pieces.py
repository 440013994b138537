"""Our tax to the cent where Business Central rounds tax line by line: some lines are cut in two.

EN 16931 rounds the tax of a (category, rate) once. Rounded line by line it may come out some cents apart, and tax cannot
be written there. Two lines that sum to the net of one round a cent apart from it, if the cut is well chosen: the net
stays, the account stays, the tax is ours. Source: docs/connectors/business_central.md, "Tax".
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from shared.domain.currencies import minor_units
from shared.domain.invoice import InvoiceDocument
from shared.domain.tax import TaxDecision

_TRIED = 1000
"""Cuts of so many smallest units: the tax of whole per mille rates repeats after as many."""


def rate_key(tax: TaxDecision) -> str:
    """ "S/19": how settings name a tax code. Rates compare as numbers, so 19.00 is 19."""
    return f"{tax.category.value}/{format(tax.rate.normalize(), 'f')}"


def pieces_of(document: InvoiceDocument) -> list[tuple[Decimal, ...]]:
    """Of each line its net in one piece, or in two. A sum that no cut reaches is left to the comparison before posting."""
    unit = Decimal(1).scaleb(-minor_units(document.currency))
    pieces: list[tuple[Decimal, ...]] = [(line.net.amount,) for line in document.lines]
    for subtotal in document.totals.breakdown:
        key, rate = rate_key(subtotal.tax), subtotal.tax.rate
        members = [at for at, line in enumerate(document.lines) if rate_key(line.tax) == key]
        _fit(pieces, members, rate, subtotal.amount.amount, unit)
    return pieces


def _fit(
    pieces: list[tuple[Decimal, ...]], members: Sequence[int], rate: Decimal, wanted: Decimal, unit: Decimal
) -> None:
    """Cuts the largest lines first, each once and by one unit of tax, until the group's tax is as wanted."""
    missing = wanted - sum((taxed(pieces[at][0], rate, unit) for at in members), Decimal(0))
    for at in sorted(members, key=lambda member: -abs(pieces[member][0])):
        if not missing:
            return
        step = unit if missing > 0 else -unit
        found = cut_for(pieces[at][0], rate, step, unit)
        if found is not None:
            pieces[at], missing = found, missing - step


def cut_for(net: Decimal, rate: Decimal, step: Decimal, unit: Decimal) -> tuple[Decimal, Decimal] | None:
    """Two amounts that sum to `net` and whose rounded taxes sum to `step` more than its own."""
    small = unit if net > 0 else -unit
    for count in range(1, _TRIED + 1):
        part = small * count
        if abs(part) >= abs(net):
            return None
        if taxed(part, rate, unit) + taxed(net - part, rate, unit) - taxed(net, rate, unit) == step:
            return net - part, part
    return None


def taxed(net: Decimal, rate: Decimal, unit: Decimal) -> Decimal:
    return (net * rate / Decimal(100)).quantize(unit, rounding=ROUND_HALF_UP)
