"""rate_card.changed: keep the card, give it to its projects, free what waited for a rate."""

from __future__ import annotations

from events.envelope import AnyEnvelope
from events.rate_card_changed.v1 import RateCardChanged
from functions.processes.from_events import rate_card_of, ref_of
from functions.processes.parking import release
from shared.domain.identity import ExternalRef
from shared.domain.source import Applied
from shared.faults import Transient
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.wiring import AwsPorts


@event_consumer(RateCardChanged, wire=AwsPorts.from_env)
def handler(event: AnyEnvelope, ports: Ports) -> Applied:
    projects = known_projects(event.data, ports)
    card = rate_card_of(event.data, str(event.sequence), projects)
    applied = ports.rate_cards.save(card, sequence=event.sequence)
    if applied is not Applied.STALE:
        for project_id in projects.values():
            ports.rate_cards.assign(card.rate_card_id, project_id)
            release(f"rate_card:{project_id}", ports)
    return applied


def known_projects(change: RateCardChanged, ports: Ports) -> dict[ExternalRef, str]:
    """Canonical ids of the card's projects. Raises Transient while one of them is still being set up: it comes again."""
    refs = [ref_of(ref) for ref in change.project_refs]
    refs += [ref_of(rate.project_ref) for rate in change.rates if rate.project_ref]
    known = {ref: ports.references.canonical(ref) for ref in refs}
    missing = [ref.id for ref, project_id in known.items() if project_id is None]
    if missing:
        raise Transient("project_not_known_yet", projects=",".join(missing))
    return {ref: project_id for ref, project_id in known.items() if project_id}
