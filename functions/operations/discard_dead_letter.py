"""`billweave dlq discard`: a letter is given up for good, with reason and name. Its bytes are kept; a saga that waits for it
is told, and somebody owns what becomes of it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field

from functions.operations.dead_letters import QUEUE, act_of, close_unreadable, with_letter
from functions.operations.edit_dead_letter import digest
from functions.operations.letters import Kind, read_letter, text_of, token_of
from shared.domain.dead_letter import DeadLetter
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts


class DiscardDeadLetter(Input):
    letter_id: str
    by: str = Field(min_length=1)
    reason: str = Field(min_length=3)
    queue: str | None = Field(default=None, pattern=QUEUE)
    dry_run: bool = False


@process_step(DiscardDeadLetter, wire=AwsPorts.from_env)
def handler(command: DiscardDeadLetter, ports: Ports) -> dict[str, Any]:
    """Raises BusinessException("letter_unknown")."""
    answer: dict[str, Any] = {"letter_id": command.letter_id, "dry_run": command.dry_run}

    def one(letter: DeadLetter) -> bool:
        answer.update(place=letter.place, effect=effect_of(letter, ports), kept=key_of(letter))
        if command.dry_run:
            return False
        ports.documents.put(key_of(letter), letter.body.encode(), "text/plain")
        ports.audit_log.append(act_of(letter, "discarded", command.by, command.reason, ports, kept=key_of(letter)))
        tell_saga(letter, command, ports)
        close_unreadable(letter, command.by, ports)
        ports.counts.add("letters_discarded", place=letter.place)
        return True

    with_letter(command.letter_id, command.queue, ports, one)
    return answer


def key_of(letter: DeadLetter) -> str:
    return f"letters/{letter.letter_id}/{digest(letter.body)}"


def effect_of(letter: DeadLetter, ports: Ports) -> str:
    content = read_letter(letter, ports.dead_letters.origin(letter), ports.documents.get)
    if content.kind is Kind.COMMAND and token_of(text_of(letter)):
        return f"saga {content.execution} is told that {content.name} was given up: its exception branch opens one"
    if content.kind is Kind.EVENT and content.name.split(".")[0] in ("time", "expense", "milestone"):
        return f"{content.name} of {content.subject} will not be billed until its source changes it again"
    return "nothing else happens; its bytes are kept"


def tell_saga(letter: DeadLetter, command: DiscardDeadLetter, ports: Ports) -> None:
    """Under the name that every saga catches; a saga that is gone is no error."""
    if token := token_of(text_of(letter)):
        told = BusinessException("command_discarded", letter_id=letter.letter_id, by=command.by, reason=command.reason)
        ports.tasks.fail(token, type(told).__name__, json.dumps({"code": told.code, "facts": told.facts}))
