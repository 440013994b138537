"""What an amendment means for billed work: a plan of credit and rebill, and the exception that holds it until somebody decides."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from functions.processes.amending import Amending
from shared.domain.credit import PlanStep
from shared.domain.identity import derived_id
from shared.ports.ports import Ports
from shared.runtime.trouble import raise_trouble, settle
from shared.usecases.open_exception import exception_id
from shared.usecases.value_of_clause import OF_CLAUSE

AMENDMENT_PLAN = "amendment_plan"


@cache
def steps_codec() -> TypeAdapter[tuple[PlanStep, ...]]:
    """Of the document that the fact `document` of the exception names."""
    return TypeAdapter(tuple[PlanStep, ...])


def plan_amendment(held: Amending, ports: Ports) -> None:
    """Told again, the same plan is one exception; what somebody decided stays decided."""
    subject = f"{held.amendment.contract_id}:{held.amendment.amendment_id}"
    standing = ports.exceptions.find(exception_id(AMENDMENT_PLAN, subject))
    if standing and standing.resolved_at is not None:
        return
    steps = steps_of(held)
    if steps:
        _tell(held, subject, steps, ports)
    elif standing:
        settle(ports, standing.exception_id, "cause_gone", by="billweave")


def steps_of(held: Amending) -> tuple[PlanStep, ...]:
    """Lines of the plan that change an amount. An instalment or milestone that the contract no longer asks for is given up;
    work of a line that ended is open again, and held as such."""
    found = []
    for item in held.items:
        new = held.revalued.get(item.wip_id)
        if item.wip_id not in {line.wip_id for line in held.effect.plan if line.difference.amount} or new is None:
            continue
        becomes = new.item.valuation if new.item else None
        gone = new.item is None and item.kind in OF_CLAUSE
        found.append(PlanStep(item.claimed_by or "", item.wip_id, item.value, becomes, gone))
    return tuple(sorted(found, key=lambda step: (step.invoice_id, step.wip_id)))


def _tell(held: Amending, subject: str, steps: tuple[PlanStep, ...], ports: Ports) -> None:
    body = steps_codec().dump_json(steps)
    contract, effect = held.after, held.effect
    key = f"amendment_plans/{contract.contract_id}/{derived_id('amendment_plan', body.decode())}.json"
    ports.documents.put(key, body)
    wanted = {step.wip_id for step in steps}
    lines = [line for line in effect.plan if line.wip_id in wanted]
    credited = sum(line.credit.amount for line in lines)
    rebilled = sum(line.rebill.amount for line in lines)
    raise_trouble(
        ports,
        AMENDMENT_PLAN,
        subject,
        legal_entity_id=contract.legal_entity_id,
        correlation_id=contract.contract_id,
        facts={
            "contract_id": contract.contract_id,
            "project": contract.project_name,
            "amendment_id": held.amendment.amendment_id,
            "submitter": held.amendment.submitter,
            "document": key,
            "lines": str(len(lines)),
            "invoices": str(len({line.invoice_id for line in lines})),
            "credited": str(credited),
            "rebilled": str(rebilled),
            "difference": str(rebilled - credited),
            "currency": contract.currency,
        },
    )
