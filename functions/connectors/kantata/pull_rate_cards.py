"""The rate_cards feed: each rate card whole, with every dated version, and the projects of ours that it prices.

Rate cards are few, and a changed rate need not move the card's own change time: all of it is read each time, and a card
is told when its content differs from what was told last. Source: docs/connectors/kantata.md, "Rate cards".
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator

from events.envelope import AnyEnvelope
from functions.connectors.kantata.client import Row
from functions.connectors.kantata.feed import LANE, record
from functions.connectors.kantata.mapping import UNREADABLE
from functions.connectors.kantata.ours import OURS, our_project_id
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.rate_card import Card, Version, rate_card_event
from functions.connectors.kantata.settings import SYSTEM

CURSOR = f"{SYSTEM}:rate_cards"
Told = dict[str, list[object]]
"""By card: [print of the content told last, its sequence]."""


def pull_rate_cards(ports: KantataPorts) -> None:
    cursor = dict(ports.cursors.read(CURSOR))
    told: Told = dict(cursor.get("told", {}))
    events = []
    for card in read_cards(ports):
        event = _changed(card, told, ports)
        if event is not None:
            events.append(event)
            told[str(card.row["id"])] = [fingerprint(event), event.sequence]
    record("rate_cards", events, ports)
    if events:
        ports.cursors.write(CURSOR, {"told": told}, expected=cursor)


def _changed(card: Card, told: Told, ports: KantataPorts) -> AnyEnvelope | None:
    """The card as an event if it says something new. One that cannot be read is counted and stops no other."""
    content, sequence = told.get(str(card.row["id"]), ["", 0])
    try:
        event = rate_card_event(card, ports.policies.current().identity_scope, above=int(str(sequence)))
    except UNREADABLE:
        ports.raw.keep(SYSTEM, "rate_cards-unreadable", json.dumps(dict(card.row), default=str).encode())
        ports.counts.add("poison_received", feed="rate_cards", code="rate_card_unreadable")
        return None
    return event if fingerprint(event) != content else None


def fingerprint(event: AnyEnvelope) -> str:
    return hashlib.blake2s(event.data.model_dump_json().encode(), digest_size=16).hexdigest()


def read_cards(ports: KantataPorts) -> Iterator[Card]:
    """Four lists, joined: a side-loaded object does not show its own associations, so each list is asked for them."""
    rates: dict[str, list[Row]] = defaultdict(list)
    names: dict[str, str] = {}
    for row, page in ports.kantata.every("/rate_card_roles", {"include": "role,rate_card_version"}, lane=LANE):
        rates[str(row.get("rate_card_version_id"))].append(row)
        role = page.side("roles", row.get("role_id"))
        names[str(row.get("role_id"))] = str(role.get("name") or row.get("role_id"))
    versions: dict[str, list[Version]] = defaultdict(list)
    for row, page in ports.kantata.every(
        "/rate_card_versions", {"include": "rate_card,rate_card_set_version"}, lane=LANE
    ):
        in_set = page.side("rate_card_set_versions", row.get("rate_card_set_version_id"))
        version = Version(row, in_set, tuple(rates[str(row["id"])]), names)
        versions[str(row.get("rate_card_id"))].append(version)
    priced = _priced(ports)
    for row, page in ports.kantata.every("/rate_cards", {"include": "rate_card_set"}, lane=LANE):
        id_ = str(row["id"])
        card_set = page.side("rate_card_sets", row.get("rate_card_set_id"))
        title = str(row.get("rate_card_set_title") or row.get("title") or card_set.get("title") or f"Rate card {id_}")
        yield Card(row, title, tuple(versions[id_]), tuple(sorted(priced[id_], key=int)))


def _priced(ports: KantataPorts) -> dict[str, list[str]]:
    """Ids of our projects, by the rate card that prices them."""
    found: dict[str, list[str]] = defaultdict(list)
    sides = {"include": "external_references,rate_card"}
    for workspace, page in ports.kantata.every("/workspaces", {**OURS, **sides}, lane=LANE):
        if our_project_id(workspace, page) is not None and workspace.get("rate_card_id") is not None:
            found[str(workspace["rate_card_id"])].append(str(workspace["id"]))
    return found
