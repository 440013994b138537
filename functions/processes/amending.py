"""An amendment held against the contract and all that was made of it: what it changes, and the open work it corrects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from events.envelope import AnyEnvelope
from events.expense_approved.v1 import ExpenseApproved
from events.time_approved.v1 import TimeApproved
from functions.processes.place import Place
from functions.processes.time_to_bill import record_expense, record_time
from functions.processes.wip_recorded import wip_recorded
from shared.domain.amendment import Amendment, ContractHistory
from shared.domain.contract import Contract
from shared.domain.identity import derived_id
from shared.domain.invoice import Invoice
from shared.domain.project import Project
from shared.domain.source import Applied
from shared.domain.wip import WipItem, WipKind
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.amendment_effect import AmendmentEffect, Revalued, amendment_effect, standing_items
from shared.usecases.apply_source import apply_source, bills_the_same
from shared.usecases.contract_as_of import contract_as_of
from shared.usecases.invoice_life import ENDED
from shared.usecases.value_of_clause import OF_CLAUSE, value_of_clause

ToItem = Callable[[AnyEnvelope, Place], WipItem | None]
_VALUED_BY: dict[str, ToItem] = {
    TimeApproved.event_type: record_time.to_item,
    ExpenseApproved.event_type: record_expense.to_item,
}
_FROM_SOURCE = frozenset({WipKind.TIME, WipKind.EXPENSE})


@dataclass(frozen=True, slots=True)
class Amending:
    """history: with the amendment in it. before, after: the contract without it and with it, every day considered.

    items: all of the contract; invoices: those that claim any, by id. revalued: by wip_id, what the amendment governs.
    """

    amendment: Amendment
    history: ContractHistory
    before: Contract
    after: Contract
    items: tuple[WipItem, ...]
    invoices: dict[str, Invoice]
    revalued: dict[str, Revalued]

    @property
    def effect(self) -> AmendmentEffect:
        return amendment_effect(
            self.before, self.after, items=self.items, revalued=self.revalued, invoices=self.invoices
        )


def hold_against(amendment: Amendment, ports: Ports) -> Amending:
    """Reads only. Raises BusinessException("contract_unknown" | "amendment_unfit" | "approver_is_submitter" |
    "amendment_taken")."""
    standing = ports.contracts.history(amendment.contract_id)
    others = tuple(each for each in standing.amendments if each.amendment_id != amendment.amendment_id)
    known = next((each for each in standing.amendments if each.amendment_id == amendment.amendment_id), None)
    if known and not known.says_the_same_as(amendment):
        raise BusinessException("amendment_taken", amendment_id=amendment.amendment_id, words=known.words)
    amendment = known or amendment
    history = ContractHistory(standing.signed, (*others, amendment))
    without = ContractHistory(standing.signed, others)
    before = contract_as_of(without)
    invoices = invoices_of(before, ports)
    items = items_of(before, invoices, ports)
    return Amending(
        amendment=amendment,
        history=history,
        before=before,
        after=contract_as_of(history),
        items=items,
        invoices=invoices,
        revalued=revalue(amendment, without, history, items, ports),
    )


def invoices_of(contract: Contract, ports: Ports) -> dict[str, Invoice]:
    """Those that still have their items, by id."""
    every = ports.invoices.of_legal_entity(contract.legal_entity_id)
    ours = (each for each in every if contract.contract_id in each.contract_ids and each.status not in ENDED)
    return {each.invoice_id: each for each in ours}


def items_of(contract: Contract, invoices: dict[str, Invoice], ports: Ports) -> tuple[WipItem, ...]:
    claimed = (item for invoice_id in sorted(invoices) for item in ports.wip.claimed_by(invoice_id))
    mine = (item for item in claimed if item.contract_id == contract.contract_id)
    found = {item.wip_id: item for item in (*mine, *ports.wip.open_of(contract.contract_id))}
    return tuple(item for item in found.values() if item.claimed_by is None or item.claimed_by in invoices)


def revalue(
    amendment: Amendment,
    without: ContractHistory,
    history: ContractHistory,
    items: tuple[WipItem, ...],
    ports: Ports,
) -> dict[str, Revalued]:
    """Work from the amendment's day on, and every instalment, where the amendment makes the difference.

    Valued with it and without it: what differs from the item for another reason, such as a newer rate card, is not the
    amendment's doing.
    """
    found: dict[str, Revalued] = {}
    places: dict[str, tuple[Place, Place]] = {}
    for item in standing_items(items):
        if item.kind in OF_CLAUSE:
            was, becomes = _by_clause(item, without), _by_clause(item, history)
        elif item.kind in _FROM_SOURCE and item.worked_on >= amendment.effective_on:
            if item.project_id not in places:
                places[item.project_id] = (
                    _place(item.project_id, without, ports),
                    _place(item.project_id, history, ports),
                )
            was, becomes = (_by_source(item, place, ports) for place in places[item.project_id])
        else:
            continue
        if not _same(was, becomes):
            found[item.wip_id] = becomes
    return found


def _same(was: Revalued, becomes: Revalued) -> bool:
    if was.item is None or becomes.item is None:
        return was.item is becomes.item
    return bills_the_same(was.item, becomes.item)


def _by_clause(item: WipItem, history: ContractHistory) -> Revalued:
    wanted = value_of_clause(item, contract_as_of(history))
    return Revalued(wanted, "" if wanted else "the contract no longer asks for it")


def _place(project_id: str, history: ContractHistory, ports: Ports) -> Place:
    project: Project = ports.projects.get(project_id)
    return Place(project, contract_as_of(history), ports.rate_cards.of_project(project_id), history)


def _by_source(item: WipItem, place: Place, ports: Ports) -> Revalued:
    """Valued anew from what the source said, by the very step that valued it first.

    An item whose event the log does not have (it is older than the log) keeps its value, unless its line has ended.
    """
    told = [event for event in ports.event_log.of_subject(item.source_id) if event.type in _VALUED_BY]
    if not told:
        line = place.contract_on(item.worked_on).line(item.line_id)
        return Revalued(item if line else None, "" if line else "its line takes no work of this day")
    newest = max(told, key=lambda event: event.sequence)
    try:
        return Revalued(_VALUED_BY[newest.type](newest, place), "")
    except BusinessException as refusal:
        return Revalued(None, refusal.code)


def correct_open_work(held: Amending, ports: Ports) -> int:
    """Open items that the amendment re-rates or moves: a reversal and a new item each, as for any correction.

    What is not billable any more stays open and is held; what an invoice has is in the plan, for a person to review.
    Repeating it corrects nothing twice: an item that is right is left alone.
    """
    corrected = 0
    for item in standing_items(held.items):
        wanted = held.revalued.get(item.wip_id)
        if item.claimed_by is None and wanted and wanted.item and not bills_the_same(item, wanted.item):
            corrected += _correct(item, wanted.item, held.after, ports)
    return corrected


def _correct(item: WipItem, wanted: WipItem, contract: Contract, ports: Ports) -> bool:
    """Under the source's next version number, which its own next version (a later moment) is still past."""
    previous = ports.wip.source(item.source_id)
    if previous is None or previous.wip_id != item.wip_id:
        return False
    sequence = previous.sequence + 1
    wip_id = derived_id("wip", item.source_id, str(sequence), "item")
    renewed = replace(wanted, wip_id=wip_id, source_sequence=sequence, claimed_by=None)
    source, items = apply_source(
        previous,
        item,
        renewed,
        source_id=item.source_id,
        ref=previous.ref,
        sequence=sequence,
        contract=contract,
        project_id=item.project_id,
    )
    events = [wip_recorded(each, None, ports) for each in items]
    return ports.wip.record(source, items, previous=previous, events=events) is Applied.NEW
