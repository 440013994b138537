"""An accepted milestone becomes WIP, once, at the amount that was signed."""

from __future__ import annotations

from shared.domain.contract import Contract, ContractLine, LineKind
from shared.domain.identity import derived_id
from shared.domain.project import Milestone, Project
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.faults import BusinessException

MILESTONE_SEQUENCE = 1
"""Accepted once: later news about the milestone does not bill it again."""


def milestone_item(*, contract: Contract, project: Project, milestone: Milestone) -> WipItem:
    """The item of one milestone, worked on the day it was completed.

    Raises BusinessException("milestone_not_completed"), BusinessException("approval_missing") while nobody has
    accepted the deliverable, and BusinessException("line_missing") if the contract promises no such milestone.
    Source: docs/billing.md, "Milestones".
    """
    if milestone.completed_on is None:
        raise BusinessException("milestone_not_completed", milestone_id=milestone.milestone_id, name=milestone.name)
    if not milestone.approver:
        raise BusinessException("approval_missing", milestone_id=milestone.milestone_id, name=milestone.name)
    line = _line_of(contract, milestone)
    valuation = Valuation.of_amount(line.value.rounded(), "milestone")
    return WipItem(
        wip_id=derived_id("wip", milestone.milestone_id, str(MILESTONE_SEQUENCE), "item"),
        kind=WipKind.MILESTONE,
        legal_entity_id=contract.legal_entity_id,
        customer_id=contract.customer_id,
        contract_id=contract.contract_id,
        line_id=line.line_id,
        project_id=project.project_id,
        source_id=milestone.milestone_id,
        source_sequence=MILESTONE_SEQUENCE,
        description=f"{line.description}: accepted by {milestone.approver}",
        person=None,
        role=None,
        worked_on=milestone.completed_on,
        value=valuation.value,
        valuation=valuation,
        approved_at=milestone.approved_at,
        approver=milestone.approver,
        source_ref=milestone.ref,
    )


def _line_of(contract: Contract, milestone: Milestone) -> ContractLine:
    """Names are compared without case and outer blanks: people type them twice, in CRM and in PSA."""
    wanted = milestone.name.strip().casefold()
    lines = [
        line
        for line in contract.lines
        if line.kind is LineKind.MILESTONE and (line.milestone or "").strip().casefold() == wanted
    ]
    if len(lines) != 1:
        raise BusinessException(
            "line_missing" if not lines else "line_ambiguous",
            contract_id=contract.contract_id,
            kind=LineKind.MILESTONE,
            milestone_id=milestone.milestone_id,
            name=milestone.name,
        )
    return lines[0]
