"""A dead letter read as what it is: a command, an event, a message of ours, or bytes that nobody understands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.domain.dead_letter import DeadLetter
from shared.faults import BusinessException, Poison
from shared.runtime.event_consumer import read_event
from shared.runtime.reading import read_model, read_object

Document = Callable[[str], bytes]
TOKEN_KEPT = "(kept)"
"""Stands for a saga's task token wherever a letter is shown; where an edit has it, the old token is put back."""

_TOKEN = re.compile(r'("task_token"\s*:\s*")((?:[^"\\]|\\.)*)(")')
_LANES = ("-posting", "-reference", "-status")
_CALLS = ("operations-dlq", "outbox-stream-dlq", "history-stream-dlq")
_OUTBOX = ("outbox-parked", "outbox-parked-dlq")


class Kind(StrEnum):
    COMMAND = "command"
    EVENT = "event"
    MESSAGE = "message"
    CALL = "call"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Content:
    """name: the command or event type. problem: why nobody can take it as it is, "" if somebody can.

    fixed: what an edit may not change, as it stands.
    """

    kind: Kind
    name: str = ""
    subject: str = ""
    correlation_id: str = ""
    legal_entity_id: str = ""
    sequence: int = 0
    execution: str = ""
    problem: str = ""
    fixed: tuple[tuple[str, str], ...] = ()


def text_of(letter: DeadLetter) -> str:
    """What a person reads and edits: the body; of a parked event, the event in it."""
    if letter.place in _OUTBOX:
        told = _object(letter.body)
        if told and isinstance(told.get("body"), str):
            return str(told["body"])
    return letter.body


def body_with(letter: DeadLetter, text: str) -> str:
    """The body whose text this is."""
    if text_of(letter) is letter.body:
        return text
    return json.dumps({**json.loads(letter.body), "body": text})


def shown(text: str) -> str:
    """Raw, but for the saga's token."""
    return _TOKEN.sub(lambda found: f"{found[1]}{TOKEN_KEPT}{found[3]}", text)


def with_token_of(old: str, new: str) -> str:
    token = _TOKEN.search(old)
    if token is None:
        return new
    return _TOKEN.sub(lambda put: put[0] if put[2] != TOKEN_KEPT else f"{put[1]}{token[2]}{put[3]}", new)


def token_of(text: str) -> str | None:
    told = _object(text)
    token = told.get("task_token") if told else None
    return token if isinstance(token, str) and token else None


def read_letter(letter: DeadLetter, origin: str | None, document: Document) -> Content:
    """origin: the queue that a quarantined letter came from. document: fetches what was too large for the bus."""
    return read_text(text_of(letter), letter.place, origin, document)


def read_text(text: str, place: str, origin: str | None, document: Document) -> Content:
    if place in _CALLS:
        return Content(Kind.CALL, name=place.removesuffix("-dlq"))
    told = _object(text)
    if told is None:
        return Content(Kind.UNREADABLE, problem="it is no JSON object")
    if "detail" in told and "detail-type" in told:
        return _event(told, document)
    if "specversion" in told:
        return _event({"detail": told}, document)
    # Last, for a queue of events may be called as a lane is: "invoice-status".
    if "task_token" in told or (origin or place.removesuffix("-dlq")).endswith(_LANES):
        return _command(told)
    return Content(Kind.MESSAGE, correlation_id=str(told.get("correlation_id", "")))


def _command(told: dict[str, Any]) -> Content:
    from events.commands import COMMANDS, CommandMessage  # every model there is: only who reads a letter needs them

    fixed = tuple((name, str(told.get(name))) for name in ("command", "task_token", "correlation_id", "execution"))
    try:
        order = read_model(CommandMessage, told, "command_unreadable")
        problem = ""
        if order.command not in COMMANDS:
            problem = f"no command is called {order.command}"
        else:
            read_model(COMMANDS[order.command], order.payload, "command_unreadable")
    except Poison as poison:
        problem = poison.facts.get("where", poison.code)
    payload = told.get("payload")
    known = payload if isinstance(payload, dict) else {}
    subject = next((str(known[name]) for name in ("invoice_id", "project_id", "customer_id") if name in known), "")
    return Content(
        Kind.COMMAND,
        name=str(told.get("command", "")),
        subject=subject,
        correlation_id=str(told.get("correlation_id", "")),
        legal_entity_id=str(known.get("legal_entity_id", "")),
        execution=str(told.get("execution", "")),
        problem=problem,
        fixed=fixed,
    )


def _event(told: dict[str, Any], document: Document) -> Content:
    """Events of a vendor's partner bus are messages: their queue alone knows them."""
    detail = told["detail"]
    if not isinstance(detail, dict) or "specversion" not in detail:
        return Content(Kind.MESSAGE, name=str(told.get("detail-type", "")))
    from events.registry import PUBLISHED

    try:
        problem, sequence = "", read_event(json.dumps(told), PUBLISHED, document).sequence
    except (Poison, BusinessException) as fault:
        problem, sequence = fault.facts.get("where", fault.code), 0
    return Content(
        Kind.EVENT,
        name=str(detail.get("type", "")),
        subject=str(detail.get("subject", "")),
        correlation_id=str(detail.get("correlationid", "")),
        legal_entity_id=str(detail.get("legalentity", "")),
        sequence=sequence,
        problem=problem,
        fixed=tuple((name, str(detail.get(name))) for name in ("id", "type", "subject", "sequence")),
    )


def _object(text: str) -> dict[str, Any] | None:
    try:
        return read_object(text, "letter_unreadable")
    except Poison:
        return None
