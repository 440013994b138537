"""rate_card.changed: keep the card, give it to its projects, free what waited for a rate, price open work anew, and plan
what the change would mean for work that is billed.
"""

from __future__ import annotations

from collections.abc import Sequence

from events.envelope import AnyEnvelope
from events.rate_card_changed.v1 import RateCardChanged
from functions.processes.from_events import rate_card_of, ref_of
from functions.processes.parking import release
from functions.processes.time_to_bill.plan_late_rates import plan_late_rates
from functions.processes.time_to_bill.rerate_open import rerate_open
from shared.domain.identity import ExternalRef
from shared.domain.source import Applied
from shared.faults import Transient
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.wiring import AwsPorts
from shared.usecases.rerate import changed_from


@event_consumer(RateCardChanged, wire=AwsPorts.from_env)
def handler(event: AnyEnvelope, ports: Ports) -> Applied:
    known = known_refs(event.data, ports)
    card = rate_card_of(event.data, str(event.sequence), known, recorded_at=ports.clock.now())
    applied = ports.rate_cards.save(card, sequence=event.sequence)
    projects = priced_projects(event.data, known)
    if applied is not Applied.STALE:
        for project_id in projects:
            ports.rate_cards.assign(card.rate_card_id, project_id)
            release(f"rate_card:{project_id}", ports)
    apply_change(card.rate_card_id, card.version, projects, ports)
    return applied


def apply_change(rate_card_id: str, version: str, projects: Sequence[str], ports: Ports) -> None:
    """What was valued under the version before this one, under the newest there is; repeated, it does nothing new.

    Also for a version that another overtook while its first delivery died half way. One that was never kept, the first
    one of all, and one that changes no price, such as a card given to one project more, ask nothing that was valued.
    """
    versions = ports.rate_cards.versions(rate_card_id)
    place = next((place for place, card in enumerate(versions) if card.version == version), 0)
    since = changed_from(versions[place - 1], versions[-1]) if place else None
    if since is None:
        return
    ids = {project.contract_id for each in projects if (project := ports.projects.find(each))}
    contracts = [contract for each in sorted(ids) if (contract := ports.contracts.find(each))]
    # The plan first: open work that a dead invocation leaves is priced anew by the next draft, a plan by nobody else.
    plan_late_rates(contracts, versions[place - 1], versions[-1], ports, since=since)
    for contract in contracts:
        rerate_open([item for item in ports.wip.open_of(contract.contract_id) if item.worked_on >= since], ports)


def known_refs(change: RateCardChanged, ports: Ports) -> dict[ExternalRef, str]:
    """Canonical ids of all that the card names. Raises Transient while one of them is being set up: it comes again."""
    refs = [ref_of(ref) for ref in change.project_refs]
    for rate in change.rates:
        refs += [ref_of(ref) for ref in (rate.project_ref, rate.contract_ref, rate.customer_ref) if ref]
    found = {ref: ports.references.canonical(ref) for ref in refs}
    missing = [ref.id for ref, canonical in found.items() if canonical is None]
    if missing:
        raise Transient("project_not_known_yet", projects=",".join(missing))
    return {ref: canonical for ref, canonical in found.items() if canonical}


def priced_projects(change: RateCardChanged, known: dict[ExternalRef, str]) -> list[str]:
    """The card's projects, and those that one of its rates is for; each once, in the order told."""
    refs = [*change.project_refs, *(rate.project_ref for rate in change.rates if rate.project_ref)]
    return list(dict.fromkeys(known[ref_of(ref)] for ref in refs))
