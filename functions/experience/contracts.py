"""A contract by any of its ids: ours, the deal's in the CRM, its project's in the PSA or the ERP."""

from __future__ import annotations

from shared.domain.contract import Contract
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.subject_named import Subject, subject_named


def find(ports: Ports, any_id: str) -> Contract:
    """Raises BusinessException("contract_unknown"), or ("id_ambiguous") naming those that have this id."""

    def known(ours: str) -> Subject | None:
        project = ports.projects.find(ours)
        found = ports.contracts.find(project.contract_id if project else ours)
        return Subject(found.contract_id, found.legal_entity_id) if found else None

    named = subject_named(any_id, known, ports)
    if named is None:
        raise BusinessException("contract_unknown", contract_id=any_id)
    return ports.contracts.get(named.our_id)
