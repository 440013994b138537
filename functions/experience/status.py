"""One look at what stands where: counts, invoices by status, open exceptions by owner, what is parked."""

from __future__ import annotations

from collections import Counter
from typing import Any

from functions.experience.exceptions import exceptions
from functions.experience.invoices import invoices
from functions.experience.projects import parked, projects
from shared.ports.ports import Ports


def status(ports: Ports) -> dict[str, Any]:
    policies = ports.policies.current()
    entities = [entity.legal_entity_id for entity in policies.legal_entities]
    return {
        "policies": policies.version,
        "legal_entities": entities,
        "approved_sources": {entity: ports.wip.count_sources(entity) for entity in entities},
        "projects": dict(Counter(row["status"] for row in projects(ports))),
        "invoices": dict(Counter(row["status"] for row in invoices(ports))),
        "open_exceptions": dict(Counter(row["owner"] for row in exceptions(ports, status="open"))),
        "parked": parked(ports),
        "counts": ports.counts.read(),
    }
