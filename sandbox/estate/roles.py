"""Which system has which role: the deployment's file says so, unless another is asked for."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from sandbox.estate import registered
from sandbox.estate.processes import ROOT, EstateError

DEPLOYMENTS = ROOT / "infra/deployments"


def of_deployment(deployment: str) -> dict[str, str]:
    """{"crm": system, "psa": system, "erp": system}."""
    told: dict[str, str] = yaml.safe_load((DEPLOYMENTS / f"{deployment}.yaml").read_text())["roles"]
    return told


def chosen(deployment: str, asked: Mapping[str, str | None]) -> dict[str, str]:
    """The deployment's, with those that are asked for in their places. Raises EstateError naming what there is."""
    for role, system in asked.items():
        if system and system not in (there := registered.of_role(role)):
            raise EstateError(f"{system!r} is no {role} that this firm can have; there are: {', '.join(there)}")
    return of_deployment(deployment) | {role: system for role, system in asked.items() if system}


def called(roles: Mapping[str, str]) -> dict[str, str]:
    """By role, what people call its system."""
    return {role: registered.systems()[system].called for role, system in roles.items()}
