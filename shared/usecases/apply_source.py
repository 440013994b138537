"""What a delivery of a source record changes: a new item, a reversal and a new item, a reversal alone, or nothing."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.contract import Contract
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.money import Money
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.usecases.carry_write_offs import carry_write_offs


def apply_source(
    previous: SourceRecord | None,
    current: WipItem | None,
    wanted: WipItem | None,
    *,
    source_id: str,
    ref: ExternalRef,
    sequence: int,
    contract: Contract,
    project_id: str,
) -> tuple[SourceRecord, tuple[WipItem, ...]]:
    """(the source record as it stands after this version, the items to add).

    previous: what we knew, None for a record never seen. current: the item of `previous.wip_id`, None if that is None.
    wanted: the item this version stands for, None once it is withdrawn. An older or the same version changes nothing:
    `previous` comes back with no items. A version that changes no money, such as a corrected note, moves the sequence
    only. Items are immutable: a change is a reversal of the old item and a new one, whether or not it was billed.
    Source: docs/billing.md, "Corrections".
    """
    if previous and sequence <= previous.sequence:
        return previous, ()
    if previous and previous.wip_id and (current is None or current.wip_id != previous.wip_id):
        raise ValueError(f"apply_source needs the item {previous.wip_id} that stands for {source_id} now")
    if current and wanted and bills_the_same(current, wanted):
        record = _record(current, source_id, ref, sequence, contract, project_id)
        return carry_write_offs(previous, current, record, ())
    items = [reversal_of(current, sequence)] if current else []
    if wanted:
        items.append(wanted)
    record = _record(wanted, source_id, ref, sequence, contract, project_id)
    if wanted is None and previous:
        record = replace(record, value=Money.zero(previous.value.currency))
    return carry_write_offs(previous, current, record, items)


def bills_the_same(current: WipItem, wanted: WipItem) -> bool:
    """True if the customer would pay the same for the same: who, when, where, how much and at what price.

    Notes, approvers, descriptions and the version of an unchanged rate are no reason to rebill.
    """
    return _billed(current) == _billed(wanted)


def reversal_of(item: WipItem, sequence: int) -> WipItem:
    """The item taken back by version `sequence` of its source: quantity and value negated, open for the next invoice."""
    return replace(
        item,
        wip_id=derived_id("wip", item.source_id, str(sequence), "reversal"),
        source_sequence=sequence,
        description=f"Correction of {item.description}",
        value=-item.value,
        valuation=item.valuation.negated(),
        reverses=item.wip_id,
        claimed_by=None,
        adjusted_by=(),
    )


def _record(
    item: WipItem | None, source_id: str, ref: ExternalRef, sequence: int, contract: Contract, project_id: str
) -> SourceRecord:
    return SourceRecord(
        source_id=source_id,
        ref=ref,
        sequence=sequence,
        contract_id=item.contract_id if item else contract.contract_id,
        project_id=item.project_id if item else project_id,
        legal_entity_id=item.legal_entity_id if item else contract.legal_entity_id,
        wip_id=item.wip_id if item else None,
        value=item.value if item else Money.zero(contract.currency),
    )


def _billed(item: WipItem) -> tuple[object, ...]:
    price = item.valuation
    return (
        item.kind,
        item.legal_entity_id,
        item.customer_id,
        item.contract_id,
        item.line_id,
        item.project_id,
        item.person,
        item.role,
        item.worked_on,
        item.value,
        (price.quantity, price.unit, price.unit_price, price.per),
    )
