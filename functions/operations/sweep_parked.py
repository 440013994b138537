"""Schedule: what is parked though its reason is gone is released. The net under the release in the steps themselves."""

from __future__ import annotations

from functions.processes.parking import release
from shared.domain.identity import ExternalRef
from shared.ports.ports import Ports
from shared.runtime.scheduled import scheduled
from shared.runtime.wiring import AwsPorts
from shared.usecases.group_wip import BILLABLE


@scheduled(wire=AwsPorts.from_env)
def handler(ports: Ports) -> dict[str, int]:
    keys = sorted({parked.waiting_for for parked in ports.parking.all()})
    return {"released": sum(release(key, ports) for key in keys if is_there(key, ports))}


def is_there(waiting_for: str, ports: Ports) -> bool:
    """Whether what was waited for has come. A rate card or contract that changed releases by itself, a repeat included;
    to try those every minute would raise their exceptions again every minute."""
    kind, _, rest = waiting_for.partition(":")
    if kind == "reference":
        system, ref_kind, ref_id = rest.split(":", 2)
        return ports.references.canonical(ExternalRef(system, ref_kind, ref_id)) is not None
    if kind == "project":
        project = ports.projects.find(rest)
        return project is not None and project.status in BILLABLE
    return False
