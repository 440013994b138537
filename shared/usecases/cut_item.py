"""One item cut in two by a balanced pair: what it is billed less by, and the same amount held for later."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.identity import ExternalRef, derived_id
from shared.domain.money import Money
from shared.domain.source import SourceRecord
from shared.domain.wip import Valuation, WipItem
from shared.usecases.hold_over_cap import OVER_CAP, OVER_LIMIT, Cut

CUT = "cut"
WORDS = {OVER_CAP: "over the cap", OVER_LIMIT: "over the expense limit"}


def cut_id(wip_id: str, reason: str) -> str:
    """The source of the pair: an item is cut once at a time for one reason, whoever runs."""
    return derived_id("cut", reason, wip_id)


def pair_ids(source_id: str, sequence: int) -> tuple[str, str]:
    """Of (minus, plus) of one cut."""
    return derived_id("wip", source_id, str(sequence), "less"), derived_id("wip", source_id, str(sequence), "held")


def cut_item(cut: Cut, previous: SourceRecord | None) -> tuple[SourceRecord, WipItem, WipItem]:
    """(source record, what goes on the invoice beside the item: minus the part over the cap, what is held: plus it).

    Both are worth exactly the same, so that approved work stays what it was. previous: an earlier cut of this item.
    A part in minutes is valued at the item's own price. Source: docs/billing.md, "Caps".
    """
    item, sequence = cut.item, previous.sequence + 1 if previous else 1
    part, source_id = _valuation(cut), cut_id(item.wip_id, cut.reason)
    less_id, held_id = pair_ids(source_id, sequence)
    more = replace(
        item,
        wip_id=held_id,
        source_id=source_id,
        source_sequence=sequence,
        description=f"Held, {WORDS[cut.reason]}: {item.description}",
        value=part.value,
        valuation=part,
        reverses=None,
        source_ref=None,
        claimed_by=None,
    )
    less = replace(
        more,
        wip_id=less_id,
        description=f"Not billed now, {WORDS[cut.reason]}: {item.description}",
        value=-part.value,
        valuation=part.negated(),
    )
    source = SourceRecord(
        source_id=source_id,
        ref=ExternalRef("billweave", CUT, source_id),
        sequence=sequence,
        contract_id=item.contract_id,
        project_id=item.project_id,
        legal_entity_id=item.legal_entity_id,
        wip_id=None,
        value=Money.zero(item.value.currency),
    )
    return source, less, more


def _valuation(cut: Cut) -> Valuation:
    if cut.item.valuation.unit == "minute" and cut.in_minutes:
        return replace(cut.item.valuation, quantity=cut.over, rule=cut.reason)
    return Valuation.of_amount(Money(cut.over, cut.item.value.currency), cut.reason)
