"""The projects of a contract: its first, named like the deal, and one for every other name that its lines give."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.contract import Contract, ContractLine
from shared.domain.identity import derived_id


def contract_projects(contract: Contract) -> Mapping[str, str]:
    """Name by project id, the first project first. Ids follow from contract and name: asking again names the same ones."""
    first = {derived_id("project", contract.contract_id): contract.project_name}
    named = dict.fromkeys(name for line in contract.lines for name in line.projects if name != contract.project_name)
    return first | {derived_id("project", contract.contract_id, name): name for name in named}


def lines_of(project_id: str, contract: Contract) -> tuple[ContractLine, ...]:
    """Those whose work goes on the project; what names no project goes on the first one."""
    projects = contract_projects(contract)
    name, is_first = projects.get(project_id), project_id == next(iter(projects))
    return tuple(line for line in contract.lines if name in line.projects or (not line.projects and is_first))
