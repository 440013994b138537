"""A credit's lines become items: the reversal that the memo claims and, unless the source took it back, the other side.

Each line's items sum to nothing, or to what the line is worth now where its source is valued anew: what was approved stays
accounted for at every moment.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from shared.domain.credit import WRITE_OFF, Credit, CreditItems, CreditLine, CreditUndone, Remedy
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.money import Money
from shared.domain.source import SourceRecord
from shared.domain.wip import Valuation, WipItem
from shared.faults import BusinessException
from shared.usecases.clause_items import is_fee

OURS = "billweave"


def memo_id_of(invoice_id: str, request_id: str) -> str:
    """One memo per invoice and request: asked twice, it is the same."""
    return derived_id("credit_memo", invoice_id, request_id)


def line_items(credit: Credit, line: CreditLine, item: WipItem, source: SourceRecord | None) -> CreditItems:
    """item: of the credited line; of a correction the reversal that stands already, which the memo only claims. source: its record as it stands. A line that is valued anew (`credit.valued`) is credited
    whole, and its item stands for its source still.

    From then on a whole line's restored item stands for its source: a later correction takes that back, not the line again.
    Raises BusinessException("rebill_of_part" | "rebill_of_corrected").
    """
    if credit.remedy is Remedy.CORRECTION:
        return CreditItems(item, stands=True)
    reversal = _reversal(credit, line, item)
    if credit.remedy is Remedy.CONCESSION:
        given_up = replace(_restored(credit, line, item), claimed_by=f"{WRITE_OFF}{credit.memo_id}")
        return CreditItems(reversal, given_up)
    restored = _restored(credit, line, item)
    moves = line.whole and source is not None and source.wip_id == item.wip_id
    if valued := credit.valued.get(line.line_id):
        if not line.whole:
            raise BusinessException("rebill_of_part", invoice_id=credit.invoice_id, line_id=line.line_id)
        if not moves:
            raise BusinessException("rebill_of_corrected", invoice_id=credit.invoice_id, line_id=line.line_id)
        restored = replace(restored, valuation=valued, value=valued.value)
    if not moves or source is None:
        return CreditItems(reversal, restored)
    after = replace(source, wip_id=restored.wip_id, value=restored.value)
    return CreditItems(reversal, restored, source=after, previous=source)


def undo_items(credit: Credit, line: CreditLine, restored: WipItem | None, source: SourceRecord | None) -> CreditUndone:
    """The memo ended without being posted. restored, source: as they stand now.

    Where the restored value is still untouched both sides go: as if nothing had been asked. Where it was billed, valued
    anew or corrected meanwhile, the reversal is open again and the next run sets it off.
    """
    reversal_id = reversal_id_of(credit, line)
    if restored is None or restored.value != line.net:
        return CreditUndone(reversal_id)
    if restored.claimed_by == credit.memo_id:
        return CreditUndone(reversal_id, restored.wip_id)  # buried before
    if restored.claimed_by not in (None, f"{WRITE_OFF}{credit.memo_id}"):
        return CreditUndone(reversal_id)
    if source is None or source.wip_id == line.wip_id or not line.whole or credit.remedy is not Remedy.REBILL:
        return CreditUndone(reversal_id, restored.wip_id)
    if source.wip_id != restored.wip_id:
        return CreditUndone(reversal_id)
    return CreditUndone(reversal_id, restored.wip_id, replace(source, wip_id=line.wip_id), source)


def reversal_id_of(credit: Credit, line: CreditLine) -> str:
    return credit.reversals.get(line.line_id) or derived_id("wip", credit.memo_id, line.line_id, "reversal")


def restored_id(memo_id: str, line_id: str) -> str:
    return derived_id("wip", memo_id, line_id, "restored")


def valued_anew(item: WipItem, unit_price: Decimal | None, quantity: Decimal | None) -> Valuation:
    """The item's valuation at another price per `per`, or for another quantity; its rule says that a credit did it."""
    was = item.valuation
    price = Money(unit_price, item.value.currency) if unit_price is not None else was.unit_price
    return replace(
        was, unit_price=price, quantity=was.quantity if quantity is None else quantity, rule=f"rebilled, was {was.rule}"
    )


def _reversal(credit: Credit, line: CreditLine, item: WipItem) -> WipItem:
    part = item.valuation if line.whole else Valuation.of_amount(line.net, _rule_of_part(item))
    return replace(
        item,
        wip_id=reversal_id_of(credit, line),
        description=f"Credit of {item.description}",
        value=-line.net,
        valuation=part.negated(),
        reverses=item.wip_id,
        claimed_by=credit.memo_id,
    )


def _rule_of_part(item: WipItem) -> str:
    """A part of a fee is a fee: no clause discounts or covers it."""
    return item.valuation.rule if is_fee(item) else "part_credited"


def _restored(credit: Credit, line: CreditLine, item: WipItem) -> WipItem:
    """Named as ours, no more as the record of the system it came from: there it stands on the invoice that was credited."""
    ref = ExternalRef(OURS, item.source_ref.kind, item.source_ref.id) if item.source_ref else None
    return replace(
        item,
        wip_id=restored_id(credit.memo_id, line.line_id),
        value=line.net,
        valuation=item.valuation if line.whole else Valuation.of_amount(line.net, _rule_of_part(item)),
        reverses=None,
        source_ref=ref,
        claimed_by=None,
    )
