"""The people: they bill, credit, write off and hold by the operations' own functions, and in the evening look after what
stopped. A command that dies under their hands they give again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from drill import wiring
from drill.fate import Died
from drill.world import World
from shared.domain.exception import BillingException, ExceptionStatus
from shared.domain.invoice import InvoiceStatus
from shared.domain.project import ProjectStatus
from shared.faults import Throttled, Transient

APPROVALS = ("invoice_approval_due", "write_off_approval_due")
CONTROLLER = "Cleo Controller"
MOST_TRIES, MOST_ROUNDS = 60, 25


class NeverQuiet(AssertionError):
    """Work went on or stopped anew however often it was looked after."""


def asked(world: World, stem: str, name: str, **fields: Any) -> Any:
    """An operation asked until it answers. Raises BusinessException as it does."""
    step = wiring.operation(stem).step
    command = wiring.input_of(step)(**fields)
    return again(world, f"{stem}/{name}", lambda: step(command, world.ports))


def again(world: World, place: str, act: Callable[[], Any]) -> Any:
    for attempt in range(1, MOST_TRIES):
        try:
            return world.within(place, attempt, act)
        except (Died, Transient, Throttled):
            world.absorb()
    raise NeverQuiet(place)


def evening(world: World) -> None:
    """Until nothing moves: dead letters go back, schedules have their turn, questions are answered."""
    world.evenings += 1
    for number in range(MOST_ROUNDS):
        world.drain()
        world.fake.clock.pass_(minutes=12)
        world.erp.refusals.clear()
        if not (looked_after(world, number) or world.has_work()):
            return
    raise NeverQuiet(f"after {MOST_ROUNDS} rounds")


def looked_after(world: World, number: int) -> bool:
    """Whether anything was done."""
    place = f"{world.fake.clock.now().date()}.{world.evenings}.{number}"
    before = progress(world)
    for queue in [place.removesuffix("-dlq") for place, letters in world.dead.items() if letters]:
        asked(world, "redrive", f"{queue} {place}", queue=queue)
    for stem in ("sweep_outbox", "sweep_parked"):
        step = wiring.operation(stem).step
        again(world, f"{stem}/{place}", lambda each=step: each(world.ports))  # type: ignore[misc]
    world.absorb()
    for trouble, action in list(questions(world)):
        act(world, trouble, action, place)
    for contract_id in list(undrafted(world)):
        bill_again(world, contract_id, place)
    return progress(world) != before


def progress(world: World) -> tuple[int, ...]:
    fake = world.fake
    resolved = sum(each.status is ExceptionStatus.RESOLVED for each in fake.exceptions.rows.values())
    letters = sum(len(each) for each in world.dead.values())
    return len(fake.outbox.published), len(fake.tasks.gone), resolved, letters, len(fake.parking.rows)


def questions(world: World) -> Iterator[tuple[BillingException, str]]:
    """What a person answers: approvals, and what a saga waits for. What waits for data closes by itself."""
    for trouble in list(world.fake.exceptions.list(ExceptionStatus.OPEN)):
        if trouble.type in APPROVALS:
            yield trouble, "reject" if is_first_of_its_contract(world, trouble) else "approve"
        elif trouble.task_token:
            yield trouble, "retry"


def undrafted(world: World) -> Iterator[str]:
    """Contracts that a billing run gave up on: the run went on without them."""
    for trouble in list(world.fake.exceptions.list(ExceptionStatus.OPEN)):
        if trouble.facts.get("step") == "DraftInvoices":
            yield trouble.subject


def bill_again(world: World, contract_id: str, place: str) -> None:
    fields = {"legal_entity_id": "US", "through": world.billed_through, "requested_by": "Ann Accountant"}
    run = f"again-{place.replace('.', '-')}"
    asked(world, "start_billing", f"{contract_id} {place}", run=run, contract_id=contract_id, **fields)
    world.absorb()


def is_first_of_its_contract(world: World, trouble: BillingException) -> bool:
    """The first large invoice of a contract is refused: its work must come on the next one."""
    invoice = world.fake.invoices.find(trouble.subject)
    if invoice is None or invoice.credits:
        return False
    same = (each for each in world.fake.invoices.rows.values() if each.group.contract_id == invoice.group.contract_id)
    return not any(each.status is InvoiceStatus.REJECTED for each in same)


def act(world: World, trouble: BillingException, action: str, place: str) -> None:
    name = f"{trouble.type} {trouble.subject} {place}"
    asked(world, "act_on_exception", name, exception_id=trouble.exception_id, action=action, by=CONTROLLER)
    world.absorb()


def next_morning(world: World, hours: float = 24.0) -> None:
    world.fake.clock.at += timedelta(hours=hours)


def is_active(world: World, project_id: str) -> bool:
    project = world.fake.projects.find(project_id)
    return project is not None and project.status is ProjectStatus.ACTIVE
