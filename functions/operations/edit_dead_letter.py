"""`billweave dlq edit`: a letter is put right against its schema. Old and new are kept and linked; the new one lies where
the old one lay, until another person gives it back."""

from __future__ import annotations

import difflib
import hashlib
import json
from typing import Any

from pydantic import Field

from functions.operations.dead_letters import QUEUE, act_of, with_letter
from functions.operations.letters import (
    Content,
    Kind,
    body_with,
    read_letter,
    read_text,
    shown,
    text_of,
    with_token_of,
)
from shared.domain.dead_letter import Correction, DeadLetter
from shared.domain.identity import derived_id
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts


class EditDeadLetter(Input):
    """text: the whole new text, as `show` gives it: a saga's token stays `(kept)`. dry_run: only says what would change."""

    letter_id: str
    text: str = Field(min_length=2, repr=False)
    by: str = Field(min_length=1)
    reason: str = Field(min_length=3)
    queue: str | None = Field(default=None, pattern=QUEUE)
    dry_run: bool = False


@process_step(EditDeadLetter, wire=AwsPorts.from_env)
def handler(command: EditDeadLetter, ports: Ports) -> dict[str, Any]:
    """Raises BusinessException("letter_unknown" | "edit_unreadable" | "edit_of_identity" | "edit_changes_nothing")."""
    answer: dict[str, Any] = {}

    def one(letter: DeadLetter) -> bool:
        text = with_token_of(text_of(letter), command.text)
        check(letter, text, ports)
        new_id = derived_id("letter", letter.letter_id, digest(text))
        difference = lines(shown(text_of(letter)), shown(text))
        answer.update(letter_id=new_id, old_id=letter.letter_id, place=letter.place, difference=difference)
        if command.dry_run:
            return False
        replace_letter(
            letter,
            DeadLetter(new_id, letter.place, body_with(letter, text), letter.sent_at, 0, letter.told),
            command,
            ports,
        )
        return True

    with_letter(command.letter_id, command.queue, ports, one)
    return answer | {"dry_run": command.dry_run}


def check(letter: DeadLetter, text: str, ports: Ports) -> None:
    """An edit puts contents right; which event or command it is, and whose saga waits, stays."""
    origin = ports.dead_letters.origin(letter)
    old = read_letter(letter, origin, ports.documents.get)
    new = read_text(text, letter.place, origin, ports.documents.get)
    if new.problem or new.kind is Kind.UNREADABLE:
        raise BusinessException("edit_unreadable", where=new.problem)
    if wrong := moved(old, new):
        raise BusinessException("edit_of_identity", fields=", ".join(wrong))
    if text == text_of(letter):
        raise BusinessException("edit_changes_nothing", letter_id=letter.letter_id)


def moved(old: Content, new: Content) -> list[str]:
    """Fields of the identity that would change; what was missing or unreadable before may be filled in."""
    if old.kind is Kind.UNREADABLE:
        return []
    if old.kind is not new.kind:
        return ["kind"]
    before = dict(old.fixed)
    return [name for name, value in new.fixed if before.get(name) not in (value, "None", "")]


def replace_letter(old: DeadLetter, new: DeadLetter, command: EditDeadLetter, ports: Ports) -> None:
    """Kept, linked, then sent; the old one is deleted last: a crash leaves both, and a repeat makes no third."""
    keys = [f"letters/{each.letter_id}/{digest(each.body)}" for each in (old, new)]
    for key, letter in zip(keys, (old, new), strict=True):
        ports.documents.put(key, letter.body.encode(), "text/plain")
    correction = Correction(
        correction_id=new.letter_id,
        old_id=old.letter_id,
        new_id=new.letter_id,
        old_key=keys[0],
        new_key=keys[1],
        by=command.by,
        why=command.reason,
        at=ports.clock.now(),
    )
    after = {"letter_id": new.letter_id, "old": keys[0], "new": keys[1]}
    act = act_of(old, f"edited:{new.letter_id}", command.by, command.reason, ports, **after)
    ports.corrections.add(correction, act)
    ports.dead_letters.send(new.place, new)


def lines(old: str, new: str) -> list[str]:
    """Line by line, "- " what goes, "+ " what comes."""
    told = difflib.ndiff(pretty(old), pretty(new))
    return [line for line in told if line[:1] in "+-"]


def pretty(text: str) -> list[str]:
    try:
        return json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False).splitlines()
    except (ValueError, RecursionError):
        return text.splitlines()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
