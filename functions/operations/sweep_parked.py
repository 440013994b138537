"""Schedule: what is parked though its reason is gone is released. The net under the release in the steps themselves."""

from __future__ import annotations

import json
from datetime import timedelta

from functions.processes.parking import release
from shared.domain.exception import ExceptionStatus
from shared.domain.identity import ExternalRef
from shared.domain.source import Parked
from shared.ports.ports import Ports
from shared.runtime.scheduled import scheduled
from shared.runtime.trouble import settle
from shared.runtime.wiring import AwsPorts
from shared.usecases.group_wip import BILLABLE

REDELIVERED = timedelta(minutes=10)
"""By then a delivery has been tried so often that it is parked, applied or a dead letter."""


@scheduled(wire=AwsPorts.from_env)
def handler(ports: Ports) -> dict[str, int]:
    every = list(ports.parking.all())
    outlived = sum(drop(parked, ports) for parked in every if is_outlived(parked, ports))
    keys = sorted({parked.waiting_for for parked in every})
    released = sum(release(key, ports) for key in keys if is_there(key, ports))
    return {"released": released, "outlived": outlived, "closed": close_forsaken(ports)}


def close_forsaken(ports: Ports) -> int:
    """Exceptions about parked work that was never parked: its handler died after it had raised, and when the delivery came
    again there was nothing left to wait for. Only old ones: a younger one's delivery may be on its way to be parked."""
    before = ports.clock.now() - REDELIVERED
    closed = 0
    for trouble in ports.exceptions.list(ExceptionStatus.OPEN):
        key = trouble.facts.get("waiting_for")
        if key and trouble.raised_at < before and not ports.parking.waiting_for(key):
            closed += settle(ports, trouble.exception_id, "cause_gone", by="billweave") is not None
    return closed


def is_outlived(parked: Parked, ports: Ports) -> bool:
    """Whether this version of its source, or a newer one, has been applied meanwhile: its twin was quicker."""
    told = json.loads(parked.body)["detail"]
    source = ports.wip.source(told["subject"])
    return source is not None and source.sequence >= int(told["sequence"])


def drop(parked: Parked, ports: Ports) -> int:
    """Nothing waits for it any more; the last one of its kind takes the exception along."""
    ports.parking.unpark(parked)
    if parked.exception_id and not ports.parking.waiting_for(parked.waiting_for):
        settle(ports, parked.exception_id, "cause_gone", by="billweave")
    return 1


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
