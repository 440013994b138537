"""`billweave amend`: a signed amendment takes effect, once; open work follows it, what is billed gets a plan for review."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from events.contract_amended.v1 import AmendmentPaper, ContractAmended
from events.envelope import AnyEnvelope
from functions.processes.amending import Amending, correct_open_work, hold_against
from functions.processes.amending_view import effect_view
from functions.processes.amendment_paper import amendment_of
from functions.processes.amendment_plan import plan_amendment
from functions.processes.parking import release
from shared.domain.source import Applied
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts


class AmendContract(Input):
    """by: who brings it; approver: who approved it, somebody else. dry_run: shows what it would do and writes nothing."""

    amendment: AmendmentPaper
    by: str = Field(min_length=1)
    approver: str = Field(min_length=1)
    dry_run: bool = False


@process_step(AmendContract, wire=AwsPorts.from_env)
def handler(command: AmendContract, ports: Ports) -> dict[str, Any]:
    """{"amendment_id", "applied": "new" | "duplicate" | "dry_run", "corrected", "released", "effect"}.

    A repeat goes on where the first one may have died; the effect it tells is what is left to do. Raises
    BusinessException("amendment_unfit") with the place in the JSON, ("amendment_taken"), ("approver_is_submitter").
    """
    paper = command.amendment
    amendment = amendment_of(paper, submitter=command.by, approver=command.approver, recorded_at=ports.clock.now())
    held = hold_against(amendment, ports)
    told = {"amendment_id": amendment.amendment_id, "contract_id": amendment.contract_id, "effect": effect_view(held)}
    if command.dry_run:
        return told | {"applied": "dry_run", "corrected": 0, "released": 0}
    applied = apply(paper, held, ports)
    corrected = correct_open_work(held, ports)
    plan_amendment(held, ports)
    released = release(f"contract:{amendment.contract_id}", ports)
    return told | {"applied": applied.value, "corrected": corrected, "released": released}


def apply(paper: AmendmentPaper, held: Amending, ports: Ports) -> Applied:
    signed = max(version.sequence for version in held.history.signed)
    return ports.contracts.amend(
        held.after, held.amendment, signed_sequence=signed, events=[contract_amended(paper, held)]
    )


def contract_amended(paper: AmendmentPaper, held: Amending) -> AnyEnvelope:
    amendment = held.amendment
    return announce(
        ContractAmended(
            **{name: getattr(paper, name) for name in AmendmentPaper.model_fields},
            recorded_at=amendment.recorded_at,
            submitter=amendment.submitter,
            approver=amendment.approver,
        ),
        process="amendments",
        subject=amendment.contract_id,
        happening=amendment.amendment_id,
        at=amendment.recorded_at,
        correlation_id=amendment.contract_id,
        legal_entity=held.after.legal_entity_id,
    )
