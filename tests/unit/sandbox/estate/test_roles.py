"""Which systems a run has: the deployment's, or those that are asked for."""

from __future__ import annotations

from importlib import import_module
from inspect import getmembers, isfunction
from typing import Any

import pytest

from infra.deployment import load
from sandbox.estate import registered, roles
from sandbox.estate.processes import EstateError
from sandbox.firm.desks import CrmDesk, ErpDesk, PsaDesk

NOBODY: dict[str, str | None] = {"crm": None, "psa": None, "erp": None}
DESKS: dict[str, Any] = {"crm": CrmDesk, "psa": PsaDesk, "erp": ErpDesk}


def test_nothing_asked_is_the_deployments_own() -> None:
    assert roles.chosen("sandbox", NOBODY) == dict(load("sandbox").roles)


@pytest.mark.parametrize("role", DESKS)
def test_every_registered_system_can_be_asked_for_and_is_deployed_alone(role: str) -> None:
    for system in registered.of_role(role):
        chosen = roles.chosen("sandbox", NOBODY | {role: system})
        deployment = load("sandbox", roles=chosen)
        assert deployment.roles == chosen and deployment.systems == sorted(chosen.values())
        assert roles.called(chosen)[role] == registered.systems()[system].called


def test_an_unknown_system_is_refused_with_those_there_are() -> None:
    with pytest.raises(EstateError, match="'sage' is no erp that this firm can have; there are: .*netsuite"):
        roles.chosen("sandbox", NOBODY | {"erp": "sage"})


def test_a_system_of_another_role_is_refused() -> None:
    with pytest.raises(EstateError, match="'netsuite' is no psa"):
        roles.chosen("sandbox", NOBODY | {"psa": "netsuite"})


@pytest.mark.parametrize("role", DESKS)
def test_people_can_do_everything_at_every_registered_system(role: str) -> None:
    """By the signature of open_desk mypy holds the rest."""
    wanted = {name for name, _ in getmembers(DESKS[role], isfunction) if not name.startswith("_")}
    for system in registered.of_role(role):
        module = import_module(f"sandbox.{system}.desk")
        assert module.open_desk.__annotations__["return"] == DESKS[role].__name__
        made = [each for each in vars(module).values() if isinstance(each, type) and wanted <= set(dir(each))]
        assert made, f"{system}: no desk can all of {sorted(wanted)}"
