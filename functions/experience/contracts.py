"""A contract by any of its ids: ours, the deal's in the CRM, its project's in the PSA."""

from __future__ import annotations

from shared.domain.contract import Contract
from shared.faults import BusinessException
from shared.ports.ports import Ports


def find(ports: Ports, any_id: str) -> Contract:
    """Raises BusinessException("contract_unknown")."""
    if found := ports.contracts.find(any_id):
        return found
    for _, canonical in ports.references.look_up(any_id):
        project = ports.projects.find(canonical)
        if found := ports.contracts.find(project.contract_id if project else canonical):
            return found
    raise BusinessException("contract_unknown", contract_id=any_id)
