"""Is this item, entry or project billable, and if not, why: asked of the very grouping that a run uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from functions.experience.answers import Eligibility
from functions.processes.contract_of_day import contract_through
from functions.processes.time_to_bill.billed_together import open_together
from shared.domain.identity import ExternalRef
from shared.domain.project import Project
from shared.domain.source import Parked, SourceRecord
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.billing_cut import RunScope
from shared.usecases.group_wip import BILLABLE, BILLING_HOLD, PROJECT_NOT_ACTIVE
from shared.usecases.subject_named import Subject, subject_named


def eligibility(ports: Ports, any_id: str, through: date | None = None) -> Eligibility:
    """any_id: of an item, a time entry, expense, milestone or project, in any system. through: None: today where the
    legal entity is. Raises BusinessException("id_unknown") for what was never approved, or never reached us, and
    ("id_ambiguous") naming those that have this id.
    """
    found = subject_named(any_id, partial(known, ports), ports, also=parked_subjects(ports))
    ours = found.our_id if found else any_id
    if project := ports.projects.find(ours):
        return of_project(ports, any_id, project, through)
    if source := ports.wip.source(ours):
        return of_source(ports, any_id, source, through)
    if asleep := waiting(ports, any_id, ours, through):
        return asleep
    try:
        return of_item(ports, any_id, ports.wip.get(any_id), "item", through)
    except BusinessException as unknown:
        raise BusinessException("id_unknown", id=any_id) from unknown


def known(ports: Ports, ours: str) -> Subject | None:
    found = ports.projects.find(ours) or ports.wip.source(ours)
    return Subject(ours, found.legal_entity_id) if found else None


def of_project(ports: Ports, any_id: str, project: Project, through: date | None) -> Eligibility:
    reason = None if project.status in BILLABLE else PROJECT_NOT_ACTIVE
    reason = reason or (BILLING_HOLD if project.on_hold else None)
    return Eligibility(
        id=any_id,
        what="project",
        billable=reason is None,
        state="project",
        reason=reason,
        through=through or today(ports, project.legal_entity_id),
        contract_id=project.contract_id,
        project_id=project.project_id,
    )


def of_source(ports: Ports, any_id: str, source: SourceRecord, through: date | None) -> Eligibility:
    if source.wip_id:
        return of_item(ports, any_id, ports.wip.get(source.wip_id), "entry", through)
    return Eligibility(
        id=any_id,
        what="entry",
        billable=False,
        state="withdrawn",
        reason="withdrawn",
        through=through or today(ports, source.legal_entity_id),
        contract_id=source.contract_id,
        project_id=source.project_id,
    )


def of_item(ports: Ports, any_id: str, item: WipItem, what: str, through: date | None) -> Eligibility:
    day = through or today(ports, item.legal_entity_id)
    invoice = ports.invoices.find(item.claimed_by) if item.claimed_by else None
    reason = None if item.claimed_by else why_not(ports, item, day)
    return Eligibility(
        id=any_id,
        what="item" if what == "item" else "entry",
        billable=item.claimed_by is None and reason is None,
        state="invoiced" if item.claimed_by else "open",
        reason=reason,
        through=day,
        contract_id=item.contract_id,
        project_id=item.project_id,
        wip_id=item.wip_id,
        value=f"{item.value.amount:f}",
        currency=item.value.currency,
        invoice_id=item.claimed_by,
        invoice_status=invoice.status.value if invoice else None,
        erp_number=invoice.erp_number if invoice else None,
    )


def why_not(ports: Ports, item: WipItem, through: date) -> str | None:
    """None when a run through this day would bill it, with all that is open beside it. Asked dry: a run also cuts what
    crosses a cap and tells somebody."""
    contract, dry = contract_through(item.contract_id, through, ports), ports.dry()
    if not dry.projects.of_contract(contract.contract_id):
        return PROJECT_NOT_ACTIVE
    scope = RunScope(through, contract_id=contract.contract_id, interim=True)
    left = open_together(contract.contract_id, scope, dry)
    return next((each.reason for each in left if each.wip_id == item.wip_id), None)


def waiting(ports: Ports, any_id: str, ours: str, through: date | None) -> Eligibility | None:
    """Approved and delivered, but parked before it became an item."""
    for parked, told in deliveries(ports):
        if told["subject"] != ours:
            continue
        entity = next(iter(ports.policies.current().legal_entities)).legal_entity_id
        return Eligibility(
            id=any_id,
            what="entry",
            billable=False,
            state="waiting",
            reason=parked.reason,
            through=through or today(ports, entity),
            contract_id="",
            project_id="",
        )
    return None


def parked_subjects(ports: Ports) -> Iterator[tuple[ExternalRef, Subject]]:
    """What waits under an id of its own system: no record of ours refers to it yet."""
    for _, told in deliveries(ports):
        if ref := told["data"].get("ref"):
            named = ExternalRef(ref["system"], ref["kind"], ref["id"])
            yield named, Subject(told["subject"], told.get("legalentity"))


def deliveries(ports: Ports) -> Iterator[tuple[Parked, dict[str, Any]]]:
    for parked in ports.parking.all():
        yield parked, json.loads(parked.body)["detail"]


def today(ports: Ports, legal_entity_id: str) -> date:
    entity = ports.policies.current().legal_entity(legal_entity_id)
    if entity is None:
        raise BusinessException("legal_entity_unknown", legal_entity_id=legal_entity_id)
    return ports.clock.now().astimezone(ZoneInfo(entity.time_zone)).date()
