"""`billweave dlq list` and `show`: what was given up, where, since when; one letter whole, with what was tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import Field

from functions.operations.letter_route import place_of, route_of
from functions.operations.letters import read_letter, shown, text_of
from shared.domain.audit import Act
from shared.domain.dead_letter import Correction, DeadLetter
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.trouble import close_trouble
from shared.runtime.unreadable import UNREADABLE, subject_of
from shared.runtime.wiring import AwsPorts

MOST = 1000
"""Letters of one place that are looked through."""

QUEUE = r"^[a-z][a-z0-9-]{1,60}$"


class DeadLettersAsked(Input):
    """queue: its name, or a place's ("quarantine"); without it all. letter_id: one, whole."""

    queue: str | None = Field(default=None, pattern=QUEUE)
    letter_id: str | None = None
    most: int = Field(default=100, ge=1, le=MOST)
    by: str = "nobody"


@process_step(DeadLettersAsked, wire=AwsPorts.from_env)
def handler(command: DeadLettersAsked, ports: Ports) -> dict[str, Any]:
    """{"places", "letters"}, or one letter. Raises BusinessException("queue_unknown" | "letter_unknown")."""
    if command.letter_id:
        found: list[DeadLetter] = []
        with_letter(command.letter_id, command.queue, ports, kept_in(found))
        return whole(found[0], command.by, ports)
    places = [place_of(command.queue)] if command.queue else list(ports.dead_letters.places())
    waiting = {place: ports.dead_letters.waiting(place) for place in places}
    letters = {place: look(place, command.most, ports) for place, count in waiting.items() if count}
    return {
        "places": [summary(place, waiting[place], found, ports.clock.now()) for place, found in letters.items()],
        "letters": [view(letter, ports) for found in letters.values() for letter in found],
    }


def look(place: str, most: int, ports: Ports) -> list[DeadLetter]:
    """Oldest first; all of them stay."""
    found: list[DeadLetter] = []
    ports.dead_letters.walk(place, most, kept_in(found))
    return sorted(found, key=lambda letter: letter.sent_at)


def kept_in(found: list[DeadLetter]) -> Callable[[DeadLetter], bool]:
    """Looks only."""

    def keep(letter: DeadLetter) -> bool:
        found.append(letter)
        return False

    return keep


def with_letter(letter_id: str, queue: str | None, ports: Ports, act: Callable[[DeadLetter], bool]) -> None:
    """Shows `act` this letter, once, and deletes it where that answers True. Raises BusinessException("letter_unknown")."""
    found: list[str] = []

    def once(letter: DeadLetter) -> bool:
        if found or letter.letter_id != letter_id:
            return False
        found.append(letter.place)
        return act(letter)

    for place in [place_of(queue)] if queue else ports.dead_letters.places():
        if not found and (queue or ports.dead_letters.waiting(place)):
            ports.dead_letters.walk(place, MOST, once)
    if not found:
        raise BusinessException("letter_unknown", letter_id=letter_id, queue=queue or "any")


def summary(place: str, waiting: int, found: list[DeadLetter], now: datetime) -> dict[str, Any]:
    oldest = min((letter.sent_at for letter in found), default=None)
    return {
        "place": place,
        "waiting": waiting,
        "oldest_at": oldest.isoformat() if oldest else None,
        "age_hours": int((now - oldest).total_seconds() // 3600) if oldest else None,
    }


def view(letter: DeadLetter, ports: Ports) -> dict[str, Any]:
    content = read_letter(letter, ports.dead_letters.origin(letter), ports.documents.get)
    return {
        "letter_id": letter.letter_id,
        "place": letter.place,
        "kind": content.kind.value,
        "name": content.name,
        "subject": content.subject,
        "correlation_id": content.correlation_id,
        "legal_entity": content.legal_entity_id,
        "problem": content.problem,
        "sent_at": letter.sent_at.isoformat(),
        "receives": letter.receives,
    }


def whole(letter: DeadLetter, by: str, ports: Ports) -> dict[str, Any]:
    """Raw, but for a saga's token. tried: how often and since when; what the bus or the reader said when it gave up."""
    return view(letter, ports) | {
        "tried": {"receives": str(letter.receives), "since": letter.sent_at.isoformat()} | letter.told,
        "effect": route_of(letter, by, ports).effect,
        "lineage": [link(each) for each in lineage(letter.letter_id, ports)],
        "raw": shown(text_of(letter)),
    }


def lineage(letter_id: str, ports: Ports) -> list[Correction]:
    """Every edit from the first body to this one, oldest first."""
    edits: list[Correction] = []
    wanted: str | None = letter_id
    while wanted:
        known = {each.correction_id for each in edits}
        step = [c for c in ports.corrections.of(wanted) if c.new_id == wanted and c.correction_id not in known]
        edits = step + edits
        wanted = step[0].old_id if step else None
    return edits


def close_unreadable(letter: DeadLetter, by: str, ports: Ports) -> None:
    """The trouble about bytes nobody understood goes with their letter, whatever it was edited into."""
    if letter.place.removesuffix("-dlq") != "quarantine":
        return
    first = [f"payload:{edit.old_key.rpartition('/')[2]}" for edit in lineage(letter.letter_id, ports)]
    for subject in (subject_of(letter.body), *first):
        close_trouble(ports, subject, [UNREADABLE], by=by)


def link(edit: Correction) -> dict[str, str]:
    return {
        "old_id": edit.old_id,
        "new_id": edit.new_id,
        "old_key": edit.old_key,
        "new_key": edit.new_key,
        "by": edit.by,
        "why": edit.why,
        "at": edit.at.isoformat(),
    }


def act_of(letter: DeadLetter, what: str, by: str, why: str, ports: Ports, **after: str) -> Act:
    """One per letter, deed and time it was sent: a letter that comes again is acted on again."""
    content = read_letter(letter, ports.dead_letters.origin(letter), ports.documents.get)
    scope = ports.policies.current().identity_scope
    return Act(
        act_id=f"letter:{letter.letter_id}:{letter.sent_at.isoformat()}:{what}",
        legal_entity_id=content.legal_entity_id or scope,
        who=by,
        what=f"dead_letter.{what}",
        subject=content.subject or letter.letter_id,
        why=why,
        at=ports.clock.now(),
        before={"place": letter.place, "letter_id": letter.letter_id, "name": content.name},
        after=after,
    )
