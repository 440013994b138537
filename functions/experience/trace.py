"""The timeline of a thing by any id of any system: opportunity, contract, project, time entry, invoice number."""

from __future__ import annotations

from functools import partial
from typing import Any

from events.envelope import AnyEnvelope
from shared.domain.contract import Grouping
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.subject_named import Subject, subject_named


def trace(ports: Ports, any_id: str) -> dict[str, Any]:
    """{"id", "subjects": what it is, "events": oldest first}.

    Raises BusinessException("id_unknown"), or ("id_ambiguous") naming those that have this id: two stories are not one.
    """
    subjects = resolve(ports, any_id)
    if not subjects:
        raise BusinessException("id_unknown", id=any_id)
    found: dict[str, AnyEnvelope] = {}
    for subject in [key for key in subjects for key in with_related(ports, key)]:
        found |= {event.id: event for event in ports.event_log.of_subject(subject)}
        found |= {event.id: event for event in ports.event_log.of_correlation(subject)}
    events = sorted(found.values(), key=lambda event: (event.time, event.id))
    return {"id": any_id, "subjects": subjects, "events": [as_view(event) for event in events]}


def resolve(ports: Ports, any_id: str) -> list[str]:
    """The canonical id that this id means, in a list of its own."""
    found = subject_named(any_id, partial(known, ports), ports)
    return [found.our_id] if found else []


def known(ports: Ports, ours: str) -> Subject | None:
    """A record of ours, or that under which something happened; a reference may also stand for neither."""
    if entity := entity_of(ports, ours):
        return Subject(ours, entity)
    if events := ports.event_log.of_subject(ours) or ports.event_log.of_correlation(ours):
        return Subject(ours, events[0].legalentity)
    return Subject(ours, None) if ports.customers.find(ours) else None


def entity_of(ports: Ports, ours: str) -> str | None:
    """The legal entity of what has books of its own to be in."""
    found = ports.contracts.find(ours) or ports.projects.find(ours) or ports.wip.source(ours)
    if found is None and (invoice := ports.invoices.find(ours)):
        return invoice.group.legal_entity_id
    return found.legal_entity_id if found else None


def with_related(ports: Ports, subject: str) -> list[str]:
    """What else tells its story: a time entry's items and their invoices, a project's contract, the invoices on which a
    contract stands with others, which are told under the first of them."""
    related = [subject]
    if source := ports.wip.source(subject):
        for wip_id in filter(None, [source.wip_id]):
            related.append(wip_id)
            if invoice_id := ports.wip.get(wip_id).claimed_by:
                related.append(invoice_id)
    if project := ports.projects.find(subject):
        related.append(project.contract_id)
    return [*related, *(each for key in related for each in shared_invoices(ports, key))]


def shared_invoices(ports: Ports, contract_id: str) -> list[str]:
    contract = ports.contracts.find(contract_id)
    if contract is None or contract.grouping is not Grouping.CUSTOMER:
        return []
    every = ports.invoices.of_legal_entity(contract.legal_entity_id)
    return [each.invoice_id for each in every if each.shares and contract_id in each.contract_ids]


def as_view(event: AnyEnvelope) -> dict[str, Any]:
    return {
        "at": event.time.isoformat(),
        "type": event.type,
        "subject": event.subject,
        "source": event.source,
        "legal_entity": event.legalentity,
        "correlation_id": event.correlationid,
        "causation_id": event.causationid,
        "data": event.data.model_dump(mode="json") if hasattr(event.data, "model_dump") else event.data,
    }
