"""The rate_cards feed: each set of rate cards whole, and the projects of ours that it prices.

Rates are few, and a project that points at another set moves no card: all of it is read each time, and a set is told when
its content differs from what was told last.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator

from events.envelope import AnyEnvelope
from functions.connectors.certinia.feed import LANE, record
from functions.connectors.certinia.mapping import UNREADABLE
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.query import rate_cards
from functions.connectors.certinia.rate_card import CardSet, rate_card_event
from functions.connectors.certinia.reading import Row
from functions.connectors.certinia.settings import SYSTEM
from functions.platforms.salesforce.ids import record_id

CURSOR = f"{SYSTEM}:rate_cards"
Told = dict[str, list[object]]
"""By set: [print of the content told last, its sequence]."""


def pull_rate_cards(ports: CertiniaPorts) -> None:
    cursor = dict(ports.cursors.read(CURSOR))
    told: Told = dict(cursor.get("told", {}))
    events = []
    for found in read_sets(ports):
        event = _changed(found, told, ports)
        if event is not None:
            events.append(event)
            told[record_id(found.row["Id"])] = [fingerprint(event), event.sequence]
    record("rate_cards", events, ports)
    if events:
        ports.cursors.write(CURSOR, {"told": told}, expected=cursor)


def _changed(found: CardSet, told: Told, ports: CertiniaPorts) -> AnyEnvelope | None:
    """The set as an event if it says something new. One that cannot be read is counted and stops no other."""
    content, sequence = told.get(record_id(found.row["Id"]), ["", 0])
    try:
        scope = ports.policies.current().identity_scope
        event = rate_card_event(found, scope, ports.psa, above=int(str(sequence)))
    except UNREADABLE:
        ports.raw.keep(SYSTEM, "rate_cards-unreadable", json.dumps(dict(found.row), default=str).encode())
        ports.counts.add("poison_received", feed="rate_cards", code="rate_card_unreadable")
        return None
    return event if fingerprint(event) != content else None


def fingerprint(event: AnyEnvelope) -> str:
    return hashlib.blake2s(event.data.model_dump_json().encode(), digest_size=16).hexdigest()


def read_sets(ports: CertiniaPorts) -> Iterator[CardSet]:
    found = ports.org.read_many(rate_cards(ports.psa), lane=LANE)
    cards, projects = _by_set(found["cards"]), _by_set(found["projects"])
    for row in found["sets"]:
        id_ = record_id(row["Id"])
        yield CardSet(row, tuple(cards[id_]), tuple(record_id(each["Id"]) for each in projects[id_]))


def _by_set(rows: list[dict[str, object]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[record_id(str(row["pse__Rate_Card_Set__c"]))].append(row)
    return found
