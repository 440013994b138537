"""What people decided: write-offs, billing holds, and the audit log that every decision is in."""

from __future__ import annotations

from typing import Any

from shared.domain.audit import AuditEntry
from shared.domain.hold import Hold, HoldLevel
from shared.domain.project import Project
from shared.ports.ports import Ports
from shared.usecases.verify_chain import verify_chain
from shared.usecases.view_write_off import view_write_off

NEWEST = 20


def write_offs(ports: Ports, *, legal_entity: str | None = None) -> list[dict[str, Any]]:
    """By legal entity, oldest first."""
    entities = [legal_entity] if legal_entity else [e.legal_entity_id for e in ports.policies.current().legal_entities]
    return [view_write_off(each) for entity in entities for each in ports.write_offs.of_legal_entity(entity)]


def holds(ports: Ports) -> list[dict[str, Any]]:
    """Ours, then those that delivery placed in the PSA."""
    theirs = [_of_delivery(project) for project in ports.projects.all() if project.on_hold]
    return [_view(hold, ports) for hold in ports.holds.all()] + theirs


def _view(hold: Hold, ports: Ports) -> dict[str, Any]:
    return {
        "level": hold.level.value,
        "subject": _name(hold, ports),
        "subject_id": hold.subject_id,
        "legal_entity": hold.legal_entity_id,
        "reason": hold.reason,
        "by": hold.by,
        "since": hold.at.isoformat(),
    }


def _name(hold: Hold, ports: Ports) -> str:
    if hold.level is HoldLevel.PROJECT:
        project = ports.projects.find(hold.subject_id)
        return project.name if project else ""
    if hold.level is HoldLevel.CONTRACT:
        contract = ports.contracts.find(hold.subject_id)
        return contract.reference or contract.project_name if contract else ""
    customer = ports.customers.find(hold.subject_id)
    return customer.name if customer else ""


def _of_delivery(project: Project) -> dict[str, Any]:
    return {
        "level": HoldLevel.PROJECT.value,
        "subject": project.name,
        "subject_id": project.project_id,
        "legal_entity": project.legal_entity_id,
        "reason": "held in the PSA",
        "by": "delivery",
        "since": None,
    }


def audit_log(ports: Ports, *, legal_entity: str | None = None) -> dict[str, Any]:
    """{"holds", "chains": per chain whether it is whole, "newest": the last entries of all}.

    legal_entity: one chain; else every legal entity's and the deployment's own, which has the customers' holds.
    """
    policies = ports.policies.current()
    every = [entity.legal_entity_id for entity in policies.legal_entities] + [policies.identity_scope]
    read = {
        chain: list(ports.audit_log.of_legal_entity(chain)) for chain in ([legal_entity] if legal_entity else every)
    }
    chains = [_chain(chain, entries, ports) for chain, entries in read.items()]
    newest = sorted((entry for entries in read.values() for entry in entries), key=lambda entry: entry.act.at)
    return {
        "holds": all(chain["holds"] for chain in chains),
        "chains": chains,
        "newest": [_entry(each) for each in reversed(newest[-NEWEST:])],
    }


def _chain(chain: str, entries: list[AuditEntry], ports: Ports) -> dict[str, Any]:
    """An act between the two reads may show as "head", gone the next time."""
    length, head = ports.audit_log.head(chain)
    broken = verify_chain(entries, length=length, head=head)
    return {
        "chain": chain,
        "entries": len(entries),
        "broken": broken.what if broken else "",
        "at_entry": broken.sequence if broken else None,
        "holds": broken is None,
    }


def _entry(entry: AuditEntry) -> dict[str, Any]:
    act = entry.act
    return {
        "chain": act.legal_entity_id,
        "sequence": entry.sequence,
        "at": act.at.isoformat(),
        "who": act.who,
        "what": act.what,
        "subject": act.subject,
        "why": act.why,
        "before": act.before,
        "after": act.after,
        "hash": entry.hash,
    }
