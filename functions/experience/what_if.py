"""What an amendment would do to a contract and all that was made of it: shown, and nothing written."""

from __future__ import annotations

from typing import Any

from events.contract_amended.v1 import AmendmentPaper
from events.paper import faults_of
from functions.experience.answers import WhatIf
from functions.processes.amending import hold_against
from functions.processes.amending_view import effect_view
from functions.processes.amendment_paper import amendment_of
from shared.faults import BusinessException
from shared.ports.ports import Ports

NOBODY, NOBODY_YET = "whoever asks", "nobody yet"
"""Who brings it and who approves it is asked when it is applied."""


def what_if(ports: Ports, contract_id: str, raw: dict[str, Any]) -> WhatIf:
    """raw: the amendment's JSON. Raises BusinessException("amendment_unfit") naming the place that is wrong, and
    ("amendment_taken" | "contract_unknown")."""
    if wrong := faults_of(AmendmentPaper, raw):
        raise BusinessException("amendment_unfit", at=wrong[0].place, why="; ".join(map(str, wrong)))
    paper = AmendmentPaper.model_validate(raw)
    if paper.contract_id != contract_id:
        raise BusinessException("amendment_unfit", at="contract_id", why=f"is not {contract_id}, which was asked about")
    now = ports.clock.now()
    amendment = amendment_of(paper, submitter=NOBODY, approver=NOBODY_YET, recorded_at=now)
    return WhatIf.model_validate(effect_view(hold_against(amendment, ports.dry())))
