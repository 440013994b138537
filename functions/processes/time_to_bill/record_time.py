"""time.approved: the entry as it stands now becomes WIP under the rate of its day."""

from __future__ import annotations

from events.envelope import AnyEnvelope
from events.time_approved.v1 import TimeApproved
from functions.processes.from_events import ref_of
from functions.processes.place import Place, Places
from functions.processes.time_to_bill.card_currency import in_contract_currency
from functions.processes.time_to_bill.record_source import record_source
from shared.domain.contract import Contract
from shared.domain.project import Project
from shared.domain.rate_card import RateCard
from shared.domain.source import Applied
from shared.domain.terms import WorkKind
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.wiring import AwsPorts
from shared.usecases.signed_card import as_signed, signed_card
from shared.usecases.value_time import value_time

QUEUE = "time"


@event_consumer(TimeApproved, wire=AwsPorts.from_env, per_batch=dict)
def handler(event: AnyEnvelope, ports: Ports, places: Places | None = None) -> Applied | None:
    def item(found: Place) -> WipItem | None:
        return in_contract_currency(found, event.data.worked_on, lambda place: to_item(event, place), ports)

    return record_source(event, item, queue=QUEUE, ports=ports, places=places)


def to_item(event: AnyEnvelope, found: Place) -> WipItem | None:
    """Raises BusinessException("rate_missing") while the project has no rate card."""
    entry: TimeApproved = event.data
    if entry.state == "withdrawn" or entry.minutes == 0:
        return None
    contract = found.contract_on(entry.worked_on)
    signed = signed_card(contract, role=entry.role, worked_on=entry.worked_on)
    card = signed or found.card
    if card is None:
        raise BusinessException("rate_missing", project_id=found.project.project_id)
    item = priced(entry, event.sequence, contract, found.project, card)
    return as_signed(item) if signed else item


def priced(entry: TimeApproved, sequence: int, contract: Contract, project: Project, card: RateCard) -> WipItem:
    return value_time(
        contract=contract,
        project=project,
        card=card,
        entry_id=entry.entry_id,
        entry_ref=ref_of(entry.ref),
        sequence=sequence,
        person=entry.person.name,
        person_id=entry.person.ref.id,
        role=entry.role,
        task=entry.task,
        worked_on=entry.worked_on,
        minutes=entry.minutes,
        approved_at=entry.approved_at,
        approver=entry.approver,
        task_id=entry.task_ref.id if entry.task_ref else None,
        assignment_id=entry.assignment_ref.id if entry.assignment_ref else None,
        region=entry.region,
        work_kind=WorkKind(entry.work_kind) if entry.work_kind else None,
    )
