"""Which line of a contract work goes on."""

from __future__ import annotations

from shared.domain.contract import Contract, ContractLine, LineKind
from shared.faults import BusinessException


def line_for(contract: Contract, kind: LineKind, project_name: str) -> ContractLine:
    """The line of the kind that names the project; else the one that names none. Names are compared without case and
    outer blanks: people type them twice, in CRM and in PSA.

    Raises BusinessException("line_missing") and, where two fit equally, BusinessException("line_ambiguous"): nobody
    guesses under whose cap work goes.
    """
    wanted = project_name.strip().casefold()
    of_kind = [line for line in contract.lines if line.kind is kind]
    naming = [line for line in of_kind if wanted in {name.strip().casefold() for name in line.projects}]
    found = naming or [line for line in of_kind if not line.projects]
    facts = {"contract_id": contract.contract_id, "kind": kind.value, "project": project_name}
    if not found:
        raise BusinessException("line_missing", **facts)
    if len(found) > 1:
        raise BusinessException("line_ambiguous", lines=",".join(line.line_id for line in found), **facts)
    return found[0]
