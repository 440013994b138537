"""Missing data supplied: whose project another system's project is. What waited for it is released."""

from __future__ import annotations

from functions.operations.acts.command import ActOnException, need
from functions.processes.parking import release
from shared.domain.exception import BillingException
from shared.domain.identity import ExternalRef
from shared.faults import BusinessException
from shared.ports.ports import Ports

REFERENCE = "reference:"


def effect(trouble: BillingException, ports: Ports) -> str:
    if not trouble.subject.startswith(REFERENCE):
        return "not possible: what is missing here is kept by its own system"
    waiting = len(ports.parking.waiting_for(trouble.subject))
    return f"{reference_of(trouble)} is linked to the project you name, for good; {waiting} parked deliveries go on"


def before_end(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    """Raises BusinessException("action_lacks" | "nothing_to_supply" | "project_unknown" | "reference_taken")."""
    if not trouble.subject.startswith(REFERENCE):
        raise BusinessException("nothing_to_supply", subject=trouble.subject)
    project = ports.projects.get(need(command, "project_id"))
    ports.references.link(reference_of(trouble), project.project_id)


def after_end(trouble: BillingException, ports: Ports) -> None:
    release(trouble.subject, ports)


def reference_of(trouble: BillingException) -> ExternalRef:
    system, kind, ref_id = trouble.subject.removeprefix(REFERENCE).split(":", 2)
    return ExternalRef(system, kind, ref_id)
