"""Corrections that outweigh the work: each goes as a credit against the invoice that its work stood on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.domain.credit import Credited
from shared.domain.identity import derived_id
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.credit_plan import left_of, plan_of
from shared.usecases.invoice_life import IN_THE_BOOKS


@dataclass(frozen=True, slots=True)
class Billed:
    """The invoice that an item stands on: as it is now, its document, and what of it was credited before."""

    invoice: Invoice
    document: InvoiceDocument
    credited: Credited


@dataclass(frozen=True, slots=True)
class CreditGroup:
    """reversals: by line id, what takes the whole of that line back."""

    billed: Billed
    reversals: dict[str, WipItem]

    @property
    def request_id(self) -> str:
        """The same corrections are the same request, whichever run finds them."""
        return f"corrections-{derived_id(*sorted(item.wip_id for item in self.reversals.values()))}"


def credit_groups(items: Iterable[WipItem], billed: Mapping[str, Billed]) -> tuple[CreditGroup, ...]:
    """Of the items of a group that is no invoice, those that are credits; in the order of their invoices' ids.

    billed: by the wip id that a reversal takes back, the posted invoice it stands on. A reversal goes whole against its
    line, if all of that line is left; one that is worth nothing, whose line was credited in part, or whose invoice is not
    posted, stays. What stays is asked about as any other group. An invoice whose corrections come to nothing or less
    keeps them, too: that would be no credit.
    Source: docs/billing.md, "Corrections that outweigh the work".
    """
    found: dict[str, CreditGroup] = {}
    for item in sorted(items, key=lambda each: each.wip_id):
        of = billed.get(item.reverses or "")
        line = _line_of(item, of.document) if of else None
        if of is None or line is None or not _takes_back(item, line, of):
            continue
        group = found.setdefault(of.invoice.invoice_id, CreditGroup(of, {}))
        group.reversals.setdefault(line.line_id, item)
    return tuple(found[invoice_id] for invoice_id in sorted(found) if _is_credit(found[invoice_id]))


def _line_of(item: WipItem, document: InvoiceDocument) -> InvoiceLine | None:
    return next((line for line in document.lines if line.wip_id and line.wip_id == item.reverses), None)


def _takes_back(item: WipItem, line: InvoiceLine, of: Billed) -> bool:
    whole = item.value == -line.net and left_of(line, of.credited) == line.net
    return whole and line.net.amount != 0 and of.invoice.status in IN_THE_BOOKS


def _is_credit(group: CreditGroup) -> bool:
    try:
        plan_of(group.billed.document, group.billed.credited, parts_of(group))
    except BusinessException:
        return False
    return True


def parts_of(group: CreditGroup) -> dict[str, Money]:
    """What the plan of this credit takes, by line."""
    return {line_id: -item.value for line_id, item in group.reversals.items()}


def taken_by(groups: Sequence[CreditGroup]) -> frozenset[str]:
    return frozenset(item.wip_id for group in groups for item in group.reversals.values())
