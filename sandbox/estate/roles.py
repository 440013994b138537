"""Which system has which role: the deployment's file says so, unless another is asked for."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from sandbox.estate.processes import ROOT

DEPLOYMENTS = ROOT / "infra/deployments"


def of_deployment(deployment: str) -> Mapping[str, str]:
    """{"crm": system, "psa": system, "erp": system}."""
    told: Mapping[str, str] = yaml.safe_load((DEPLOYMENTS / f"{deployment}.yaml").read_text())["roles"]
    return told
