"""expense.approved: the expense as it stands now becomes WIP at cost."""

from __future__ import annotations

from events.envelope import AnyEnvelope
from events.expense_approved.v1 import ExpenseApproved
from functions.processes.from_events import money_of, ref_of
from functions.processes.place import Place, Places
from functions.processes.time_to_bill.expense_currency import cost_in_contract_currency
from functions.processes.time_to_bill.record_source import record_source
from shared.domain.money import Money
from shared.domain.source import Applied
from shared.domain.wip import WipItem
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.wiring import AwsPorts
from shared.usecases.expense_item import expense_item

QUEUE = "expense"


@event_consumer(ExpenseApproved, wire=AwsPorts.from_env, per_batch=dict)
def handler(event: AnyEnvelope, ports: Ports, places: Places | None = None) -> Applied | None:
    expense: ExpenseApproved = event.data

    def item(found: Place) -> WipItem | None:
        return cost_in_contract_currency(
            found, money_of(expense.value), expense.incurred_on, lambda cost: to_item(event, found, cost), ports
        )

    return record_source(event, item, queue=QUEUE, ports=ports, places=places)


def to_item(event: AnyEnvelope, found: Place, cost: Money | None = None) -> WipItem | None:
    """cost: in the contract's currency; None: as it was paid."""
    expense: ExpenseApproved = event.data
    if expense.state == "withdrawn" or expense.value.amount == 0:
        return None
    return expense_item(
        contract=found.contract_on(expense.incurred_on),
        project=found.project,
        expense_id=expense.expense_id,
        expense_ref=ref_of(expense.ref),
        sequence=event.sequence,
        person=expense.person.name,
        category=expense.category,
        incurred_on=expense.incurred_on,
        value=cost or money_of(expense.value),
        approved_at=expense.approved_at,
        approver=expense.approver,
    )
